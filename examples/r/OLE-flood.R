line <- paste0(strrep("7", 1023), "\n")
repeat cat(line)
