package serve

import (
	"context"
	"io"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/time/rate"
)

// What a visitor's terminal may send. Over it, what comes is lost.
const (
	inputRate  = 16 * 1024 // bytes a second
	inputBurst = 16 * 1024 // bytes
	eventRate  = 100       // keys, clicks and answers a second; a held key makes 30, pictures as many
	eventBurst = 200       // of them
)

// input reads a visitor's terminal and hands the events that the playground
// knows to the program.
type input struct {
	from   io.Reader
	until  <-chan struct{} // closed when the session is over
	bytes  *rate.Limiter
	events *rate.Limiter
	// protect runs what may panic.
	protect func(where string, f func()) (ok bool)
}

func newInput(from io.Reader, until <-chan struct{}) *input {
	return &input{
		from:    from,
		until:   until,
		bytes:   rate.NewLimiter(inputRate, inputBurst),
		events:  rate.NewLimiter(eventRate, eventBurst),
		protect: func(_ string, f func()) bool { f(); return true },
	}
}

// sinks take what input finds.
type sinks struct {
	press    func(uv.Event) // a key or the mouse
	reply    func(uv.Event) // the terminal's answer to a question
	position func()         // the terminal says where the cursor is
}

// run reads until the terminal's end or an error.
func (in *input) run(terminal string, to sinks) {
	events := make(chan uv.Event)
	ctx, cancel := context.WithCancel(context.Background()) // which ends the reader's own goroutine after a panic
	go func() {
		in.protect("events", func() { uv.NewTerminalReader(in, terminal).StreamEvents(ctx, events) })
		cancel()
		close(events)
	}()
	// To leave events lie would hold the reader for ever: they are taken to the end.
	for event := range events {
		in.protect("an event", func() { in.hand(event, to) })
	}
}

// hand gives one event where it belongs; most kinds belong nowhere.
func (in *input) hand(event uv.Event, to sinks) {
	switch event := event.(type) {
	case uv.KeyPressEvent, uv.MouseClickEvent, uv.MouseMotionEvent, uv.MouseReleaseEvent, uv.MouseWheelEvent:
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
	in.wait(in.events.Reserve().Delay())
}

// Read reads what was typed.
func (in *input) Read(to []byte) (n int, err error) {
	err = errPanicked
	in.protect("input", func() {
		n, err = in.from.Read(to)
		in.wait(in.bytes.ReserveN(time.Now(), n).Delay())
	})
	return n, err
}

// wait waits for so long, or until the session is over.
func (in *input) wait(duration time.Duration) {
	select {
	case <-time.After(duration):
	case <-in.until:
	}
}
