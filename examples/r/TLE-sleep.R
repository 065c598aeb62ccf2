Sys.sleep(60)
cat("7\n")
