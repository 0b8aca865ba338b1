package pace

import (
	"io"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Output writes pictures to a visitor, and with each the question that paces
// them.
type Output struct {
	To    io.Writer
	Pacer *Pacer
	Bytes *atomic.Int64
	Asked *atomic.Int64 // questions that are still open
	// blocked is the time since which a write waits for the client to read, in
	// nanoseconds since 1970; 0 while none does.
	Blocked atomic.Int64
}

// Write writes one picture. It returns len(p) when all of it is written, and an
// error when the connection is closed.
func (o *Output) Write(p []byte) (int, error) {
	now := time.Now()
	whole := p
	if o.Pacer.wrote(now, len(p)) {
		o.Asked.Add(1)
		whole = append(append(make([]byte, 0, len(p)+len(ansi.RequestCursorPositionReport)), p...), ansi.RequestCursorPositionReport...)
	}
	o.Blocked.Store(now.UnixNano())
	n, err := o.To.Write(whole)
	o.Blocked.Store(0)
	o.Bytes.Add(int64(n))
	return min(n, len(p)), err
}

// Stuck returns for how long the client has not read.
func (o *Output) Stuck(now time.Time) time.Duration {
	since := o.Blocked.Load()
	if since == 0 {
		return 0
	}
	return now.Sub(time.Unix(0, since))
}
