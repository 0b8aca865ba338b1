package serve

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// connection is one that was let in. It keeps its place until it is closed.
type connection struct {
	net.Conn
	admission *admission
	address   string
	network   string
	began     time.Time
	nuisance  *bucket // of requests that no visitor needs
	traffic   *bucket // bytes from the client, whatever they are
	rekeys    *bucket // key exchanges after the first
	opened    atomic.Bool
	spent     atomic.Bool // the presenter's code, and has not led yet
	proven    atomic.Bool // it has come to authenticated

	// Of the goroutine that reads.
	plain plain
	heard int // bytes before it has authenticated

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
	gaveWay       = "gave way in the handshake"
	tooLate       = "no handshake in time"
	serverStopped = "server stopped"
	causePanic    = "panic"
)

// What a client may send, counted before it is decrypted: keys are a few bytes,
// and all else costs the server as much to read as it costs to send.
const (
	trafficRate  = 256 << 10 // bytes a second
	trafficBurst = 4 << 20   // bytes
)

// mostUnproven is how many bytes a client may send before it has authenticated:
// keys that are offered are some hundreds, and few.
const mostUnproven = 128 << 10

// errUnfit ends the reading from a client that is cut off for what it sends.
var errUnfit = errors.New("unfit to be read")

// Read counts what the client says, waits where it is too much, and ends with
// what no client says.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.proven.Load() {
		c.heard += n
		wrong := c.plain.check(p[:n])
		if wrong == "" && c.heard > mostUnproven {
			wrong = "too much before it has authenticated"
		}
		if wrong != "" {
			c.cut(wrong)
			return 0, errUnfit
		}
	}
	time.Sleep(c.traffic.take(float64(n))) // some milliseconds for what one Read takes
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
	if !c.nuisance.pass() {
		c.cut("too many requests")
	}
}
