proc busy {} {
    set turns 0
    while {$turns >= 0} {
        set turns [expr {($turns + 1) % 1000003}]
    }
    return $turns
}
puts [busy]
