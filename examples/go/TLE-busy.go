package main

import "fmt"

func main() {
	turns := uint64(0)
	for turns+1 != 0 {
		turns++
	}
	fmt.Println(turns)
}
