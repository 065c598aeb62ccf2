# check.tcl FILE: refuses a script with an unclosed brace, bracket or quote. Tcl itself finds that only when it runs.
set file [lindex $argv 0]
set channel [open $file]
fconfigure $channel -encoding utf-8
set text [read $channel]
if {![info complete "$text\n"]} {
    puts stderr "$file: a brace, bracket or quote is not closed"
    exit 1
}
