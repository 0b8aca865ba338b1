// Package idle lets a Bubble Tea program sleep while nothing happens.
//
// Bubble Tea's renderer wakes up at its frame rate as long as the program runs
// (github.com/charmbracelet/bubbletea/pull/1776), which costs half a percent of a
// processor while nothing changes. Its goroutine also writes to the terminal, so a
// write that does not return blocks it, and its ticker wakes nobody. An Output makes such a write when no message has come
// for a while; the next message lets it return.
package idle

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

const (
	// quiet is how long no message must have come: longer than a frame, and than
	// the repeat of a key that is held.
	quiet = 250 * time.Millisecond
	// longest bounds a sleep. A program may end without a message, by an error, a
	// panic in a command or Kill, and it waits for its renderer then.
	longest = 5 * time.Second
)

// Output is the output of one program. Bubble Tea's goroutines may use it at
// the same time.
type Output struct {
	to      io.Writer
	quiet   time.Duration
	longest time.Duration

	mu      sync.Mutex
	state   state
	awaited mark          // the latest that was asked for
	idle    *time.Timer   // ends when it has been quiet
	wake    chan struct{} // closed when a sleep is to end
}

// state is an Output's progress towards sleep. It gets there by two marks, written in two frames: what was to be drawn before the first is on
// screen when the second is written, so no picture is late for a sleep's length.
type state int

const (
	awake      state = iota
	asked            // a first mark is on its way to Write
	flushed          // it was written, and with its frame all that came before
	askedAgain       // a second mark is on its way
	asleep           // it is being written
)

// idleMsg asks for a mark; a mark is written by the program like any raw text and
// goes no further. Their numbers tell the mark that is awaited from older ones.
type (
	idleMsg struct{}
	mark    int
)

// No terminal is sent such a text.
const markBegin, markEnd = "\x1b_mark ", "\x1b\\"

func (n mark) String() string { return markBegin + strconv.Itoa(int(n)) + markEnd }

// New returns an output that writes to a terminal.
func New(to io.Writer) *Output { return &Output{to: to, quiet: quiet, longest: longest} }

// Start begins to wait for quiet. send is the program's Send.
func (o *Output) Start(send func(tea.Msg)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.idle = time.AfterFunc(o.quiet, func() { send(idleMsg{}) })
}

// Message is to be called with every message before the program handles it, and
// returns the message to handle instead: it is for the program's filter
// (tea.WithFilter). An idleMsg that comes late is dropped: the program would wait with
// it until the sleep is over.
func (o *Output) Message(msg tea.Msg) tea.Msg {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, ok := msg.(idleMsg); !ok {
		o.awaken()
		return msg
	}
	switch o.state {
	case awake:
		o.state = asked
	case flushed:
		o.state = askedAgain
	default:
		return nil
	}
	o.awaited++
	return tea.RawMsg{Msg: o.awaited}
}

// awaken ends a sleep, or the progress towards it, and waits for quiet again.
func (o *Output) awaken() {
	if o.state == asleep {
		close(o.wake)
	}
	o.state = awake
	if o.idle != nil {
		o.idle.Reset(o.quiet)
	}
}

// Write writes to the terminal what is for it. It returns len(p) when all of it
// is written, and the terminal's error.
func (o *Output) Write(p []byte) (int, error) {
	text := withoutMarks(p)
	if len(text) > 0 {
		if n, err := o.to.Write(text); err != nil {
			return min(n, len(p)), err
		}
	}
	if len(text) < len(p) {
		o.marked(p)
	}
	return len(p), nil
}

// withoutMarks returns p, or a copy of it where marks have to be left out.
func withoutMarks(p []byte) []byte {
	for {
		begin := bytes.Index(p, []byte(markBegin))
		if begin < 0 {
			return p
		}
		length := bytes.Index(p[begin:], []byte(markEnd))
		if length < 0 {
			return p
		}
		p = slices.Concat(p[:begin], p[begin+length+len(markEnd):])
	}
}

// marked goes on towards sleep, and sleeps, if p has the mark that is awaited.
func (o *Output) marked(p []byte) {
	o.mu.Lock()
	switch awaited := bytes.Contains(p, []byte(o.awaited.String())); {
	case awaited && o.state == asked:
		o.goOn()
	case awaited && o.state == askedAgain:
		o.state = asleep
		wake := make(chan struct{})
		o.wake = wake
		o.mu.Unlock()
		o.sleep(wake)
		return
	}
	o.mu.Unlock()
}

// goOn asks for the second mark.
func (o *Output) goOn() {
	o.state = flushed
	o.idle.Reset(0)
}

// sleep returns when a message comes, or after longest, in case the program ends.
func (o *Output) sleep(wake <-chan struct{}) {
	longest := time.NewTimer(o.longest)
	defer longest.Stop()
	select {
	case <-wake:
	case <-longest.C:
		o.mu.Lock()
		if o.state == asleep {
			o.goOn()
		}
		o.mu.Unlock()
	}
}
