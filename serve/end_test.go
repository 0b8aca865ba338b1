package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/param"
	"ravine/race"
)

// bomb is a playground that goes off at its key.
type bomb struct {
	tea.Model
	armed *string // where: Update, View, command, batch
}

func (b bomb) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		model, command := b.Model.Update(msg)
		b.Model = model
		return b, command
	}
	burst := func() tea.Msg { panic("burst\nin two lines") }
	switch key.String() {
	case "1":
		panic("burst\nin two lines")
	case "2":
		*b.armed = "View"
	case "3":
		return b, burst
	case "4":
		return b, tea.Batch(burst, tea.ClearScreen)
	}
	model, command := b.Model.Update(msg)
	b.Model = model
	return b, command
}

func (b bomb) View() tea.View {
	if *b.armed == "View" {
		panic("burst\nin two lines")
	}
	return b.Model.View()
}

func TestPanicEndsOneSessionOnly(t *testing.T) {
	r := startWith(t, nil, func(s *Server) {
		inner := s.model
		s.model = func(ctx context.Context) (tea.Model, error) {
			model, err := inner(ctx)
			return bomb{model, new(string)}, err
		}
	})
	r.besieged(t)
	other := r.visit(t, asker{user: "other"}, ordinary())
	other.sees(t, "step")
	for _, key := range []string{"1", "2", "3", "4"} {
		p := r.visit(t, asker{}, ordinary())
		p.sees(t, "step")
		p.press(t, key)
		p.ends(t, 5*time.Second)
		text := string(p.bytes())
		if !strings.Contains(text, "\x1b[?1049l") || !strings.Contains(text, "The playground broke") {
			t.Errorf("panic %s: the screen was not given back with a word", key)
		}
	}
	before := len(other.bytes())
	eventually(t, "the other visitor's race goes on", 5*time.Second, func() bool { return len(other.bytes()) > before })
	if n := r.counts.panics.Load(); n != 4 {
		t.Errorf("%d panics are counted, want 4", n)
	}
	if strings.Contains(r.log.String(), `burst\nin`) {
		t.Error("the log has a panic's text as it is")
	}
	if n := strings.Count(r.log.String(), "msg=panic"); n != 4 {
		t.Errorf("%d panics are logged, want 4", n)
	}
}

func TestStopWithFiftyLive(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Sessions = 60 })
	var people []*person
	for range 50 {
		people = append(people, r.visit(t, asker{}, terminalKind{name: "xterm", width: 80, height: 24, blind: true}))
	}
	// Those who stand in the door or do not read do not hold it open.
	pending := r.tcp(t, "")
	_, deaf := r.rawSession(t, "")
	sendPty(deaf, "xterm", 200, 50)
	deaf.SendRequest("shell", true, nil)
	for _, p := range people {
		eventually(t, "all see something", 15*time.Second, func() bool { return len(p.bytes()) > 0 })
	}
	began := time.Now()
	r.Stop()
	took := time.Since(began)
	if took > 6*time.Second && !raced {
		t.Errorf("stopping took %s", took)
	}
	t.Logf("50 sessions ended in %s", took)
	var wait sync.WaitGroup
	for _, p := range people {
		wait.Add(1)
		go func() {
			defer wait.Done()
			p.ends(t, 3*time.Second)
			text := string(p.bytes())
			if i := strings.LastIndex(text, "\x1b[?1049l"); i < 0 || !strings.Contains(text[i:], "Goodbye!") {
				t.Errorf("the screen was not given back with a word: %q", text[max(0, len(text)-200):])
			}
		}()
	}
	wait.Wait()
	if _, err := r.dialTCP(""); err == nil {
		t.Error("still listens")
	}
	pending.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.Copy(io.Discard, pending); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("one in the handshake is not closed")
	}
}

// hung is a playground that does nothing more at a key, until it is let go.
type hung struct {
	tea.Model
	reached, until chan struct{}
}

func (h hung) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyPressMsg); ok {
		close(h.reached)
		<-h.until
	}
	model, command := h.Model.Update(msg)
	h.Model = model
	return h, command
}

