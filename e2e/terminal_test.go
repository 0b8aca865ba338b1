//go:build linux

package e2e_test

import (
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
)

// playing opens a terminal and waits until the race moves in it.
func playing(t *testing.T, s session) *terminal {
	t.Helper()
	x := open(t, s)
	x.await("the first picture", func() bool { return x.step() >= 0 })
	x.moves()
	return x
}

// pause waits until the race is paused; a key still on its way when the program
// ends would be echoed.
func (x *terminal) pause() {
	x.t.Helper()
	x.press(" ")
	x.await("pause", func() bool { return strings.Contains(x.text(), "paused at step") })
}

// TestTerminalOpens: the race moves within a second of the first picture, in a
// terminal that knows what a capable one does and in one that answers nothing.
func TestTerminalOpens(t *testing.T) {
	for name, s := range map[string]session{"capable": {}, "mute": {mute: true}} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			x := open(t, s)
			x.await("the first picture", func() bool { return x.step() >= 0 })
			opened := time.Now()
			x.await("the race moves", func() bool { return x.step() > 0 })
			if moved := time.Since(opened); moved > time.Second {
				t.Errorf("the race moved %v after the first picture, want a second at most", moved)
			}
			t.Logf("first picture after %v, first move %v later", opened.Sub(begin), time.Since(opened))
			if title := x.modes().title; title != "ravine" {
				t.Errorf("the window's title is %q", title)
			}
			for _, mode := range []string{"1049", "1002", "1006", "2004"} {
				if !x.modes().on[mode] {
					t.Errorf("mode %s is off in the playground", mode)
				}
			}
			if x.modes().on[cursorMode] {
				t.Error("the cursor is shown in the playground")
			}
			for _, text := range []string{"loss over x, y", "loss over updates", "Adam", "RMSprop", "run / pause"} {
				if !strings.Contains(x.text(), text) {
					t.Errorf("no %q in the picture:\n%s", text, x.text())
				}
			}
		})
	}
}

// cursorMode is the mode that shows the cursor, on until it is put off.
const cursorMode = "25"

// modes are what a program may change in a terminal.
type modes struct {
	on        map[string]bool // private modes
	keyboards int             // kitty keyboard protocols on the stack
	otherKeys bool            // xterm's modifyOtherKeys
	title     string
	pen       bool // the last rendition is not the default
}

var (
	modeSequence     = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)
	keyboardSequence = regexp.MustCompile(`\x1b\[([<>])[0-9;]*u`)
	otherSequence    = regexp.MustCompile(`\x1b\[>4(?:;([0-9]))?m`)
	titleSequence    = regexp.MustCompile(`\x1b\][02];([^\a\x1b]*)(?:\a|\x1b\\)`)
	penSequence      = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)
)

// modes returns what the output so far has made of the terminal.
func (x *terminal) modes() modes {
	output := x.output()
	m := modes{on: map[string]bool{cursorMode: true}}
	for _, found := range modeSequence.FindAllStringSubmatch(output, -1) {
		for mode := range strings.SplitSeq(found[1], ";") {
			m.on[mode] = found[2] == "h"
		}
	}
	for _, found := range keyboardSequence.FindAllStringSubmatch(output, -1) {
		if found[1] == ">" {
			m.keyboards++
		} else {
			m.keyboards = max(0, m.keyboards-1)
		}
	}
	for _, found := range otherSequence.FindAllStringSubmatch(output, -1) {
		m.otherKeys = found[1] != "" && found[1] != "0"
	}
	for _, found := range titleSequence.FindAllStringSubmatch(output, -1) {
		m.title = found[1]
	}
	for _, found := range penSequence.FindAllStringSubmatch(output, -1) {
		m.pen = found[1] != "" && found[1] != "0"
	}
	return m
}

