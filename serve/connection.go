package serve

import (
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
	began     time.Time
	nuisance  *bucket // of requests that no visitor needs
	traffic   *bucket // bytes from the client, whatever they are
	opened    atomic.Bool
	spent     atomic.Bool  // the presenter's code, and has not led yet
	heard     atomic.Int64 // bytes from the client

	// Guarded by the admission's mutex.
	established bool
	released    bool
	deadline    *time.Timer

	mu    sync.Mutex
	cause string // why it ended; the first one counts
	who   []any  // what the log says of it
}

// What a client may send, counted before it is decrypted: keys are a few bytes,
// and all else costs the server as much to read as it costs to send.
const (
	trafficRate  = 256 << 10 // bytes a second
	trafficBurst = 4 << 20   // bytes
)

// Read counts what the client says, and waits where it is too much.
func (c *connection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.heard.Add(int64(n))
	time.Sleep(c.traffic.take(float64(n))) // some milliseconds for what one Read takes
	return n, err
}

// welcomed forgets why the client was not let in at first: an agent may offer
// other keys before the right one.
func (c *connection) welcomed(who []any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cause, c.who = "", who
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
	err := c.Conn.Close()
	c.admission.release(c)
	return err
}

// extend gives the client as long as that, from now on, to reach the shell.
func (c *connection) extend(duration time.Duration) {
	c.admission.mu.Lock()
	defer c.admission.mu.Unlock()
	if !c.released && !c.established {
		c.deadline.Reset(duration)
	}
}

// refuses counts a request that was refused, and hangs up on whoever goes on.
func (c *connection) refuses() {
	if !c.nuisance.pass() {
		c.cut("too many requests")
	}
}
