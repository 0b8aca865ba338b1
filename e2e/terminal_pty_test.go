//go:build linux

package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/sys/unix"
)

// patience is how long a test waits for what ought to come at once.
const patience = time.Minute

// prompt is what the terminal shows before the program starts.
const prompt = "prompt$ "

// A terminal is a pseudo-terminal of 120×36 with a program in it, what came out
// of it, and an emulator that shows it.
type terminal struct {
	t             *testing.T
	master, slave *os.File
	process       *exec.Cmd
	pid           int // of the program
	before        term.State
	exited        chan struct{}

	mu     sync.Mutex
	raw    []byte
	fed    int // what the emulator has of raw
	screen vt10x.Terminal
	mute   bool
	asked  int // what answers were looked for in of raw
}

// session says what to open in a terminal.
type session struct {
	binary string // another program than this one; with alone
	args   []string
	env    []string // beside the usual, which it overrides
	fault  string   // where the program is to panic
	stdin  *os.File // nil for the terminal
	mute   bool     // the terminal answers no question
	alone  bool     // no shell with job control around the program, as in xterm -e

	detached bool // the terminal is not the one that controls the program
}

// open starts the program in a terminal.
func open(t *testing.T, s session) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal here:", err)
	}
	x := &terminal{t: t, master: pollable(t, master), slave: slave, mute: s.mute, exited: make(chan struct{})}
	x.screen = vt10x.New(vt10x.WithSize(120, 36))
	x.resize(120, 36)
	t.Cleanup(x.close)
	x.before = x.termios()
	go x.read()
	if _, err := slave.WriteString(prompt); err != nil {
		t.Fatal(err)
	}
	x.start(s)
	return x
}

// pollable returns the file with reads that end when it is closed, which those of
// pty.Open's do not.
func pollable(t *testing.T, file *os.File) *os.File {
	t.Helper()
	descriptor, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = syscall.SetNonblock(descriptor, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return os.NewFile(uintptr(descriptor), file.Name())
}

// start runs the program as a session of its own on the terminal.
func (x *terminal) start(s session) {
	x.t.Helper()
	command := program(x.t, s.args...)
	if s.binary != "" {
		command.Path, command.Args[0] = s.binary, s.binary
	}
	job := asProgram + "=1"
	if s.fault != "" {
		command.Args = append([]string{command.Path, "-test.run=^TestHelperProcess$", "--"}, s.args...)
		job = terminalRole + "=" + s.fault
	}
	home := x.t.TempDir()
	command.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_CONFIG_HOME=" + home,
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"GORACE=atexit_sleep_ms=0", // else the race detector's second hides how long it takes to end
	}, s.env...)
	if s.alone {
		command.Env = append(command.Env, job)
	} else {
		command.Args = append([]string{command.Path, "-test.run=^TestHelperProcess$", "--"}, command.Args...)
		command.Args[3] = command.Path
		command.Env = append(command.Env, terminalRole+"=shell", shellJob+"="+job)
	}
	command.Stdin, command.Stdout, command.Stderr = x.slave, x.slave, x.slave
	if s.stdin != nil {
		command.Stdin = s.stdin
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: !s.detached, Ctty: 1}
	x.launch(command, s.alone)
}

// launch starts the command and learns the program's pid.
func (x *terminal) launch(command *exec.Cmd, alone bool) {
	x.t.Helper()
	pids, pid, err := os.Pipe()
	if err != nil {
		x.t.Fatal(err)
	}
	defer pids.Close()
	command.ExtraFiles = []*os.File{pid}
	err = command.Start()
	pid.Close()
	if err != nil {
		x.t.Fatal(err)
	}
	x.process, x.pid = command, command.Process.Pid
	go func() {
		_ = command.Wait() // the status is in ProcessState
		close(x.exited)
	}()
	if alone {
		return
	}
	line, err := bufio.NewReader(pids).ReadString('\n')
	if err != nil {
		x.t.Fatalf("the shell did not start: %v\n%s", err, x.output())
	}
	if x.pid, err = strconv.Atoi(strings.TrimSpace(line)); err != nil {
		x.t.Fatal(err)
	}
}

// close ends whatever still runs.
func (x *terminal) close() {
	if x.process != nil {
		select {
		case <-x.exited:
		default:
			_ = syscall.Kill(x.pid, syscall.SIGKILL)
			_ = x.process.Process.Kill()
			<-x.exited
		}
	}
	x.slave.Close()
	x.master.Close()
}

// questions are what a program asks a terminal at its start, and what a capable
// one answers: synchronized output and grapheme widths are there and off, no
// keyboard protocol is on, the background is dark.
var questions = []struct{ ask, answer string }{
	{"\x1b[?2026$p", "\x1b[?2026;2$y"},
	{"\x1b[?2027$p", "\x1b[?2027;2$y"},
	{"\x1b[?u", "\x1b[?0u"},
	{"\x1b]11;?\a", "\x1b]11;rgb:1111/1111/1111\x1b\\"},
}

