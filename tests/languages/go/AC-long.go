package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	count, sum := 0, 0
	for lines.Scan() {
		number, _ := strconv.Atoi(lines.Text())
		count++
		sum += number
	}
	fmt.Println(count, sum)
}
