# Two words joined, not two numbers added.
cat(scan(file("stdin"), what = "", quiet = TRUE), "\n", sep = "")
