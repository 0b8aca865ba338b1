//go:build linux

package e2e_test

import (
	"syscall"
	"testing"
)

// suspended opens a terminal, lets the race move and stops the program by
// ctrl+z.
func suspended(t *testing.T) *terminal {
	t.Helper()
	x := playing(t, session{})
	x.press("\x1a")
	x.await("ctrl+z stops the program", x.stopped)
	x.givenBack("stopped$ ")
	x.shows(prompt + "stopped$ ")
	return x
}

// resume does what fg does.
func (x *terminal) resume() {
	x.t.Helper()
	if err := syscall.Kill(-x.pid, syscall.SIGCONT); err != nil {
		x.t.Fatal(err)
	}
}

// TestSuspend: ctrl+z gives the terminal back and fg brings the race, where it
// was, as often as one likes.
func TestSuspend(t *testing.T) {
	x := playing(t, session{})
	shown := prompt
	for range 3 {
		step := x.step()
		x.press("\x1a")
		x.await("ctrl+z stops the program", x.stopped)
		x.givenBack("stopped$ ")
		shown += "stopped$ "
		x.shows(shown)
		x.resume()
		x.await("fg brings the picture", func() bool { return x.fills(120, 36) })
		if x.step() < step {
			t.Errorf("fg brings step %d, it was at %d", x.step(), step)
		}
		x.moves()
		if now := x.modes(); !now.on["1049"] || !now.on["1002"] || !now.on["2004"] || now.on[cursorMode] || now.title != "ravine" {
			t.Errorf("fg brings %+v", now)
		}
	}
	x.press("q")
	if status := x.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
	x.givenBack("after$ ")
	x.shows(shown + "after$ ")
}

// TestSuspendedResize: a size that changed meanwhile is found on coming back.
func TestSuspendedResize(t *testing.T) {
	x := suspended(t)
	x.resize(80, 24)
	x.resume()
	x.await("a picture of the new size", func() bool { return x.fills(80, 24) })
	x.moves()
}

// TestSuspendedEnds: a signal that comes while the program is stopped ends it
// once it goes on; shells send both.
func TestSuspendedEnds(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			x := suspended(t)
			x.signal(signal)
			x.resume()
			x.status()
			x.givenBack("after$ ")
		})
	}
}

// TestSuspendWithoutShell: where no shell could bring the program back, as in
// xterm -e ravine, ctrl+z stops nothing and the race goes on.
func TestSuspendWithoutShell(t *testing.T) {
	x := playing(t, session{alone: true})
	x.press("\x1a")
	x.moves()
	x.press("q")
	if status := x.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
}
