turns <- 0
while (turns >= 0) turns <- (turns + 1) %% 1000003
cat(turns, "\n")
