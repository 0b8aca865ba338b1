//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestReadmeCommands runs every command line of the README, from where it is read.
func TestReadmeCommands(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(readme); strings.Index(text, "`go build`") > strings.Index(text, "\n./ravine ") || strings.Contains(text, "\nravine ") {
		t.Error("the README calls a program that it has not taught to build")
	}
	lines := regexp.MustCompile(`(?m)^\./ravine (.*)$`).FindAllStringSubmatch(string(readme), -1)
	if len(lines) < 9 {
		t.Errorf("%d command lines", len(lines))
	}
	for _, line := range lines {
		t.Run(line[1], func(t *testing.T) {
			args := shellWords(line[1])
			switch args[0] {
			case "run", "sweep", "list":
				if stdout, stderr, status := ravine(args...); status != statusDone || stdout == "" {
					t.Errorf("status %d: %s", status, stderr)
				}
			case "serve":
				serves(t, append(args, "--listen", "127.0.0.1:0", "--host-key", filepath.Join(t.TempDir(), "key")))
			default:
				x := open(t, session{args: args})
				x.await("the first picture", func() bool { return x.step() >= 0 })
				x.press("q")
				if status := x.status(); status != statusDone {
					t.Errorf("status %d", status)
				}
			}
		})
	}
}

// shellWords splits a line as a shell does, as far as single quotes go.
func shellWords(line string) (args []string) {
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		args = append(args, strings.Trim(word, "'"))
	}
	return args
}

// serves checks that a server starts and says how to connect.
func serves(t *testing.T, args []string) {
	t.Helper()
	var said written
	command := program(t, args...)
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Process.Kill()
	waitFor(t, "the greeting", func() bool { return sshLine.MatchString(said.String()) })
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("%v: %s", err, said.String())
	}
}

// TestRunNamesParameters: at a terminal run says what the columns are called;
// elsewhere the header is the same for every problem and nothing is added.
func TestRunNamesParameters(t *testing.T) {
	args := words("run --problem regression:file=examples/houses.csv,x=area+rooms,y=price --opt gd:eta=0 --steps 1")
	x := open(t, session{args: args, alone: true})
	if status := x.status(); status != statusDone {
		t.Errorf("status %d", status)
	}
	x.givenBack("after$ ")
	const note = "note: theta_0 is area, theta_1 is rooms, theta_2 is intercept"
	for _, want := range []string{"grad_norm,theta_0,theta_1,theta_2\r\n", "\n" + note + "\r\n"} {
		if !strings.Contains(x.output(), want) {
			t.Errorf("no %q in\n%s", want, x.output())
		}
	}
	if text := succeed(t, args...); strings.Contains(text, "note") {
		t.Errorf("a note in\n%s", text)
	}
	if text := succeed(t, append(args, "--format", "json")...); !regexp.MustCompile(`"parameters": \[\s*"area",\s*"rooms",\s*"intercept"\s*\]`).MatchString(text) {
		t.Errorf("no names in\n%s", text)
	}
}
