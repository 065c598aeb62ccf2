package main

import "fmt"

func main() {
	var n int
	fmt.Scan(&n)
	fmt.Println(n * (n - 1) / 2)
	for i := 0; i < 1000; i++ {
		fmt.Println("and another thing")
	}
}
