package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	var key string
	fmt.Scan(&key)
	found := "missing"
	table, _ := os.ReadFile("table.txt")
	for _, line := range strings.Split(string(table), "\n") {
		if value, ok := strings.CutPrefix(line, key+" "); ok {
			found = value
		}
	}
	fmt.Println(found)
	for _, arg := range os.Args[1:] {
		fmt.Printf("[%s]\n", arg)
	}
}
