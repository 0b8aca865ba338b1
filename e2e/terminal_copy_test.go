//go:build linux

package e2e_test

import (
	"encoding/base64"
	"os"
	"regexp"
	"strings"
	"testing"

	"ravine/race"
)

var clipboard = regexp.MustCompile(`\x1b\]52;c;([^\a\x1b]*)`)

// copies presses y and returns the command line that is copied, the first of the
// program's.
func (x *terminal) copies() string {
	x.t.Helper()
	x.press("y")
	x.await("the clipboard", func() bool { return clipboard.MatchString(x.output()) })
	text, err := base64.StdEncoding.DecodeString(clipboard.FindStringSubmatch(x.output())[1])
	if err != nil {
		x.t.Fatal(err)
	}
	return string(text)
}

// TestCopiedCommandStarts: what y copies opens the same in the same terminal.
func TestCopiedCommandStarts(t *testing.T) {
	x := playing(t, session{args: []string{"--problem", "ravine:kappa=7"}})
	x.pause()
	step := x.step()
	text := x.copies()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	flags, ok := strings.CutPrefix(text, race.Command(program)+" ")
	if !ok {
		t.Fatalf("copied %s, want a call of %s", text, program)
	}
	again := open(t, session{args: strings.Fields(flags)})
	again.await("the step that was on screen", func() bool { return again.step() == step })
	if !strings.Contains(again.text(), "κ=7") {
		t.Errorf("another problem:\n%s", again.text())
	}
}