// givenBack checks that modes and settings are as they were before the program,
// once the shell has written that.
func (x *terminal) givenBack(then string) {
	x.t.Helper()
	if _, err := x.slave.WriteString(then); err != nil {
		x.t.Fatal(err)
	}
	x.await("all that was written comes out", func() bool { return strings.HasSuffix(x.output(), then) })
	now := x.modes()
	for mode, on := range now.on {
		if on != (mode == cursorMode) {
			x.t.Errorf("mode %s is left %v", mode, on)
		}
	}
	if now.keyboards != 0 || now.otherKeys {
		x.t.Errorf("%d keyboard protocols are left, modifyOtherKeys %v", now.keyboards, now.otherKeys)
	}
	if now.title != "" {
		x.t.Errorf("the title is left as %q", now.title)
	}
	if now.pen {
		x.t.Error("a colour or an attribute is left on")
	}
	if x.termios() != x.before {
		x.t.Errorf("the line settings are left as\n%+v, were\n%+v", x.termios(), x.before)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.screen.Mode()&vt10x.ModeAltScreen != 0 || !x.screen.CursorVisible() {
		x.t.Error("the emulator is left in the alternate screen or without a cursor")
	}
}

// shows checks that this is all there is on the screen.
func (x *terminal) shows(text string) {
	x.t.Helper()
	if screen := strings.TrimSpace(x.text()); screen != strings.TrimSpace(text) {
		x.t.Errorf("on the screen is\n%s\nwant\n%s", screen, text)
	}
}

// TestTerminalIsGivenBack: whatever ends the playground, the terminal is as it
// was, and nothing but a fault is told of.
func TestTerminalIsGivenBack(t *testing.T) {
	keys := func(keys string) func(*terminal) {
		return func(x *terminal) { x.press(keys) }
	}
	signal := func(signal syscall.Signal) func(*terminal) {
		return func(x *terminal) { x.signal(signal) }
	}
	for _, test := range []struct {
		name   string
		s      session
		end    func(*terminal)
		status int
	}{
		{"q", session{}, keys("q"), statusDone},
		{"ctrl+c", session{}, keys("\x03"), statusDone},
		{"q, paused", session{}, keys(" q"), statusDone},
		{"q, mute", session{mute: true}, keys("q"), statusDone},
		{"q, no shell", session{alone: true}, keys("q"), statusDone},
		{"SIGINT", session{}, signal(syscall.SIGINT), statusInterrupted},
		{"SIGTERM", session{}, signal(syscall.SIGTERM), statusDone},
		{"SIGHUP", session{}, signal(syscall.SIGHUP), statusDone},
		{"SIGTERM, paused", session{}, func(x *terminal) { x.pause(); x.signal(syscall.SIGTERM) }, statusDone},
		{"panic in Update", session{fault: "update"}, keys("!"), statusFailed},
		{"panic in View", session{fault: "view"}, keys("!"), statusFailed},
		{"panic in a command", session{fault: "command"}, keys("!"), statusFailed},
		{"nil in Update", session{fault: "nil"}, keys("!"), statusFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := playing(t, test.s)
			test.end(x)
			if status := x.status(); status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			x.givenBack("after$ ")
			if test.s.fault == "" {
				x.shows(prompt + "after$ ")
				return
			}
			_, told, _ := strings.Cut(x.output(), "\x1b[?1049l")
			if !strings.Contains(told, "ravine: the playground ended: ") {
				t.Errorf("after it left the screen it told only %q", told)
			}
			// Bubble Tea tells of a fault in a command from a goroutine, which the end
			// of the program may overtake.
			says := fault + test.s.fault
			if test.s.fault == "nil" {
				says = "nil pointer dereference"
			}
			if test.s.fault != "command" && !strings.Contains(told, says) {
				t.Errorf("after it left the screen it did not tell of the fault: %q", told)
			}
		})
	}
}

// TestTerminalIsClosed: a window that is closed takes the program with it.
func TestTerminalIsClosed(t *testing.T) {
	for name, keys := range map[string]string{"running": "", "paused": " ", "asleep": " "} {
		t.Run(name, func(t *testing.T) {
			x := playing(t, session{alone: true})
			x.press(keys)
			if name == "asleep" {
				x.settle()
			}
			if err := x.master.Close(); err != nil {
				t.Fatal(err)
			}
			x.status()
		})
	}
}

// TestTerminalResize: another size is drawn at once and the race goes on, also
// after a size in which there is no room for it.
func TestTerminalResize(t *testing.T) {
	x := playing(t, session{})
	for _, size := range []struct {
		width, height int
		fits          bool
	}{
		{80, 24, true}, {200, 50, true}, {40, 10, false}, {60, 20, true}, {120, 36, true},
	} {
		step := x.step()
		x.resize(size.width, size.height)
		if !size.fits {
			x.await("the size that is needed", func() bool { return strings.Contains(x.text(), "ravine needs 60×20, this is 40×10") })
			continue
		}
		x.await("a picture of the new size", func() bool { return x.fills(size.width, size.height) })
		x.moves()
		if x.step() < step {
			t.Errorf("at %d×%d the race is at step %d, and was at step %d", size.width, size.height, x.step(), step)
		}
	}
	x.press("q")
	if status := x.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
}

// fills reports whether the frames of the panels reach the sides of the screen
// and a footer its last line.
func (x *terminal) fills(width, height int) bool {
	lines := strings.Split(strings.TrimRight(x.text(), "\n"), "\n")
	if len(lines) != height || !strings.Contains(lines[height-1], "run / pause") {
		return false
	}
	for _, line := range lines {
		runes := []rune(strings.TrimRight(line, " "))
		if len(runes) == width && runes[width-1] == '╮' {
			return true
		}
	}
	return false
}

// TestNoInput: without a terminal to read keys from there is one line that says
// so, and nothing is drawn.
func TestNoInput(t *testing.T) {
	x := open(t, session{stdin: null(t), alone: true, detached: true})
	if status := x.status(); status != statusFailed {
		t.Errorf("status %d, want %d", status, statusFailed)
	}
	x.givenBack("after$ ")
	told := strings.TrimSuffix(strings.TrimPrefix(x.output(), prompt), "after$ ")
	if !strings.HasPrefix(told, "ravine: the playground needs a terminal to read keys from: ") || strings.Count(told, "\n") != 1 || !strings.Contains(told, "tty") {
		t.Errorf("it told %q", told)
	}
}

func null(t *testing.T) *os.File {
	t.Helper()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// TestInputElsewhere: where the standard input is not the terminal, the keys
// still are those of the terminal.
func TestInputElsewhere(t *testing.T) {
	piped, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer piped.Close()
	if _, err := io.WriteString(writer, "qqq"); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	for name, stdin := range map[string]*os.File{"null": null(t), "pipe": piped} {
		t.Run(name, func(t *testing.T) {
			x := playing(t, session{stdin: stdin})
			x.press("q")
			if status := x.status(); status != statusDone {
				t.Errorf("status %d", status)
			}
			x.givenBack("after$ ")
			x.shows(prompt + "after$ ")
		})
	}
}
