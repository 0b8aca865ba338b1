package serve

import (
	"net"
	"sync"
	"testing"
	"time"

	"ravine/serve/pace"
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
	// Until now the line was fast; it takes answers to know better.
	time.Sleep(2 * time.Second)
	const most, patience = 2048, 12 // half a second of the line; keys until it is known
	few, last := 0, patience
	for i := 0; i < last; i++ {
		known := few >= 3
		key, text := "h", "hints off"
		if i%2 == 1 {
			text = "hints on"
		}
		before := len(p.bytes())
		p.press(t, key)
		p.sees(t, text)
		switch came := len(p.bytes()) - before; {
		case came <= most:
			if few++; few == 3 {
				last = i + 8
			}
		case known:
			t.Errorf("on a slow line %d bytes come before a key shows", came)
		default:
			few = 0
		}
		time.Sleep(300 * time.Millisecond)
	}
	if few < 3 {
		t.Errorf("after %d keys the line is not known to be slow", patience)
	}
	line.throttle(0)
}

func TestShare(t *testing.T) {
	if none, one, ten := share(0), share(1), share(10); none != one || ten*10 != one {
		t.Errorf("0, 1 and 10 sessions have shares of %v, %v, %v of a processor", none, one, ten)
	}
}

// At most two pictures are under way to a terminal that answers late, and one
// that never answers gets pictures all the same.
func TestPicturesInFlight(t *testing.T) {
	r := start(t, nil)
	p := r.visit(t, asker{}, terminalKind{name: "xterm", width: 100, height: 30, silent: true})
	p.sees(t, "slides")
	eventually(t, "two pictures are on their way", 5*time.Second, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.asked >= 2 })
	time.Sleep(pace.PatienceFirst / 2)
	p.mu.Lock()
	asked := p.asked
	p.mu.Unlock()
	// One question is asked before the first picture, one with it.
	if asked > pace.MostInFlight+1 {
		t.Errorf("%d questions are unanswered, want at most %d", asked, pace.MostInFlight+1)
	}
	before := len(p.bytes())
	eventually(t, "a terminal that never answers is served", 2*pace.PatienceFirst, func() bool { return len(p.bytes()) > before+2000 })
	p.press(t, " ")
	p.seesWithin(t, "paused", time.Second)
}
