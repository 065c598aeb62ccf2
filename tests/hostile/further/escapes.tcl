# What a program in Tcl can try, as escapes.c does for C: an error, or what is false, is `contained`.
gets stdin wanted
set attempt {}
proc ATTACK {class name tried} { if {$name eq $::wanted} { set ::attempt $tried } }

ATTACK "network" "tcp" { socket 93.184.215.14 80 }
ATTACK "network" "names" { exec getent hosts example.com }
ATTACK "network" "listen" { socket -server accept -myaddr 127.0.0.1 0 }
ATTACK "other processes" "environment of the runner" { string length [read [open /proc/1/environ rb]] }
ATTACK "privileges" "a setuid program" { exec su -c true </dev/null; set done 1 }
ATTACK "files" "the root" { open /x w }
ATTACK "files" "the root by another program" { exec touch /x; set done 1 }
ATTACK "files" "library of Tcl" { open [info library]/init.tcl a }
ATTACK "code" "run in the working directory" { file copy /bin/true /app/work/copy; exec /app/work/copy; set done 1 }
ATTACK "code" "a library in the working directory" { file copy [lindex [glob /lib/*/libm.so.6] 0] /app/work/x.so; catch { load /app/work/x.so } said; string match "*undefined symbol*" $said }
ATTACK "what is kept secret" "in the environment" { regexp -nocase {KEY|TOKEN|SECRET|PASS|AMQP|DOCKER} [array names env] }

if {$attempt eq {}} { exit 3 }
if {![catch $attempt said] && $said ni {0 {}}} { puts "through: $wanted" } else { puts "contained" }
