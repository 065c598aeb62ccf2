{ sum += $1 }
END { printf "%d %d\n", NR, sum }
