package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"ravine/cli"
)

// The exit statuses that --help promises.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusInterrupted = 130
)

// asProgram, in the environment, makes the test binary the program itself, for
// what can only be seen from another process.
const asProgram = "RAVINE_TEST_AS_PROGRAM"

// TestMain runs the tests in the module's directory, from where README's command
// lines are typed.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	if _, err := os.Stat("go.mod"); err != nil { // a process that the tests start is there
		if err := os.Chdir(".."); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// program returns the command that runs ravine in a process of its own.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self, args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	return command
}

// ravine runs one command line in this process.
func ravine(args ...string) (stdout, stderr string, status int) {
	var out, errors bytes.Buffer
	status = cli.Main(args, &out, &errors)
	return out.String(), errors.String(), status
}

// succeed is ravine for command lines that are right.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, status := ravine(args...)
	if status != statusDone || stderr != "" {
		t.Fatalf("ravine %q: status %d: %s", args, status, stderr)
	}
	return stdout
}

func TestHelp(t *testing.T) {
	for command, flags := range map[string][]string{
		"play": {"(default no limit)"},
		"":     {"run", "list", "play", "--problem", "--opt", "--start", "--seed", "--steps", "--rules", "--tol"},
		"run":  {"--problem", "--opt", "--start", "--seed", "--steps", "--pace", "--rules", "updates a lane, from 1", "--tol", "--format", "--every", "--out"},
		"list": {"optimizers", "problems"},
	} {
		help := succeed(t, append(strings.Fields(command), "--help")...)
		for _, flag := range flags {
			if !strings.Contains(help, flag) {
				t.Errorf("ravine %s --help does not name %s", command, flag)
			}
		}
	}
}
