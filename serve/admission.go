package serve

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"
)

// admission is a listener that turns away whoever is over a limit, before any
// cryptography is done for them. The refused are told why.
type admission struct {
	net.Listener
	limits  Limits
	count   *counts
	refused func(reason string, who ...any)
	closed  func(*connection) // is told of one that had authenticated
	places  int               // at each step on the way to a shell
	chance  func() float64    // from 0 to 1
	short   func(error)       // is told of what the system has no more of

	codeTime time.Duration // see codeTimeout
	rekeys   *rate.Limiter // key exchanges after each connection's second
	// panicked is told of a panic; fault is called before everything that could,
	// in tests.
	panicked func(c *connection, where string, value any, stack []byte)
	fault    func(c *connection, where string)

	mu          sync.Mutex
	connections []*connection      // in the order in which they came to their step
	sessions    int                // at a shell
	stopped     bool               // nobody gets to a shell any more
	running     sync.WaitGroup     // the handlers of sessions
	sources     map[string]*source // by address
	refusing    chan struct{}      // holds one for each refusal that is being told
}

// What admission holds at most, beyond the sessions.
const (
	mostRefusing = 32 // more are closed without a word
	tellTimeout  = time.Second
	connectsSpan = time.Minute
)

func newAdmission(listener net.Listener, limits Limits) *admission {
	return &admission{
		Listener: listener,
		limits:   limits,
		places:   placesFor(limits.Sessions),
		chance:   rand.Float64,
		codeTime: codeTimeout,
		rekeys:   rate.NewLimiter(allRekeysRate, allRekeysBurst),
		sources:  map[string]*source{},
		refusing: make(chan struct{}, mostRefusing),
	}
}

// Accept returns the next connection that is let in.
func (a *admission) Accept() (net.Conn, error) {
	var wait time.Duration
	for {
		raw, err := a.Listener.Accept()
		if err != nil {
			if !isShortage(err) {
				return nil, err
			}
			a.runShort(err)
			wait = min(max(5*time.Millisecond, 2*wait), time.Second)
			time.Sleep(wait)
			continue
		}
		a.count.connections.Add(1)
		c, reason := (*connection)(nil), "something broke here, which is no fault of yours"
		a.protect(nil, "admitting", func() { c, reason = a.admit(raw) })
		if reason == "" {
			setUserTimeout(raw, aliveDefaults().total())
			return c, nil
		}
		a.refused(reason, "address", raw.RemoteAddr().String())
		a.tell(raw, reason)
	}
}

// isShortage reports whether an error passes when others have gone.
func isShortage(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
}

// runShort says that there are no file descriptors left, or the like, and lets
// one give way of those who have got least far.
func (a *admission) runShort(err error) {
	a.short(err)
	a.mu.Lock()
	defer a.mu.Unlock()
	for step := arrived; step < served; step++ {
		if standing := a.standing(step); len(standing) > 0 {
			a.giveWay(a.leastWelcome(standing, standing, time.Now()))
			return
		}
	}
}

// admit enters a new connection, or returns the reason not to.
func (a *admission) admit(raw net.Conn) (*connection, string) {
	now := time.Now()
	address, network := addressOf(raw.RemoteAddr())
	a.mu.Lock()
	defer a.mu.Unlock()
	from := a.source(address, now)
	wait := from.owed(now) - tolerated(a.limits)
	switch {
	case wait > 0:
		return nil, fmt.Sprintf("too many failures from your address; wait %s", (wait + time.Second).Truncate(time.Second))
	case len(from.connects) >= a.limits.Connects:
		return nil, "too many connections a minute from your address; wait a minute"
	case from.here >= a.limits.PerAddress:
		return nil, "too many sessions from your address; end one first"
	case a.sessions >= a.limits.Sessions:
		return nil, "all places are taken; come back later"
	}
	from.connects = append(from.connects, now)
	from.here++
	a.makeRoom(arrived, now)
	c := &connection{
		Conn:            raw,
		admission:       a,
		address:         address,
		network:         network,
		began:           now,
		since:           now,
		refusedRequests: rate.NewLimiter(10, 200),
		traffic:         rate.NewLimiter(trafficRate, trafficBurst),
		rekeys:          rate.NewLimiter(rekeyRate, rekeyBurst),
	}
	c.deadline = c.after(a.limits.Handshake, "the deadline", func() { c.cut(tooLate) })
	a.connections = append(a.connections, c)
	return c, ""
}

// establish makes a pending connection a session. It reports whether there was
// a place for it. It counts as running until its connection is closed and logged.
func (a *admission) establish(c *connection) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || c.released || c.leaving || a.sessions >= a.limits.Sessions {
		return false
	}
	c.progress = served
	a.sessions++
	a.running.Add(1)
	c.deadline.Stop()
	return true
}

func (a *admission) drop(c *connection) {
	a.connections = slices.DeleteFunc(a.connections, func(other *connection) bool { return other == c })
}

// release gives a connection's place free and makes its address owe for the way in
// which it ends. It reports whether it was the first to do so.
func (a *admission) release(c *connection) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.released {
		return false
	}
	c.released = true
	c.deadline.Stop()
	a.drop(c)
	if c.progress == served {
		a.sessions--
	}
	a.source(c.address, time.Now()).here--
	a.penalise(c.address, c.owes())
	return true
}

// gone says that a connection is closed, when it is known why. One that never
// authenticated is logged by those who know.
func (a *admission) gone(c *connection) {
	if c.progress < authenticated {
		return
	}
	go func() {
		c.protect("the reason", c.blame)
		a.closed(c)
		if c.progress == served {
			a.running.Done()
		}
	}()
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
	case a.refusing <- struct{}{}:
	default:
		raw.Close()
		return
	}
	go a.protect(nil, "telling why", func() {
		defer func() { <-a.refusing }()
		defer raw.Close()
		raw.SetDeadline(time.Now().Add(tellTimeout))
		raw.Write(disconnection(reason))
		// To close while what the client has sent lies unread would reset the
		// connection, and it might never see the reason.
		buffer := make([]byte, 4096)
		for {
			if _, err := raw.Read(buffer); err != nil {
				return
			}
		}
	})
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

// close lets nobody in any more.
func (a *admission) close() {
	a.mu.Lock()
	a.stopped = true
	a.mu.Unlock()
	a.Listener.Close()
}

// closeAll ends all connections.
func (a *admission) closeAll() {
	a.mu.Lock()
	all := slices.Clone(a.connections)
	a.mu.Unlock()
	for _, c := range all {
		c.cut("server stopped")
	}
}
