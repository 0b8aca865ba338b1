package serve

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// What a session may ask for, one thing after the other.
func TestRequests(t *testing.T) {
	asks := map[string]*gossh.Request{
		"pty":   {Type: "pty-req", Payload: writePty("xterm", size{80, 24})},
		"TERM":  {Type: "env", Payload: writeEnv("TERM", "xterm")},
		"COLOR": {Type: "env", Payload: writeEnv("COLORTERM", "truecolor")},
		"LANG":  {Type: "env", Payload: writeEnv("LANG", "C")},
		"long":  {Type: "env", Payload: writeEnv("TERM", strings.Repeat("x", longestValue+1))},
		"é":     {Type: "env", Payload: writeEnv("COLORTERM", "é")},
		"size":  {Type: "window-change", Payload: gossh.Marshal(window{Columns: 80, Rows: 24})},
		"torn":  {Type: "window-change", Payload: []byte{0}},
		"tty":   {Type: "pty-req", Payload: []byte{0}},
		"var":   {Type: "env", Payload: writeEnv("TERM", "xterm")[:12]},
		"bell":  {Type: "env", Payload: writeEnv("COLORTERM", "\a")},
		"shell": {Type: "shell", Payload: gossh.Marshal(struct{ Command string }{"id"})},
		"dots":  {Type: "env", Payload: writeEnv("TERM", "../x")},
	}
	understood := map[string]string{"shell": "", "dots": string(writeEnv("TERM", "xterm"))}
	for script, want := range map[string][]verdict{
		"pty TERM COLOR shell size": {passes, passes, passes, passes, answered},
		"TERM pty shell":            {passes, passes, passes},
		"pty pty":                   {passes, refused},
		"TERM TERM COLOR":           {passes, refused, passes},
		"LANG long é COLOR":         {refused, refused, refused, passes},
		"pty shell TERM":            {passes, passes, refused},
		"shell pty":                 {passes, refused},
		"pty shell shell":           {passes, passes, refused},
		"size pty size torn":        {refused, passes, answered, refused},
		"tty var bell COLOR pty":    {refused, refused, refused, passes, passes},
		"dots shell":                {passes, passes},
	} {
		g := newGuard(nil, nil)
		for i, name := range strings.Fields(script) {
			request := *asks[name]
			if got := g.judge(&request); got != want[i] {
				t.Errorf("%s: %s is judged %d, want %d", script, name, got, want[i])
			}
			if text, ok := understood[name]; ok && string(request.Payload) != text && want[i] == passes {
				t.Errorf("%s: %s passes as %q, want %q", script, name, request.Payload, text)
			}
		}
	}
}

// What passes is what was understood: the name of a terminal is one.
func TestTerminalName(t *testing.T) {
	for name, want := range map[string]string{"": "xterm", "tmux-256color": "tmux-256color", "../x": "xterm", strings.Repeat("x", 64): strings.Repeat("x", 64), strings.Repeat("x", 65): "xterm"} {
		if got, _, ok := readPty(gossh.Marshal(pty{Term: name})); !ok || got != want {
			t.Errorf("a pty-req for %q is for %q, %v", name, got, ok)
		}
		if len(name) > longestValue {
			continue
		}
		if _, got, ok := readEnv(writeEnv("TERM", name)); !ok || got != want {
			t.Errorf("TERM=%q is %q, %v", name, got, ok)
		}
	}
}

// offered is a channel whose requests a test makes.
type offered struct {
	gossh.NewChannel
	requests chan *gossh.Request
}

func (o offered) Accept() (gossh.Channel, <-chan *gossh.Request, error) { return nil, o.requests, nil }

// After a panic requests are still taken in: the SSH library would wait for good.
func TestRequestsAfterAPanic(t *testing.T) {
	a := door(t, 32)
	c := a.comes(t, "192.0.2.1")
	a.panicked = func(*connection, string, any, []byte) {}
	a.fault = func(*connection, string) { panic("burst") }
	o := offered{requests: make(chan *gossh.Request)}
	_, passed, _ := newGuard(o, c).Accept()
	if request := <-passed; request != nil {
		t.Errorf("%s passes", request.Type)
	}
	for range 3 {
		select {
		case o.requests <- &gossh.Request{Type: "env"}:
		case <-time.After(allowed(3 * time.Second)):
			t.Fatal("a request is not taken in")
		}
	}
	close(o.requests)
}

// A request that is longer than any client's ends the connection, and is not judged.
func TestLongRequest(t *testing.T) {
	r := start(t, nil)
	ask := func(longer int) (*gossh.Client, bool) {
		client, channel := r.rawSession(t, "")
		p := pty{Term: "xterm", Columns: 80, Rows: 24}
		p.Modes = strings.Repeat("\x00", longestRequest-len(gossh.Marshal(p))+longer)
		ok, _ := channel.SendRequest("pty-req", true, gossh.Marshal(p))
		return client, ok
	}
	if _, ok := ask(0); !ok {
		t.Errorf("one of %d bytes is refused", longestRequest)
	}
	client, _ := ask(1)
	hangsUp(t, client, 3*time.Second)
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), "a request too long") })
	requests := make(chan *gossh.Request, 2)
	requests <- &gossh.Request{Type: "shell", Payload: make([]byte, longestRequest+1)}
	requests <- &gossh.Request{Type: "shell"}
	close(requests)
	g := newGuard(nil, door(t, 32).comes(t, "192.0.2.1"))
	if g.filter(nil, requests); len(g.passed) != 0 {
		t.Error("a request too long, or one after it, passes")
	}
}

// sized counts how often its playground is told its size.
type sized struct {
	tea.Model
	times *atomic.Int64
}

func (m sized) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		m.times.Add(1)
	}
	model, command := m.Model.Update(msg)
	return sized{model, m.times}, command
}

func TestManyResizes(t *testing.T) {
	const many = 20_000
	var times atomic.Int64
	r := startWith(t, nil, func(s *Server) {
		inner := s.model
		s.model = func(ctx context.Context) (tea.Model, error) {
			model, err := inner(ctx)
			if ctx.Value(ssh.ContextKeyUser) == "resizer" {
				model = sized{model, &times}
			}
			return model, err
		}
	})
	stop := r.besieged(t)
	_, early := r.rawSession(t, "")
	sendPty(early, "xterm", 80, 24)
	for i := range uint32(many) {
		if err := sendSize(early, 60+i%100, 20+i%40); err != nil {
			t.Fatalf("before the shell: %v", err)
		}
	}
	if ok, err := early.SendRequest("shell", true, nil); !ok || err != nil {
		t.Fatalf("shell after the resizes: %v, %v", ok, err)
	}
	began := time.Now()
	p := r.visit(t, asker{user: "resizer"}, ordinary())
	p.sees(t, "step")
	for i := range many {
		if err := p.session.WindowChange(20+i%40, 60+i%100); err != nil {
			t.Fatalf("after the shell: %v", err)
		}
	}
	// The last one counts, whichever were left out.
	p.mu.Lock()
	p.terminal = newTerminal(133, 33)
	p.mu.Unlock()
	if err := p.session.WindowChange(33, 133); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the picture has the last size", 10*time.Second, func() bool {
		return len([]rune(strings.TrimRight(strings.Split(p.screen(), "\n")[1], " "))) == 133
	})
	// Every size costs a picture.
	if most := 3 + int64(time.Since(began)/resizePause); times.Load() > most {
		t.Errorf("the size is set %d times, want at most %d", times.Load(), most)
	}
	p.press(t, " ")
	p.sees(t, "paused")
	stop()
}