// read takes what the program writes, until the terminal is closed.
func (x *terminal) read() {
	chunk := make([]byte, 1<<16)
	for {
		n, err := x.master.Read(chunk)
		x.mu.Lock()
		x.raw = append(x.raw, chunk[:n]...)
		x.feed()
		answers := x.answers()
		x.mu.Unlock()
		if _, werr := x.master.WriteString(answers); err != nil || werr != nil {
			return
		}
	}
}

// answers returns what the terminal says to the questions that came. Questions
// come at the start, whole.
func (x *terminal) answers() (text string) {
	recent := string(x.raw[x.asked:])
	x.asked = len(x.raw)
	for _, question := range questions {
		if !x.mute && strings.Contains(recent, question.ask) {
			text += question.answer
		}
	}
	return text
}

// feed gives the emulator what it understands: whole sequences, and not those
// with a private prefix, whose final letter it takes for an older one's.
func (x *terminal) feed() {
	whole := x.raw[:wholeRunes(x.raw)]
	for x.fed < len(whole) {
		sequence, _, n, state := ansi.DecodeSequence(whole[x.fed:], ansi.NormalState, nil)
		if x.fed+n == len(whole) && state != ansi.NormalState {
			return
		}
		x.fed += n
		if !foreign.Match(sequence) {
			_, _ = x.screen.Write(sequence)
		}
	}
}

// wholeRunes returns the length of text without a rune cut short at its end.
func wholeRunes(text []byte) int {
	for n := 1; n <= min(utf8.UTFMax, len(text)); n++ {
		if end := len(text) - n; utf8.RuneStart(text[end]) {
			if !utf8.FullRune(text[end:]) {
				return end
			}
			break
		}
	}
	return len(text)
}

var foreign = regexp.MustCompile(`^\x1b\[([<=>]|\?[0-9;]*([^hl0-9;]|\$))`)

// await waits until the condition holds.
func (x *terminal) await(what string, holds func() bool) {
	x.t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			x.t.Fatalf("%s: not within %v; the screen:\n%s", what, patience, x.text())
		}
	}
}

// text returns what is on the screen.
func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

// output returns all that came out of the terminal so far.
func (x *terminal) output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.raw)
}

// size returns how much came out of the terminal so far.
func (x *terminal) size() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.raw)
}

var stepOnScreen = regexp.MustCompile(`· step (\d+) ·`)

// step returns the step on the screen, or -1.
func (x *terminal) step() int {
	found := stepOnScreen.FindStringSubmatch(x.text())
	if found == nil || !x.altScreen() {
		return -1
	}
	step, err := strconv.Atoi(found[1])
	if err != nil {
		x.t.Error(err)
	}
	return step
}

// moves waits until the race is past the step now on the screen.
func (x *terminal) moves() {
	x.t.Helper()
	from := x.step()
	x.await(fmt.Sprintf("the race moves on from step %d", from), func() bool { return x.step() > from })
}

func (x *terminal) altScreen() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.Mode()&vt10x.ModeAltScreen != 0
}

// press sends what keys send.
func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := x.master.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// signal sends the program a signal.
func (x *terminal) signal(signal syscall.Signal) {
	x.t.Helper()
	if err := syscall.Kill(x.pid, signal); err != nil {
		x.t.Fatal(err)
	}
}

// resize makes the terminal another size; the kernel tells the program. Like
// termios it asks the slave: to take the master's descriptor would make reading it
// block for good.
func (x *terminal) resize(width, height int) {
	x.t.Helper()
	x.mu.Lock()
	x.screen.Resize(width, height)
	x.mu.Unlock()
	if err := pty.Setsize(x.slave, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		x.t.Fatal(err)
	}
}

// termios returns the line discipline's settings.
func (x *terminal) termios() term.State {
	x.t.Helper()
	state, err := term.GetState(x.slave.Fd())
	if err != nil {
		x.t.Fatal(err)
	}
	return *state
}

// status waits until the program has ended and returns its exit status.
func (x *terminal) status() int {
	x.t.Helper()
	x.await("the program ends", func() bool {
		select {
		case <-x.exited:
			return true
		default:
			return false
		}
	})
	return x.process.ProcessState.ExitCode()
}

// processFields returns the fields of the program's /proc/PID/stat from its
// state on, which are those that proc(5) counts from 3.
func (x *terminal) processFields() ([]string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", x.pid))
	if err != nil {
		return nil, err
	}
	_, fields, ok := strings.Cut(string(stat), ") ")
	if !ok {
		return nil, errors.New("/proc/PID/stat has no name in it")
	}
	return strings.Fields(fields), nil
}

// stopped reports whether the program is stopped, as ctrl+z stops it.
func (x *terminal) stopped() bool {
	fields, err := x.processFields()
	return err == nil && fields[0] == "T"
}
