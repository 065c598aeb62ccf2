// Acts out a script; see actor.c.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func number(text string, otherwise int) int {
	if text == "" {
		return otherwise
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		os.Exit(98)
	}
	return value
}

func used() int64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func main() {
	script := os.Args[1]
	if len(os.Args) > 2 {
		text, _ := os.ReadFile(script)
		script = string(text)
	}
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	for _, word := range strings.Fields(script) {
		op, arg, _ := strings.Cut(word, "=")
		switch op {
		case "say":
			fmt.Fprintln(out, arg)
			out.Flush()
		case "mutter":
			fmt.Fprintln(out, arg)
		case "flood":
			for i := number(arg, 1<<60); i > 0; i-- {
				out.WriteString(strings.Repeat("x", 1023) + "\n")
			}
			out.Flush()
		case "hear":
			in.ReadString('\n')
		case "want":
			text, code, _ := strings.Cut(arg, ":")
			line, _ := in.ReadString('\n')
			if line != text+"\n" {
				out.Flush()
				os.Exit(number(code, 98))
			}
		case "eof":
			io.Copy(io.Discard, in)
		case "nap":
			time.Sleep(time.Duration(number(arg, 600000)) * time.Millisecond)
		case "spin":
			for end := used() + int64(number(arg, 600000))*1000000; used() < end; {
			}
		case "hush":
			os.Stdout.Close()
		case "deaf":
			os.Stdin.Close()
		case "bomb":
			var held [][]byte
			for {
				block := make([]byte, 1<<20)
				for i := range block {
					block[i] = 1
				}
				held = append(held, block)
			}
		case "crash":
			panic("crash")
		case "kill":
			syscall.Kill(os.Getpid(), syscall.Signal(number(arg, 9)))
		case "exit":
			out.Flush()
			os.Exit(number(arg, 98))
		default:
			os.Exit(98)
		}
	}
	os.Exit(97)
}
