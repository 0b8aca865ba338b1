package pace

import (
	"sync"
	"time"
)

// Pacer keeps at most two pictures on the line. After each write the terminal is
// asked where its cursor is; its answer says that the picture has arrived. On a
// slow line one is enough, and a key waits for less.
type Pacer struct {
	mu      sync.Mutex
	sent    []sent        // the writes not yet answered, oldest first
	handed  bool          // a picture is with the renderer, not yet written
	answers bool          // the terminal has answered before
	silent  bool          // it is taken for one that never does
	ended   bool          // nothing is asked any more
	last    time.Time     // of the last write
	fastest time.Duration // from a write to its answer, so far
	rate    float64       // bytes a second that the line takes; 0 while not known
	Wake    func()        // called when a picture can be drawn again
}

// sent is a write, with all bytes that were under way when it had been made.
type sent struct {
	at       time.Time
	size     int
	underWay int
}

const (
	MostInFlight = 2
	slowRate     = 16_000 // bytes a second, below which one is in flight, in parts
	measurable   = 200    // bytes, from which on a write tells how fast the line is
	// A terminal that has never answered by then never will; the first question
	// is asked before the first picture, so that a slow line is not one of them.
	PatienceFirst = 2 * time.Second
	// One that has answered before is busy, or asleep.
	patience = 10 * time.Second
	// The pace of terminals that do not answer.
	silentPause = 100 * time.Millisecond
)

// room reports whether a picture can be drawn now, and if not, when to ask again
// if no answer comes before.
func (p *Pacer) room(now time.Time) (ok bool, again time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := PatienceFirst
	if p.answers {
		wait = patience
	}
	if len(p.sent) > 0 && now.Sub(p.sent[0].at) >= wait {
		p.sent = p.sent[:0]
		p.silent = !p.answers
	}
	if p.silent {
		again = silentPause - now.Sub(p.last)
		return again <= 0, again
	}
	most := MostInFlight
	if p.isSlow() {
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
	return false, wait - now.Sub(p.sent[0].at)
}

// slow reports whether the line takes long for a picture.
func (p *Pacer) slow() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.isSlow()
}

func (p *Pacer) isSlow() bool { return p.rate > 0 && p.rate < slowRate }

// hand says that the renderer was given a new picture.
func (p *Pacer) hand() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed = true
}

// wrote says that a write of so many bytes is about to begin, and reports whether to ask for the
// cursor after it.
func (p *Pacer) wrote(now time.Time, size int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed, p.last = false, now
	if p.silent || p.ended {
		return false
	}
	underWay := size
	for _, s := range p.sent {
		underWay += s.size
	}
	p.sent = append(p.sent, sent{now, size, underWay})
	return true
}

// Answered takes one answer.
func (p *Pacer) Answered(now time.Time) {
	p.mu.Lock()
	if len(p.sent) > 0 {
		p.measure(p.sent[0], now)
		p.sent = p.sent[1:]
	}
	p.answers, p.silent = true, false
	wake := p.Wake
	p.mu.Unlock()
	if wake != nil {
		wake()
	}
}

// measure learns from an answer how fast the line is. A line may be long without
// being slow: what the fastest answer took is not the bytes' fault.
func (p *Pacer) measure(s sent, now time.Time) {
	took := now.Sub(s.at)
	if p.fastest == 0 || took < p.fastest {
		p.fastest = took
	}
	if s.underWay < measurable {
		return
	}
	rate := float64(s.underWay) / (took - p.fastest).Seconds() // +Inf for the fastest
	if p.rate == 0 {
		p.rate = rate
	}
	// The mean of the times that a byte takes, so that one slow answer counts.
	p.rate = 2 / (1/p.rate + 1/rate)
}

// End says that nothing is to be asked any more.
func (p *Pacer) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
}

// Outstanding returns the number of answers that are still to come from a
// terminal that gives them.
func (p *Pacer) Outstanding() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.answers {
		return 0
	}
	return len(p.sent)
}
