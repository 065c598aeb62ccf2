package main

import "fmt"

func main() {
	var a, b int64
	fmt.Scan(&a, &b)
	g := gcd(a, b)
	fmt.Println(g, a/g*b)
}
