package main

import "fmt"

func main() {
	fmt.Println("a parenthesis is missing"
}
