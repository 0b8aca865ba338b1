//go:build linux

package e2e_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/cli"
	"ravine/keymap"
	"ravine/race"
	"ravine/tui"
)

// terminalRole, in the environment, makes TestHelperProcess play a part in a
// process of its own; shellJob is what the shell sets for its job.
const (
	terminalRole = "RAVINE_TERMINAL_ROLE"
	shellJob     = "RAVINE_TERMINAL_JOB"
)

// TestHelperProcess is no test: it is what the terminal tests start.
func TestHelperProcess(t *testing.T) {
	switch role := os.Getenv(terminalRole); role {
	case "":
	case "shell":
		os.Exit(shell())
	default:
		os.Exit(faulty(role))
	}
}

// shell does what a shell with job control does for a program in the
// foreground: it gives it a process group of its own and the terminal. Only so
// can the program be stopped: the kernel drops SIGTSTP where nobody could
// continue the process. The pid goes to file descriptor 3, the status out.
func shell() int {
	syscall.CloseOnExec(3)
	job := exec.Command(flag.Arg(0), flag.Args()[1:]...)
	job.Env = append(slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, terminalRole+"=")
	}), os.Getenv(shellJob))
	job.Stdin, job.Stdout, job.Stderr = os.Stdin, os.Stdout, os.Stderr
	job.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: 1}
	if err := job.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "shell:", err)
		return 127
	}
	fmt.Fprintln(os.NewFile(3, "pid"), job.Process.Pid)
	var exit *exec.ExitError
	if err := job.Wait(); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, "shell:", err)
		return 127
	}
	if status := job.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return job.ProcessState.ExitCode()
}

// faulty plays with a model that panics or hangs when the key ! is pressed, as
// the role says.
func faulty(where string) int {
	model, err := tui.New(tui.Options{Race: race.Default(), Keys: keymap.Default()})
	if err == nil {
		err = cli.Play(&faultyModel{Model: model, where: where})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ravine:", err)
		return statusFailed
	}
	return statusDone
}

const fault = "a fault in the "

// faultyModel is the real model with a fault in it.
type faultyModel struct {
	*tui.Model
	where string
	now   bool
}

func (m *faultyModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "!" {
		switch m.where {
		case "update":
			panic(fault + m.where)
		case "nil":
			m.Model = nil
		case "hang":
			select {}
		case "command":
			return m, func() tea.Msg { panic(fault + m.where) }
		}
		m.now = true
	}
	_, command := m.Model.Update(msg)
	return m, command
}

func (m *faultyModel) View() tea.View {
	if m.now {
		panic(fault + m.where)
	}
	return m.Model.View()
}
