package serve

import (
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// slowConn is a line of so many bytes a second towards the client. What the
// server sends faster waits in it, as it does in a modem or a busy radio cell.
type slowConn struct {
	net.Conn
	mu      sync.Mutex
	rate    float64 // bytes a second; 0 for no limit
	backlog time.Time
}

func (c *slowConn) Read(p []byte) (int, error) {
	// Small reads, or one frame would be one wait.
	n, err := c.Conn.Read(p[:min(len(p), 64)])
	c.mu.Lock()
	rate := c.rate
	c.mu.Unlock()
	if rate > 0 {
		now := time.Now()
		if c.backlog.Before(now) {
			c.backlog = now
		}
		c.backlog = c.backlog.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		time.Sleep(time.Until(c.backlog))
	}
	return n, err
}

func (c *slowConn) throttle(rate float64) {
	c.mu.Lock()
	c.rate = rate
	c.mu.Unlock()
}

func TestKeyOnASlowLine(t *testing.T) {
	r := start(t, nil)
	line := &slowConn{}
	p := r.visit(t, asker{wrap: func(conn net.Conn) net.Conn { line.Conn = conn; return line }}, terminalKind{name: "xterm-256color", width: 120, height: 40})
	p.sees(t, "step")
	line.throttle(4096)
	// Until now the line was fast; it takes an answer to know better.
	time.Sleep(2 * time.Second)
	const most = 2048 // half a second of the line
	for i := range 8 {
		key, text := "h", "hints off"
		if i%2 == 1 {
			text = "hints on"
		}
		before := len(p.bytes())
		p.press(t, key)
		p.sees(t, text)
		if came := len(p.bytes()) - before; came > most {
			t.Errorf("on a slow line %d bytes come before a key shows", came)
		} else {
			t.Logf("a key shows after %d bytes", came)
		}
		time.Sleep(300 * time.Millisecond)
	}
	line.throttle(0)
}

func TestBlend(t *testing.T) {
	var p parts
	line := strings.Repeat("x", 200)
	old, new := "a\nb\nc\nd\ne\nf", strings.Join([]string{line, line, line, line, line, "F"}, "\n")
	shown := old
	for round := 1; ; round++ {
		content, whole := p.blend(shown, new)
		if round == 1 && !strings.HasSuffix(content, line+"\nF") {
			t.Errorf("the last lines do not come first: %q", content)
		}
		if whole != (content == new) {
			t.Errorf("round %d: whole is %v for %q", round, whole, content)
		}
		if content == shown || round > 6 {
			t.Fatalf("round %d changes nothing", round)
		}
		if shown = content; whole {
			if round < 3 {
				t.Errorf("1000 bytes took %d rounds", round)
			}
			break
		}
	}
	if content, whole := p.blend("a\nb", new); !whole || content != new {
		t.Error("a picture of another size is sent in parts")
	}
}

// At most two pictures are under way to a terminal that answers late, and one
// that never answers gets pictures all the same.
func TestPicturesInFlight(t *testing.T) {
	r := start(t, nil)
	p := r.visit(t, asker{}, terminalKind{name: "xterm", width: 100, height: 30, silent: true})
	p.sees(t, "slides")
	eventually(t, "two pictures are on their way", 5*time.Second, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.asked >= 2 })
	time.Sleep(patienceFirst / 2)
	p.mu.Lock()
	asked := p.asked
	p.mu.Unlock()
	// One question is asked before the first picture, one with it.
	if asked > mostInFlight+1 {
		t.Errorf("%d questions are unanswered, want at most %d", asked, mostInFlight+1)
	}
	before := len(p.bytes())
	eventually(t, "a terminal that never answers is served", 2*patienceFirst, func() bool { return len(p.bytes()) > before+2000 })
	p.press(t, " ")
	p.seesWithin(t, "paused", time.Second)
}

func TestPacer(t *testing.T) {
	now := time.Unix(1000, 0)
	p := &pacer{}
	want := func(what string, room bool) {
		t.Helper()
		if ok, _ := p.room(now); ok != room {
			t.Errorf("%s: room is %v, want %v", what, ok, room)
		}
	}
	want("at first", true)
	p.hand()
	p.wrote(now, 1000)
	want("with one in flight", true)
	p.hand()
	want("with one in flight and one handed over", false)
	p.wrote(now, 1000)
	want("with two in flight", false)
	now = now.Add(10 * time.Millisecond)
	p.answered(now)
	want("after an answer", true)
	now = now.Add(time.Second)
	p.answered(now)
	p.wrote(now, 1000)
	want("on a slow line with one in flight", false)
	now = now.Add(patience + time.Second)
	want("after the terminal has slept", true)
	if p.silent {
		t.Error("a terminal that has answered before is taken for a silent one")
	}

	p = &pacer{}
	p.wrote(now, 1000)
	p.wrote(now, 1000)
	want("unanswered", false)
	now = now.Add(patienceFirst)
	want("never answered", true)
	if p.wrote(now, 1000) {
		t.Error("a silent terminal is still asked")
	}
	want("at once after a picture", false)
	now = now.Add(silentPause)
	want("a while after a picture", true)
	p.answered(now)
	if !p.wrote(now, 1000) {
		t.Error("a terminal that has answered is not asked")
	}
}

// numbered is a model whose every picture is another one.
type numbered struct{ pictures int }

func (n *numbered) Init() tea.Cmd                       { return nil }
func (n *numbered) Update(tea.Msg) (tea.Model, tea.Cmd) { return n, nil }
func (n *numbered) View() tea.View                      { n.pictures++; return tea.NewView(strconv.Itoa(n.pictures)) }

// Where messages come late, a picture waits, but not one that shows a key.
func TestBusyServerDrawsLess(t *testing.T) {
	for _, late := range []time.Duration{0, longestPause / 4} {
		inner := &numbered{}
		m := &paced{
			inner:  inner,
			pacer:  &pacer{},
			share:  func() float64 { return 1 },
			send:   func(tea.Msg) {},
			settle: func(tea.Model) {},
		}
		look := func() int {
			m.View()
			m.pacer.wrote(time.Now(), 1)
			m.pacer.answered(time.Now())
			return inner.pictures
		}
		m.Update(wakeMsg{due: time.Now().Add(-late)})
		look()
		if late == 0 {
			eventually(t, "the second picture is drawn at once", longestPause/4, func() bool { return look() == 2 })
			continue
		}
		if n := look(); n != 1 {
			t.Errorf("%s late, %d pictures are drawn at once", late, n)
		}
		m.Update(tea.KeyPressMsg{Code: 'l'})
		if n := look(); n != 2 {
			t.Errorf("a key waits on a busy server")
		}
	}
}
