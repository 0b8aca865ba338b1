package serve

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
	gossh "golang.org/x/crypto/ssh"
)

// person is a client with a terminal that is looked at.
type person struct {
	client  *gossh.Client
	session *gossh.Session
	keys    io.WriteCloser
	over    chan struct{} // closed when the output has ended

	mu       sync.Mutex
	terminal vt10x.Terminal
	written  []byte // all that came
	changed  chan struct{}
	asked    int  // for the cursor
	silent   bool // does not answer
	blind    bool // has no screen, and keeps the last bytes only
	answer   string
}

func newTerminal(width, height int) vt10x.Terminal { return vt10x.New(vt10x.WithSize(width, height)) }

type terminalKind struct {
	name          string
	width, height int
	env           map[string]string
	silent, blind bool
	answer        string // to the question where the cursor is; a place in the seventh row by default
}

func ordinary() terminalKind {
	return terminalKind{name: "xterm-256color", width: 100, height: 30}
}

// visit opens a session in a terminal.
func (r *room) visit(t testing.TB, a asker, kind terminalKind) *person {
	t.Helper()
	p, err := r.tryVisit(a, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.leave)
	return p
}

func (r *room) tryVisit(a asker, kind terminalKind) (*person, error) {
	client, err := r.connect(a)
	if err != nil {
		return nil, err
	}
	p := &person{
		client:   client,
		terminal: newTerminal(kind.width, kind.height),
		over:     make(chan struct{}),
		changed:  make(chan struct{}, 1),
		silent:   kind.silent,
		blind:    kind.blind,
		answer:   cmp.Or(kind.answer, "\x1b[7;9R"),
	}
	if err := p.begin(kind); err != nil {
		client.Close()
		return nil, err
	}
	return p, nil
}

func (p *person) begin(kind terminalKind) (err error) {
	if p.session, err = p.client.NewSession(); err != nil {
		return err
	}
	for name, value := range kind.env {
		p.session.Setenv(name, value)
	}
	if err = p.session.RequestPty(kind.name, kind.height, kind.width, gossh.TerminalModes{}); err != nil {
		return err
	}
	stdin, err := p.session.StdinPipe()
	if err != nil {
		return err
	}
	p.keys = &oneAtATime{WriteCloser: stdin}
	p.session.Stderr = showing{p}
	output, err := p.session.StdoutPipe()
	if err != nil {
		return err
	}
	if err = p.session.Shell(); err != nil {
		return err
	}
	go p.read(output)
	return nil
}

// oneAtATime is a channel that is written to by several goroutines, here those of
// the keys and of the terminal's answers. The SSH library's share one packet, and
// the server ends a connection with packets of which the length is wrong.
type oneAtATime struct {
	sync.Mutex
	io.WriteCloser
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.Lock()
	defer o.Unlock()
	return o.WriteCloser.Write(p)
}

func (o *oneAtATime) Close() error {
	o.Lock()
	defer o.Unlock()
	return o.WriteCloser.Close()
}

// showing is where the standard error is seen.
type showing struct{ *person }

func (s showing) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.written = append(s.written, p...)
	return len(p), nil
}

const question = "\x1b[6n"

// read is the terminal: it shows what comes and answers what it is asked.
func (p *person) read(output io.Reader) {
	defer close(p.over)
	buffer := make([]byte, 32*1024)
	for {
		n, err := output.Read(buffer)
		p.mu.Lock()
		before := max(0, len(p.written)-len(question)+1)
		p.written = append(p.written, buffer[:n]...)
		questions := bytes.Count(p.written[before:], []byte(question))
		p.asked += questions
		if p.blind {
			const kept = 4096
			p.written = append(p.written[:0], p.written[max(0, len(p.written)-kept):]...)
		} else {
			p.terminal.Write(buffer[:n])
		}
		silent := p.silent
		p.mu.Unlock()
		for range questions {
			if !silent {
				io.WriteString(p.keys, p.answer)
			}
		}
		select {
		case p.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *person) screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.terminal.String()
}

func (p *person) bytes() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.written)
}

// sees waits until the screen has a text.
func (p *person) sees(t testing.TB, text string) {
	t.Helper()
	p.seesWithin(t, text, 15*time.Second)
}

func (p *person) seesWithin(t testing.TB, text string, within time.Duration) {
	t.Helper()
	if err := p.await(text, within); err != nil {
		t.Fatal(err)
	}
}

func (p *person) await(text string, within time.Duration) error {
	deadline := time.After(allowed(within))
	for !strings.Contains(p.screen(), text) {
		select {
		case <-p.changed:
		case <-p.over:
			if strings.Contains(p.screen(), text) {
				return nil
			}
			return fmt.Errorf("the session ended before %q was on screen:\n%s", text, p.screen())
		case <-deadline:
			return fmt.Errorf("%q is not on screen after %s:\n%s", text, within, p.screen())
		}
	}
	return nil
}

func (p *person) press(t testing.TB, keys string) {
	t.Helper()
	if _, err := io.WriteString(p.keys, keys); err != nil {
		t.Fatal(err)
	}
}

// ends waits for the end of the session.
func (p *person) ends(t testing.TB, within time.Duration) {
	t.Helper()
	select {
	case <-p.over:
	case <-time.After(allowed(within)):
		t.Fatalf("the session still runs after %s", within)
	}
}

func (p *person) leave() {
	p.client.Close()
	<-p.over
}

const probeName = "probe"

// probe is an ordinary visitor who must be served whatever the others do.
func (r *room) probe(t testing.TB) {
	t.Helper()
	p, err := r.tryVisit(asker{user: probeName, from: "127.0.0.99", auth: r.probeAuth}, ordinary())
	if err != nil {
		t.Errorf("the probe visitor: %v", err)
		return
	}
	defer p.leave()
	if err := p.await("step", 15*time.Second); err != nil {
		t.Errorf("the probe visitor: %v", err)
		return
	}
	io.WriteString(p.keys, "q")
	select {
	case <-p.over:
	case <-time.After(allowed(10 * time.Second)):
		t.Error("the probe visitor cannot quit")
	}
}

// besieged sends probes until the returned function is called, or else until the
// test's later cleanups are done; then nothing of the attack may be left, while the
// server still runs.
func (r *room) besieged(t testing.TB) (stop func() int) {
	goroutines, files := runtime.NumGoroutine(), descriptors()
	stop = sync.OnceValue(r.meanwhile(t))
	t.Cleanup(func() {
		stop()
		settled(t, goroutines, files)
	})
	return stop
}

// meanwhile sends probes until the returned function is called, which returns how
// many there were: one at least.
func (r *room) meanwhile(t testing.TB) (stop func() int) {
	done, ended := make(chan struct{}), make(chan struct{})
	probes := 0
	go func() {
		defer close(ended)
		for {
			r.probe(t)
			probes++
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() int {
		close(done)
		<-ended
		return probes
	}
}
