# Two words joined, not two numbers added.
gets stdin line
puts [join $line ""]
