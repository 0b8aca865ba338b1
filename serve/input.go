package serve

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// What a visitor's terminal may send. Over it, reading waits, and so, in the
// end, does the client.
const (
	readSize    = 1024      // bytes at once
	inputRate   = 16 * 1024 // bytes a second
	inputBurst  = 16 * 1024 // bytes
	eventRate   = 100       // keys, clicks and answers a second; a held key makes 30, pictures as many
	eventBurst  = 200       // of them
	stalledSize = 2 * 1024  // bytes without an event
	queueSize   = 32        // events on their way to the program
)

// input reads a visitor's terminal and hands the events that the playground
// knows to the program.
type input struct {
	from   io.Reader
	until  <-chan struct{} // closed when the session is over
	sieve  sieve
	raw    [readSize]byte // what was read, before the sieve
	bytes  *bucket
	events *bucket
	// stalled counts bytes since the last event. A sequence that does not end
	// would be scanned again with every read; a pause makes the reader give it up.
	stalled atomic.Int64
}

func newInput(from io.Reader, until <-chan struct{}) *input {
	return &input{
		from:   from,
		until:  until,
		bytes:  newBucket(inputRate, inputBurst),
		events: newBucket(eventRate, eventBurst),
	}
}

// sinks take what input finds.
type sinks struct {
	press    func(uv.Event) // a key or the mouse
	reply    func(uv.Event) // the terminal's answer to a question
	position func()         // the terminal says where the cursor is
}

// run reads until the terminal's end or an error, which is returned.
func (in *input) run(terminal string, to sinks) error {
	events := make(chan uv.Event, queueSize)
	ended := make(chan error, 1)
	go func() {
		ended <- uv.NewTerminalReader(in, terminal).StreamEvents(context.Background(), events)
		close(events)
	}()
	// To leave events lie would hold the reader for ever: they are taken to the end.
	for event := range events {
		in.stalled.Store(0)
		if !in.over() {
			in.hand(event, to)
		}
	}
	return <-ended
}

// hand gives one event where it belongs; most kinds belong nowhere.
func (in *input) hand(event uv.Event, to sinks) {
	switch event := event.(type) {
	case uv.KeyPressEvent, uv.MouseClickEvent, uv.MouseWheelEvent:
		to.press(event)
	case uv.BackgroundColorEvent:
		to.reply(event)
	case uv.ModeReportEvent:
		if event.Mode == ansi.ModeSynchronizedOutput {
			to.reply(event)
		}
	case uv.CursorPositionEvent:
		to.position()
	default:
		return
	}
	in.wait(in.events.take(1))
}

// Read reads at most readSize bytes of what passes the sieve.
func (in *input) Read(to []byte) (int, error) {
	if len(to) <= heldAtMost {
		return 0, io.ErrShortBuffer
	}
	if in.stalled.Load() > stalledSize {
		in.wait(2 * uv.DefaultEscTimeout)
		in.stalled.Store(0)
	}
	for {
		if in.over() { // what a client has left behind is not worth the time
			return 0, io.EOF
		}
		n, err := in.from.Read(in.raw[:min(len(to)-heldAtMost, readSize)])
		in.wait(in.bytes.take(float64(n)))
		passed := in.sieve.pass(to[:0], in.raw[:n])
		in.stalled.Add(int64(len(passed)))
		if len(passed) > 0 || err != nil {
			return len(passed), err
		}
	}
}

// over reports whether the session is.
func (in *input) over() bool {
	select {
	case <-in.until:
		return true
	default:
		return false
	}
}

// wait waits for so long, or until the session is over.
func (in *input) wait(duration time.Duration) {
	if duration <= 0 {
		return
	}
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-in.until:
	}
}
