set line [string repeat 7 1023]
while 1 {
    puts $line
}
