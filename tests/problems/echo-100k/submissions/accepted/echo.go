package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	in := bufio.NewReader(os.Stdin)
	line, _ := in.ReadString('\n')
	n, _ := strconv.Atoi(strings.TrimSpace(line))
	for i := 0; i < n; i++ {
		line, _ = in.ReadString('\n')
		x, _ := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		fmt.Println(x + 1)
	}
}
