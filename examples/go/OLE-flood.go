package main

import (
	"bufio"
	"os"
	"strings"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	line := strings.Repeat("7", 1023) + "\n"
	for {
		if _, err := out.WriteString(line); err != nil {
			return
		}
	}
}
