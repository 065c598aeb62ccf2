# Fifty times a fiftieth: R takes kilobytes for a call.
options(expressions = 500000)
down <- function(n) if (n == 0) 0 else 1 + down(n - 1)
depth <- scan(file("stdin"), quiet = TRUE)
cat(format(sum(sapply(1:50, function(i) down(depth / 50))), scientific = FALSE), "\n", sep = "")
