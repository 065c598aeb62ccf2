# What a program in R can try, as escapes.c does for C: an error, a warning, or what is not TRUE, is `contained`.
wanted <- readLines(file("stdin"), 1)
attempt <- NULL
ATTACK <- function(class, name, tried) if (name == wanted) attempt <<- substitute(tried)
runs <- function(command) system(paste("(", command, ") </dev/null >/dev/null 2>&1")) == 0

ATTACK("network", "tcp", isOpen(socketConnection("93.184.215.14", 80, timeout = 1)))
ATTACK("network", "names", nchar(nsl("example.com")) > 0)
ATTACK("network", "listen", inherits(serverSocket(28374), "connection"))
ATTACK("other processes", "environment of the runner", length(readBin("/proc/1/environ", "raw", 1)) == 1)
ATTACK("privileges", "a setuid program", runs("su -c true"))
ATTACK("files", "the root", file.create("/x"))
ATTACK("files", "the root by another program", runs("touch /x"))
ATTACK("files", "what every R reads", isOpen(file(file.path(R.home("etc"), "Rprofile.site"), "a")))
ATTACK("code", "run in the working directory", file.copy("/bin/true", "/app/work/copy") && Sys.chmod("/app/work/copy", "755") && runs("/app/work/copy"))
ATTACK("code", "a library in the working directory", file.copy(Sys.glob("/lib/*/libm.so.6"), "/app/work/x.so") && is.list(unclass(dyn.load("/app/work/x.so"))))
ATTACK("what is kept secret", "in the environment", any(grepl("KEY|TOKEN|SECRET|PASS|AMQP|DOCKER", names(Sys.getenv()), ignore.case = TRUE)))
ATTACK("what is kept secret", "answers on the disk", length(list.files(c("/app", "/tmp", "/dev/shm", "/home", "/root", "/var/tmp"), "[.]ans$", recursive = TRUE)) > 0)

if (is.null(attempt)) quit(status = 3)
through <- tryCatch(eval(attempt), error = function(error) FALSE, warning = function(warning) FALSE)
cat(if (isTRUE(through)) paste("through:", wanted) else "contained", "\n", sep = "")
