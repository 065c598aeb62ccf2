proc add {a b} {
    return [expr {$a + $b}]

puts [add 3 4]
