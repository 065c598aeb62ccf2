package main

import "fmt"

func main() {
	var n int
	fmt.Scan(&n)
	var sum int64
	for i := 0; i < n; i++ {
		var x int64
		fmt.Scan(&x)
		sum += x
	}
	fmt.Println(sum)
}
