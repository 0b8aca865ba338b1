//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// jobControl reports whether a parent in the same session, a shell, can bring
// the program back once it is stopped: in POSIX's words, whether its process
// group is not orphaned.
func jobControl() bool {
	parent := os.Getppid()
	session, err := unix.Getsid(parent)
	if err != nil {
		return false
	}
	own, err := unix.Getsid(0)
	if err != nil || session != own {
		return false
	}
	group, err := unix.Getpgid(parent)
	return err == nil && group != unix.Getpgrp()
}
