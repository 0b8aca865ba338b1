//go:build linux

package e2e_test

import (
	"encoding/base64"
	"os"
	"os/exec"
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

// TestCopiedFormulaRuns: a loss, a rule and schedules that were typed, and stepped by
// keys, are copied whole, for a shell to read, and run to the same numbers.
func TestCopiedFormulaRuns(t *testing.T) {
	rule := "rule:step=m<-beta1*m+(1-beta1)*g; theta<-theta-eta*max(m, nu*g),"
	x := playing(t, session{args: []string{"--problem", "formula:J=(a-x)^2 + b*|y-x^2|^1.5,a=1,b=10,start=[-1,2]",
		"--opt", rule + "eta=cosine(0.01, 0.001, 40),nu=0.5", "--opt", "adam"}})
	x.pause()
	x.press("C")
	x.await("the next constant", func() bool { return strings.Contains(x.text(), "a=1.25") })
	x.press("E")
	x.await("the next schedule", func() bool { return strings.Contains(x.text(), "1.25*(cosine(0.01, 0.001, 40))") })
	text, _, _ := strings.Cut(x.copies(), " --at")
	shell := exec.Command("sh", "-c", strings.Replace(text, " --problem", " run --steps 50 --problem", 1))
	shell.Env = program(t).Env
	got, err := shell.Output()
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	want := succeed(t, "run", "--steps", "50", "--problem", "formula:J=(a-x)^2+b*|y-x^2|^1.5,start=[-1,2],b=10,a=1.25",
		"--opt", rule+"β₁=0.9,ν=0.5,η=1.25*cosine(0.01,0.001,40)", "--opt", "adam:eta=0.08")
	if string(got) != want {
		t.Errorf("%s runs to other numbers:\n%s", text, got)
	}
}
