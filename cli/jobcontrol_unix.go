//go:build unix

package cli

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

// fatalSignals are those at which Go's runtime writes what every goroutine does,
// and ends the program. The last three come here only from other processes.
func fatalSignals() []os.Signal {
	return []os.Signal{unix.SIGQUIT, unix.SIGABRT, unix.SIGILL, unix.SIGTRAP, unix.SIGSYS, unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE}
}

// raise sends the program itself a signal.
func raise(signal os.Signal) {
	if number, ok := signal.(unix.Signal); ok {
		_ = unix.Kill(os.Getpid(), number) // a process may always do that
	}
}
