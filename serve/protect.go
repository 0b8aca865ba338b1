package serve

import (
	"fmt"
	"runtime/debug"
	"time"
)

// protect runs f. If it panics, that is logged and ends the connection, or just
// what f does where there is none, and it returns false; otherwise it would end
// the process, and with it all others. Every goroutine has to be protected by itself, and so has what
// the SSH library and Bubble Tea call in goroutines of theirs.
func (a *admission) protect(c *connection, where string, f func()) (ok bool) {
	defer func() {
		if value := recover(); value != nil {
			a.panicked(c, where, value, debug.Stack())
		}
	}()
	if a.fault != nil {
		a.fault(c, where)
	}
	f()
	return true
}

func (c *connection) protect(where string, f func()) (ok bool) {
	return c.admission.protect(c, where, f)
}

// start runs f in a goroutine.
func (c *connection) start(where string, f func()) { go c.protect(where, f) }

// after runs f when so much time has passed.
func (c *connection) after(duration time.Duration, where string, f func()) *time.Timer {
	return time.AfterFunc(duration, func() { c.protect(where, f) })
}

// endsBy says how to end the connection after a panic, without waiting. It is cut
// off where nothing was said, and after a second panic.
func (c *connection) endsBy(end func()) { c.end.Store(&end) }

// panicked logs a panic and ends the connection, if there is one.
func (s *Server) panicked(c *connection, where string, value any, stack []byte) {
	s.counts.panics.Add(1)
	var who []any
	if c != nil {
		_, who = c.ended()
	}
	s.log.Error("panic", append(who[:len(who):len(who)], "in", where, "panic", panicText(value), "stack", string(stack))...)
	if c == nil {
		return
	}
	c.because(causePanic)
	if end := c.end.Swap(nil); end != nil {
		(*end)()
	} else {
		c.Close()
	}
}

// brokenWord is what a visitor is told of a panic.
const brokenWord = "The playground broke and had to end, which is no fault of yours."

// panicText says what a panic was about, on one line.
func panicText(value any) string { return clean(fmt.Sprint(value), 200) }
