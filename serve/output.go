package serve

import (
	"io"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// output writes pictures to a visitor, and with each the question that paces
// them.
type output struct {
	to    io.Writer
	pacer *pacer
	bytes *atomic.Int64
	asked *atomic.Int64 // questions that are still open
	// blocked is the time since which a write waits for the client to read, in
	// nanoseconds since 1970; 0 while none does.
	blocked atomic.Int64
}

// Write writes one picture. It returns len(p) when all of it is written, and an
// error when the connection is closed.
func (o *output) Write(p []byte) (int, error) {
	now := time.Now()
	whole := p
	if o.pacer.wrote(now, len(p)) {
		o.asked.Add(1)
		whole = append(append(make([]byte, 0, len(p)+len(ansi.RequestCursorPositionReport)), p...), ansi.RequestCursorPositionReport...)
	}
	o.blocked.Store(now.UnixNano())
	n, err := o.to.Write(whole)
	o.blocked.Store(0)
	o.bytes.Add(int64(n))
	return min(n, len(p)), err
}

// stuck returns for how long the client has not read.
func (o *output) stuck(now time.Time) time.Duration {
	since := o.blocked.Load()
	if since == 0 {
		return 0
	}
	return now.Sub(time.Unix(0, since))
}
