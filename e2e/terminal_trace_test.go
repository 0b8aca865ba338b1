//go:build linux

package e2e_test

import (
	"strings"
	"syscall"
	"testing"
)

// TestTerminalTrace: a signal at which Go's runtime writes a trace of all
// goroutines finds the terminal given back, whatever the program does.
func TestTerminalTrace(t *testing.T) {
	for _, test := range []struct {
		name   string
		s      session
		signal syscall.Signal
		before func(*terminal)
		says   []string
	}{
		{"SIGQUIT", session{}, syscall.SIGQUIT, nil, []string{"SIGQUIT: quit"}},
		{"SIGABRT", session{}, syscall.SIGABRT, nil, []string{"SIGABRT: abort"}},
		{"SIGSEGV from outside", session{}, syscall.SIGSEGV, nil, []string{"SIGSEGV: segmentation violation"}},
		{"SIGQUIT, no shell", session{alone: true}, syscall.SIGQUIT, nil, []string{"SIGQUIT: quit"}},
		{"SIGQUIT, asleep", session{}, syscall.SIGQUIT, func(x *terminal) { x.pause(); x.settle() }, []string{"SIGQUIT: quit"}},
		{"SIGQUIT, suspended", session{}, syscall.SIGQUIT, func(x *terminal) { x.press("\x1a"); x.await("ctrl+z", x.stopped) }, []string{"SIGQUIT: quit"}},
		{"SIGQUIT, hanging", session{fault: "hang"}, syscall.SIGQUIT, func(x *terminal) { x.press("!"); x.settle() }, []string{"SIGQUIT: quit", "faultyModel).Update"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := playing(t, test.s)
			if test.before != nil {
				test.before(x)
			}
			suspended := x.stopped()
			x.signal(test.signal)
			if suspended {
				x.resume()
			}
			const ofTrace = 2
			if status := x.status(); status != ofTrace {
				t.Errorf("status %d, want %d", status, ofTrace)
			}
			x.givenBack("after$ ")
			told := x.output()[strings.LastIndex(x.output(), "\x1b[?1049l"):]
			for _, part := range append(test.says, "\ngoroutine 1 ", "bubbletea/v2.(*Program)") {
				if !strings.Contains(told, part) {
					t.Errorf("after it left the screen it did not tell %q: %q", part, told)
				}
			}
		})
	}
}