// TestStopWithOneThatHangs: a session that cannot end holds up neither the end of the
// server nor, until then, the door.
func TestStopWithOneThatHangs(t *testing.T) {
	reached, until := make(chan struct{}), make(chan struct{})
	r := startWith(t, nil, func(s *Server) {
		inner := s.model
		s.model = func(ctx context.Context) (tea.Model, error) {
			model, err := inner(ctx)
			return hung{model, reached, until}, err
		}
	})
	t.Cleanup(func() { close(until) })
	p := r.visit(t, asker{}, ordinary())
	p.sees(t, "step")
	p.press(t, " ")
	<-reached
	stopped := make(chan struct{})
	go func() { r.Stop(); close(stopped) }()
	eventually(t, "nobody comes in", time.Second, func() bool {
		conn, err := r.dialTCP("")
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	select {
	case <-stopped:
		t.Error("the server does not wait for its sessions")
	default:
	}
	select {
	case <-stopped:
	case <-time.After(allowed(10 * time.Second)):
		t.Fatal("the server does not stop")
	}
	p.ends(t, 5*time.Second)
}

// What a visitor has set to work ends with the session: nothing goes on computing.
func TestWorkEndsWithTheSession(t *testing.T) {
	r := start(t, func(o *Options) {
		o.Race.Problem = param.Spec{Name: "neuron", Pairs: []param.Pair{{Key: "n", Value: "2000"}}}
		o.Race.Lanes = []race.LaneSpec{{Rule: "gd"}}
		o.Race.Tol = 0
	})
	computes := func() bool {
		var stacks strings.Builder
		pprof.Lookup("goroutine").WriteTo(&stacks, 1)
		return strings.Contains(stacks.String(), "race.(*Sweep).Compute")
	}
	p := r.visit(t, asker{}, wide())
	p.press(t, strings.Repeat("+", 12))
	eventually(t, "the race is long", 30*time.Second, func() bool { n, _ := strconv.Atoi(step(p)); return n > 10_000 })
	p.press(t, "SS")
	p.sees(t, "compare runs of 10000 steps")
	p.press(t, "s") // the first cells take seconds
	eventually(t, "the sweep computes", 5*time.Second, computes)
	p.leave()
	eventually(t, "nothing computes", time.Second, func() bool { return !computes() })
}

// Visitors who hang up while something is computed leave nothing behind.
func TestHangUpAtWork(t *testing.T) {
	r := start(t, nil)
	goroutines, files := runtime.NumGoroutine(), descriptors()
	for _, keys := range []string{"s", "ss", "T", "+++++++++"} {
		p := r.visit(t, asker{}, ordinary())
		p.sees(t, "step")
		p.press(t, keys)
		r.probe(t)
		p.leave()
	}
	settled(t, goroutines, files)
}

// stillConn says nothing any more once it is told to be still.
type stillConn struct {
	net.Conn
	still atomic.Bool
}

func (c *stillConn) Write(p []byte) (int, error) {
	if c.still.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// A client that does not close its side of a session that is over is hung up on.
func TestSessionThatIsNotClosed(t *testing.T) {
	r := start(t, nil)
	conn := &stillConn{}
	kind := ordinary()
	kind.silent = true
	p := r.visit(t, asker{wrap: func(raw net.Conn) net.Conn { conn.Conn = raw; return conn }}, kind)
	p.sees(t, "step")
	p.press(t, "q")
	conn.still.Store(true)
	hangsUp(t, p.client, closeGrace+2*time.Second)
}

// TestLastAnswers: the end waits for what a terminal still has to say, or its shell
// would get it as typed; but not for long.
func TestLastAnswers(t *testing.T) {
	r := start(t, nil)
	for _, answers := range []bool{true, false} {
		p := r.visit(t, asker{}, ordinary())
		p.sees(t, "step")
		p.mu.Lock()
		p.silent = true
		answered := p.asked
		p.mu.Unlock()
		eventually(t, "a question is open", 5*time.Second, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.asked > answered })
		p.press(t, "q")
		eventually(t, "the screen is given back", 5*time.Second, func() bool { return strings.Contains(string(p.bytes()), "\x1b[?1049l") })
		select {
		case <-p.over:
			t.Error("the end does not wait for the last answers")
		case <-time.After(answerGrace / 5):
		}
		if answers { // at once: after them there is nobody to read more
			p.press(t, strings.Repeat(p.answer, 3))
		}
		p.ends(t, 5*time.Second)
		if err := p.session.Wait(); err != nil {
			t.Errorf("answers: %v: %v", answers, err)
		}
	}
}

// TestMostSteps: nobody's race goes on for ever.
func TestMostSteps(t *testing.T) {
	r := start(t, func(o *Options) { o.Race.Lanes, o.Race.Tol, o.Race.Steps = []race.LaneSpec{{Rule: "gd"}}, 0, 0 })
	p := r.visit(t, asker{}, ordinary())
	p.press(t, fullSpeed)
	eventually(t, "the race waits", time.Minute, func() bool { return step(p) == "1000000" })
}

// The log says why each session ended, and not what came before it began.
func TestReasonsInTheLog(t *testing.T) {
	known := newKey(t)
	r := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, known) })
	p := r.visit(t, asker{user: "quitter", auth: keys(newKey(t), known)}, ordinary()) // an agent offers all its keys
	p.sees(t, "step")
	p.press(t, "q")
	p.ends(t, 5*time.Second)
	gone := r.visit(t, asker{user: "goner", auth: keys(known)}, ordinary())
	gone.sees(t, "step")
	gone.leave()
	mute := r.visit(t, asker{user: "mute", auth: keys(known)}, ordinary()) // ends its input, and stays
	mute.sees(t, "step")
	mute.keys.Close()
	mute.ends(t, 5*time.Second)
	var raw net.Conn
	garbles := r.visit(t, asker{user: "garbler", auth: keys(known), wrap: func(conn net.Conn) net.Conn { raw = conn; return conn }}, ordinary())
	garbles.sees(t, "step")
	raw.Write(bytes.Repeat([]byte{0xff}, 64)) // between two packets
	garbles.ends(t, 5*time.Second)
	stays := r.visit(t, asker{user: "stayer", auth: keys(known)}, ordinary())
	stays.sees(t, "step")
	eventually(t, "the first four are logged", 5*time.Second, func() bool { return strings.Count(r.log.String(), "msg=disconnect") == 4 })
	r.Stop()
	stays.ends(t, 5*time.Second)
	for user, reason := range map[string]string{"quitter": "quit", "goner": `"hung up"`, "mute": `"hung up"`, "garbler": `"protocol error: max packet length exceeded"`, "stayer": `"server stopped"`} {
		found := false
		for line := range strings.Lines(r.log.String()) {
			if strings.Contains(line, "msg=disconnect") && strings.Contains(line, "user="+user) {
				found = strings.Contains(line, "reason="+reason+" ") && !strings.Contains(line, "method=")
			}
		}
		if !found {
			t.Errorf("the log does not say reason=%s of %s", reason, user)
		}
	}
}
