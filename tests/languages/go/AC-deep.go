package main

import "fmt"

//go:noinline
func down(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + down(n-1)
}

func main() {
	var depth int
	fmt.Scan(&depth)
	fmt.Println(down(depth))
}
