numbers <- scan(file("stdin"), quiet = TRUE)
cat(sprintf("%d %.0f\n", length(numbers), sum(numbers)))
