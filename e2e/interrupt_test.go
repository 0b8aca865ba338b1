package e2e_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waitFor polls until it holds; the test fails if that takes too long.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("%s never came", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// interrupted sends a running command a signal, and checks that it ends at once and
// quietly, with nothing left in the directory.
func interrupted(t *testing.T, command *exec.Cmd, by os.Signal, directory string, output *bytes.Buffer) {
	t.Helper()
	pressed := time.Now()
	if err := command.Process.Signal(by); err != nil {
		t.Fatal(err)
	}
	err := command.Wait()
	took := time.Since(pressed)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != statusInterrupted {
		t.Errorf("ended with %v, want status %d", err, statusInterrupted)
	}
	if took > 2*time.Second { // 0.1 s are promised; the rest is for a busy machine
		t.Errorf("ended after %v", took)
	}
	if left := names(t, directory); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if output.Len() != 0 {
		t.Errorf("said %q", output.String())
	}
	t.Logf("ended %v after the signal", took)
}

// TestInterrupt stops runs in their middle that would last for hours.
func TestInterrupt(t *testing.T) {
	for _, test := range []struct {
		format string
		signal os.Signal
	}{{"csv", os.Interrupt}, {"json", os.Interrupt}, {"csv", syscall.SIGTERM}, {"csv", syscall.SIGHUP}} {
		t.Run(test.format+" "+test.signal.String(), func(t *testing.T) {
			if signal.Ignored(test.signal) {
				t.Skip("ignored by whoever started the tests")
			}
			directory := t.TempDir()
			var output bytes.Buffer
			command := program(t, "run", "--steps", "1000000000", "--every", "1000", "--tol", "0",
				"--format", test.format, "--out", filepath.Join(directory, "race."+test.format))
			command.Stdout, command.Stderr = &output, &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			defer command.Process.Kill() // where the test fails before the process ends
			waitFor(t, "the temporary file", func() bool { return len(names(t, directory)) > 0 })
			interrupted(t, command, test.signal, directory, &output)
		})
	}
}

func TestPlayWithoutATerminal(t *testing.T) {
	for _, args := range [][]string{{}, {"play"}} {
		command := program(t, args...)
		var stdout, stderr bytes.Buffer
		command.Stdout, command.Stderr = &stdout, &stderr
		err := command.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != statusFailed {
			t.Errorf("%q ended with %v, want status %d", args, err, statusFailed)
		}
		if text := stderr.String(); stdout.Len() != 0 || strings.Count(text, "\n") != 1 || !strings.Contains(text, "terminal") {
			t.Errorf("%q: stdout %q, stderr %q", args, stdout.String(), text)
		}
	}
}
