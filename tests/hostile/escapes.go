// What a program in Go can try, as escapes.c does for C: an error is `contained`.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

var wanted string
var found func() error

// ATTACK remembers the wanted one.
func ATTACK(class, name string, attempt func() error) {
	if name == wanted {
		found = attempt
	}
}

func open(path string, flags int) error { _, err := os.OpenFile(path, flags, 0600); return err }

func main() {
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	wanted = strings.TrimSpace(line)
	ATTACK("network", "tcp", func() error { _, err := net.DialTimeout("tcp", "93.184.215.14:80", time.Second); return err })
	ATTACK("network", "names", func() error { _, err := net.LookupHost("example.com"); return err })
	ATTACK("network", "listen", func() error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err })
	ATTACK("sockets", "the engine", func() error { _, err := net.Dial("unix", "/var/run/docker.sock"); return err })
	ATTACK("other processes", "trace the runner", func() error { return syscall.PtraceAttach(1) })
	ATTACK("other processes", "environment of the runner", func() error { _, err := os.ReadFile("/proc/1/environ"); return err })
	ATTACK("privileges", "root by call", func() error { return syscall.Setuid(0) })
	ATTACK("namespaces", "a child in its own", func() error {
		child := exec.Command("/bin/true")
		child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS}
		return child.Run()
	})
	ATTACK("mounts", "a file system in memory", func() error { return syscall.Mount("none", "/tmp", "tmpfs", 0, "") })
	ATTACK("files", "the root", func() error { return open("/x", os.O_CREATE|os.O_WRONLY) })
	ATTACK("files", "the running program", func() error { return open("/proc/self/exe", os.O_WRONLY) })
	ATTACK("code", "run in the working directory", func() error {
		bytes, _ := os.ReadFile("/bin/true")
		os.WriteFile("/app/work/copy", bytes, 0755)
		return exec.Command("/app/work/copy").Run()
	})
	ATTACK("what stays", "marks on /tmp", func() error { return syscall.Setxattr("/tmp", "user.mark", []byte("1"), 0) })
	if found == nil {
		panic(errors.New("no such attack"))
	}
	if found() == nil {
		fmt.Println("through: " + wanted)
	} else {
		fmt.Println("contained")
	}
}
