proc total {} {
    set count 0
    set sum 0
    while {[gets stdin line] >= 0} {
        incr count
        incr sum $line
    }
    return "$count $sum"
}
puts [total]
