package tui

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/teatest/v2"
	"github.com/hinshun/vt10x"

	"ravine/keymap"
)

// watched is a running program and all that it has written. Frames are diffs, so
// only the screen that all of them make can be looked at.
type watched struct {
	*teatest.TestModel
	written       bytes.Buffer
	width, height int
}

// replay reads what was written before and then what comes.
type replay struct {
	before []byte
	coming io.Reader
}

func (r *replay) Read(to []byte) (int, error) {
	if len(r.before) == 0 {
		return r.coming.Read(to)
	}
	n := copy(to, r.before)
	r.before = r.before[n:]
	return n, nil
}

// waitFor reads on until the screen has a text that matches.
func (w *watched) waitFor(t *testing.T, pattern string) {
	t.Helper()
	text := regexp.MustCompile(pattern)
	output := &replay{bytes.Clone(w.written.Bytes()), io.TeeReader(w.Output(), &w.written)}
	teatest.WaitFor(t, output, func(all []byte) bool {
		terminal := vt10x.New(vt10x.WithSize(w.width, w.height))
		terminal.Write(bytes.ReplaceAll(all, []byte("\n"), []byte("\r\n"))) // as a terminal that is not raw does
		return text.MatchString(terminal.String())
	}, teatest.WithDuration(30*time.Second), teatest.WithCheckInterval(50*time.Millisecond))
}

// TestProgram runs the whole program loop: it starts, the race moves, keys do
// what they say, and q ends it.
func TestProgram(t *testing.T) {
	m, err := New(Options{Race: playRace(t, "ravine"), Keys: keymap.Default(), Background: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	program := &watched{width: 100, height: 30, TestModel: teatest.NewTestModel(t, m, teatest.WithInitialTermSize(100, 30),
		teatest.WithProgramOptions(tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.ANSI256)))}
	program.waitFor(t, `slides · step ([3-9]|\d\d)`)
	program.Send(keyPress("space"))
	program.waitFor(t, "paused at step")
	program.Send(keyPress("j"))
	program.waitFor(t, "Momentum selected")
	program.Send(keyPress("q"))
	final := program.FinalModel(t, teatest.WithFinalTimeout(10*time.Second)).(*Model)
	if final.runner.Step() < 3 || final.Running {
		t.Errorf("ended at step %d, running %v", final.runner.Step(), final.Running)
	}
	if _, err := io.Copy(&program.written, program.Output()); err != nil {
		t.Fatal(err)
	}
	for _, sequence := range []string{"\x1b[?1049h", "\x1b[?1049l", "\x1b[?1002h", "\x1b[?1002l", "\x1b[?25l", "\x1b[?25h"} {
		if !strings.Contains(program.written.String(), sequence) {
			t.Errorf("the program never wrote %q", sequence)
		}
	}
}
