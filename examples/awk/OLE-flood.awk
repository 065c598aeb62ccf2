BEGIN {
    line = sprintf("%01023d", 7)
    while (1) print line
}
