puts $nothing
