package main

import (
	"fmt"
	"time"
)

func main() {
	time.Sleep(time.Minute)
	fmt.Println(7)
}
