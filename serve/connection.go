package serve

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"
)

// connection is one that was let in. It keeps its place until it is closed.
type connection struct {
	net.Conn
	admission       *admission
	context         ssh.Context // nil before the SSH library has the connection
	address         string
	network         string
	began           time.Time
	refusedRequests *rate.Limiter // of requests that no visitor needs
	traffic         *rate.Limiter // bytes from the client, whatever they are
	rekeys          *rate.Limiter // key exchanges after the first
	opened          atomic.Bool
	spent           atomic.Bool // the presenter's code, and has not led yet
	proven          atomic.Bool // it has come to authenticated
	end             atomic.Pointer[func()]
	writing         atomic.Bool
	unread          atomic.Int64 // bytes from the client since the write began
	last            atomic.Int64 // when something came from the client, in nanoseconds after it began

	// Of the goroutine that reads.
	plain  plain
	heard  int           // bytes before it has authenticated
	waited time.Duration // because of how much the client sent

	keyed int // key exchanges, of the goroutine that makes them

	// Guarded by the admission's mutex.
	progress progress
	since    time.Time // when it came so far
	leaving  bool      // it gives way to another
	released bool
	deadline *time.Timer

	mu    sync.Mutex
	cause string  // why it is ended; the first one counts
	over  bool    // the handshake is, and has failed
	tried attempt // to come in
	who   []any   // what the log says of it
}

// Reasons to end a connection on which it depends what its address owes.
const (
	gaveWay    = "gave way in the handshake"
	tooLate    = "no handshake in time"
	causePanic = "panic"
)

// What a client may send, counted before it is decrypted: keys and answers are a
// few thousand bytes a second, and all else costs the server as much to read as it
// costs to send.
const (
	trafficRate  = 64 << 10               // bytes a second
	trafficBurst = 2 << 20                // bytes
	mostWaited   = 250 * time.Millisecond // to read from one that sends more
)

// A client that does not read what it is sent keeps the server from reading what
// it types, all of which the SSH library then stores: it is heard slowly.
const (
	mostUnread = 64 << 10 // bytes that are heard while one write waits
	unreadRate = 16 << 10 // bytes a second, from then on
)

// mostUnproven is how many bytes a client may send before it has authenticated:
// keys that are offered are some hundreds, and few.
const mostUnproven = 128 << 10

// errPanicked ends what has panicked.
var errPanicked = errors.New("panic")

// Read counts what the client says, and ends with what no client says and with
// one that goes on to say too much: were that only heard later, so would be that
// it has hung up.
func (c *connection) Read(p []byte) (n int, err error) {
	err = errPanicked
	c.protect("reading", func() { n, err = c.read(p) })
	return n, err
}

func (c *connection) read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.last.Store(int64(time.Since(c.began)))
	wait := c.traffic.ReserveN(time.Now(), n).Delay()
	c.waited += wait
	wrong := ""
	switch {
	case c.waited > mostWaited:
		wrong = "too much input"
	case !c.proven.Load():
		c.heard += n
		if wrong = c.plain.check(p[:n]); wrong == "" && c.heard > mostUnproven {
			wrong = "too much before it has authenticated"
		}
	}
	if wrong != "" {
		c.cut(wrong)
		return 0, net.ErrClosed
	}
	if c.writing.Load() && c.unread.Add(int64(n)) > mostUnread {
		wait += time.Duration(n) * time.Second / unreadRate
	}
	time.Sleep(wait)
	return n, err
}

// Write writes to the client. A failure ends the connection, although there may
// be more to read.
func (c *connection) Write(p []byte) (n int, err error) {
	err = errPanicked
	c.protect("writing", func() {
		c.unread.Store(0)
		c.writing.Store(true)
		n, err = c.Conn.Write(p)
		c.writing.Store(false)
	})
	if err != nil {
		c.Close()
	}
	return n, err
}

// remote is a connection's address. By it the SSH library's callbacks find the
// connection.
type remote struct {
	net.Addr
	of *connection
}

// RemoteAddr returns the client's address.
func (c *connection) RemoteAddr() net.Addr { return remote{c.Conn.RemoteAddr(), c} }

// welcomed says what the log is to call a visitor.
func (c *connection) welcomed(who []any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.who = who
}

// named returns what the log says of the client.
func (c *connection) named() []any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.who
}

// because notes why the connection ends, unless something came before.
func (c *connection) because(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause == "" {
		c.cause = reason
	}
}

// cut ends the connection at once.
func (c *connection) cut(reason string) {
	c.because(reason)
	c.Close()
}

// Close ends the connection and gives its place free.
func (c *connection) Close() error {
	first := c.admission.release(c) // before the client can know and come again
	err := c.Conn.Close()
	if first {
		c.admission.gone(c)
	}
	return err
}

// blame waits until the SSH library has let the connection go, and notes what it
// found wrong with what the client sent.
func (c *connection) blame() {
	if c.context == nil {
		return
	}
	if conn, ok := c.context.Value(ssh.ContextKeyConn).(*gossh.ServerConn); ok {
		if err := conn.Wait(); !isHangUp(err) {
			c.because("protocol error: " + reason(err))
		}
	}
}

// until gives the client time until then to come to its next step. The
// admission's mutex is held.
func (c *connection) until(deadline time.Time) { c.deadline.Reset(time.Until(deadline)) }

// penalise makes the client's address owe so much.
func (c *connection) penalise(owes time.Duration) {
	c.admission.mu.Lock()
	defer c.admission.mu.Unlock()
	c.admission.penalise(c.address, owes)
}

// refuses counts a request that was refused, and hangs up on whoever goes on.
func (c *connection) refuses() {
	if !c.refusedRequests.Allow() {
		c.cut("too many requests")
	}
}
