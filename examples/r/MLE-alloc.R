blocks <- list()
# Filled, because only memory that is touched is memory in use.
for (i in 1:2048) blocks[[i]] <- numeric(131072) + i
cat(length(blocks), "\n")
