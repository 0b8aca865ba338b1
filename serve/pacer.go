package serve

import (
	"sync"
	"time"
)

// pacer keeps at most two pictures on the line. After each write the terminal is
// asked where its cursor is; its answer says that the picture has arrived. On a
// slow line one is enough, and a key waits for less.
type pacer struct {
	mu      sync.Mutex
	sent    []time.Time // of the writes not yet answered, oldest first
	handed  bool        // a picture is with the renderer, not yet written
	answers bool        // the terminal has answered before
	silent  bool        // it is taken for one that never does
	ended   bool        // nothing is asked any more
	last    time.Time   // of the last write
	trip    time.Duration
	wake    func() // called when a picture can be drawn again
}

const (
	mostInFlight = 2
	slowTrip     = 150 * time.Millisecond // from here on, one in flight
	// A terminal that has never answered by then never will; the first question
	// is asked before the first picture, so that a slow line is not one of them.
	patienceFirst = 2 * time.Second
	// One that has answered before is busy, or asleep.
	patience = 10 * time.Second
	// The pace of terminals that do not answer.
	silentPause = 100 * time.Millisecond
)

// room reports whether a picture can be drawn now, and if not, when to ask again
// if no answer comes before.
func (p *pacer) room(now time.Time) (ok bool, again time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := patienceFirst
	if p.answers {
		wait = patience
	}
	if len(p.sent) > 0 && now.Sub(p.sent[0]) >= wait {
		p.sent = p.sent[:0]
		p.silent = !p.answers
	}
	if p.silent {
		again = silentPause - now.Sub(p.last)
		return again <= 0, again
	}
	most := mostInFlight
	if p.trip > slowTrip {
		most = 1
	}
	inFlight := len(p.sent)
	if p.handed {
		inFlight++
	}
	if inFlight < most {
		return true, 0
	}
	if len(p.sent) == 0 {
		return false, silentPause // handed, to be written any moment
	}
	return false, wait - now.Sub(p.sent[0])
}

// hand says that the renderer was given a new picture.
func (p *pacer) hand() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed = true
}

// wrote says that a write is about to begin, and reports whether to ask for the
// cursor after it.
func (p *pacer) wrote(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed, p.last = false, now
	if p.silent || p.ended {
		return false
	}
	p.sent = append(p.sent, now)
	return true
}

// answered takes one answer.
func (p *pacer) answered(now time.Time) {
	p.mu.Lock()
	if len(p.sent) > 0 {
		p.trip = (p.trip + now.Sub(p.sent[0])) / 2
		p.sent = p.sent[1:]
	}
	p.answers, p.silent = true, false
	wake := p.wake
	p.mu.Unlock()
	if wake != nil {
		wake()
	}
}

// end says that nothing is to be asked any more.
func (p *pacer) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
}

// outstanding returns the number of answers that are still to come from a
// terminal that gives them.
func (p *pacer) outstanding() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.answers {
		return 0
	}
	return len(p.sent)
}
