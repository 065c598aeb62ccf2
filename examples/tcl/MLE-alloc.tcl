set kilobyte [string repeat x 1024]
for {set i 0} {$i < 2048} {incr i} {
    # Filled, because only memory that is touched is memory in use.
    lappend blocks [string repeat $kilobyte 1024]
}
puts [llength $blocks]
