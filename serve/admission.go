package serve

import (
	"cmp"
	"net"
	"slices"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// admission is a listener that turns away whoever is over a limit, before any
// cryptography is done for them. The refused are told why.
type admission struct {
	net.Listener
	limits  Limits
	count   *counts
	refused func(address, reason string)
	closed  func(*connection)

	mu       sync.Mutex
	pending  []*connection  // not yet at a shell, oldest first
	sessions int            // at a shell
	stopped  bool           // nobody gets to a shell any more
	running  sync.WaitGroup // the handlers of sessions
	here     map[string]int
	recent   map[string][]time.Time // connects of the last minute, by address
	telling  chan struct{}          // holds one for each refusal that is being told
}

// What admission holds at most, beyond the sessions.
const (
	mostTelling  = 32   // more are closed without a word
	mostRecent   = 8192 // addresses remembered
	tellTimeout  = time.Second
	connectsSpan = time.Minute
)

func newAdmission(listener net.Listener, limits Limits) *admission {
	return &admission{
		Listener: listener,
		limits:   limits,
		here:     map[string]int{},
		recent:   map[string][]time.Time{},
		telling:  make(chan struct{}, mostTelling),
	}
}

// Accept returns the next connection that is let in.
func (a *admission) Accept() (net.Conn, error) {
	for {
		raw, err := a.Listener.Accept()
		if err != nil {
			return nil, err
		}
		a.count.connections.Add(1)
		c, reason := a.admit(raw)
		if reason == "" {
			return c, nil
		}
		a.refused(raw.RemoteAddr().String(), reason)
		a.tell(raw, reason)
	}
}

// admit enters a new connection, or returns the reason not to.
func (a *admission) admit(raw net.Conn) (*connection, string) {
	now := time.Now()
	address := addressOf(raw.RemoteAddr())
	a.mu.Lock()
	defer a.mu.Unlock()
	recent := a.prune(address, now)
	switch {
	case len(recent) >= a.limits.Connects:
		return nil, "too many connections a minute from your address; wait a minute"
	case a.here[address] >= a.limits.PerAddress:
		return nil, "too many sessions from your address; end one first"
	case a.sessions >= a.limits.Sessions:
		return nil, "all places are taken; come back later"
	}
	a.recent[address] = append(recent, now)
	a.here[address]++
	// A room that connects all at once is let in; of a crowd that only stands in
	// the door, the one gives way that has said the least, the oldest of them: a
	// real client says a thousand bytes at once, and is soon through.
	if len(a.pending) >= max(64, 2*a.limits.Sessions) {
		quietest := slices.MinFunc(a.pending, func(b, c *connection) int { return cmp.Compare(b.heard.Load(), c.heard.Load()) })
		a.unpend(quietest)
		go quietest.cut("gave way in the handshake")
	}
	c := &connection{Conn: raw, admission: a, address: address, began: now, nuisance: newBucket(10, 200), traffic: newBucket(trafficRate, trafficBurst)}
	c.deadline = time.AfterFunc(a.limits.Handshake, func() { c.cut("no handshake in time") })
	a.pending = append(a.pending, c)
	return c, ""
}

// prune forgets connects that no longer count and returns those that do.
func (a *admission) prune(address string, now time.Time) []time.Time {
	if len(a.recent) >= mostRecent {
		for other, times := range a.recent {
			if now.Sub(times[len(times)-1]) > connectsSpan {
				delete(a.recent, other)
			}
		}
		for other := range a.recent {
			if len(a.recent) < mostRecent {
				break
			}
			delete(a.recent, other)
		}
	}
	recent := a.recent[address]
	for len(recent) > 0 && now.Sub(recent[0]) > connectsSpan {
		recent = recent[1:]
	}
	if len(recent) == 0 {
		delete(a.recent, address)
	}
	return recent
}

// establish makes a pending connection a session. It reports whether there was
// a place for it. It counts as running until its connection is closed and logged.
func (a *admission) establish(c *connection) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || c.released || c.established || a.sessions >= a.limits.Sessions {
		return false
	}
	a.unpend(c)
	c.established = true
	a.sessions++
	a.running.Add(1)
	c.deadline.Stop()
	return true
}

func (a *admission) unpend(c *connection) {
	for i, other := range a.pending {
		if other == c {
			a.pending = append(a.pending[:i:i], a.pending[i+1:]...)
			return
		}
	}
}

// release gives a connection's place free, once.
func (a *admission) release(c *connection) {
	a.mu.Lock()
	if c.released {
		a.mu.Unlock()
		return
	}
	c.released = true
	established := c.established
	c.deadline.Stop()
	a.unpend(c)
	if established {
		a.sessions--
	}
	if a.here[c.address]--; a.here[c.address] == 0 {
		delete(a.here, c.address)
	}
	a.mu.Unlock()
	a.closed(c)
	if established {
		a.running.Done()
	}
}

// live returns the number of sessions.
func (a *admission) live() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.sessions
}

// tell sends the reason as SSH's own message of disconnection, which clients
// show, and hangs up.
func (a *admission) tell(raw net.Conn, reason string) {
	select {
	case a.telling <- struct{}{}:
	default:
		raw.Close()
		return
	}
	go func() {
		defer func() { <-a.telling }()
		defer raw.Close()
		raw.SetDeadline(time.Now().Add(tellTimeout))
		if _, err := raw.Write(disconnection(reason)); err != nil {
			return
		}
		// To close while what the client has sent lies unread would reset the
		// connection, and it might never see the reason.
		if half, ok := raw.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
		buffer := make([]byte, 4096)
		for {
			if _, err := raw.Read(buffer); err != nil {
				return
			}
		}
	}()
}

// disconnection returns an SSH greeting and one message, not yet encrypted: that
// there are too many connections (RFC 4253, sections 4.2, 6 and 11.1).
func disconnection(reason string) []byte {
	payload := gossh.Marshal(struct {
		Code     byte
		Reason   uint32
		Text     string
		Language string
	}{1, 12, reason, ""})
	padding := 8 - (5+len(payload))%8
	if padding < 4 {
		padding += 8
	}
	packet := gossh.Marshal(struct {
		Length  uint32
		Padding byte
		Payload []byte `ssh:"rest"`
	}{uint32(1 + len(payload) + padding), byte(padding), append(payload, make([]byte, padding)...)})
	return append([]byte("SSH-2.0-ravine\r\n"), packet...)
}

// addressOf returns what counts as one address: of IPv6, the network that one
// customer has.
func addressOf(addr net.Addr) string {
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String() + "/64"
}

// close lets nobody in any more.
func (a *admission) close() {
	a.mu.Lock()
	a.stopped = true
	a.mu.Unlock()
	a.Listener.Close()
}

// closeAll ends the connections that are not yet sessions.
func (a *admission) closeAll() {
	a.mu.Lock()
	pending := append([]*connection(nil), a.pending...)
	a.mu.Unlock()
	for _, c := range pending {
		c.cut("server stopped")
	}
}
