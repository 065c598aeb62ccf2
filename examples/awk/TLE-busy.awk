BEGIN {
    while (turns >= 0) turns = (turns + 1) % 1000003
    print turns
}
