interp recursionlimit {} 1000000
proc down n {
    if {$n == 0} { return 0 }
    return [expr {1 + [down [expr {$n - 1}]]}]
}
puts [down [gets stdin]]
