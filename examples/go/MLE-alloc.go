package main

import (
	"bytes"
	"fmt"
)

func main() {
	var blocks [][]byte
	for len(blocks) < 2048 {
		// Filled, because only memory that is touched is memory in use.
		blocks = append(blocks, bytes.Repeat([]byte("x"), 1<<20))
	}
	fmt.Println(len(blocks))
}
