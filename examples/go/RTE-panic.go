package main

import (
	"fmt"
	"os"
)

func main() {
	values := []int{1, 2, 3}
	fmt.Println(values[len(os.Args)+2])
}
