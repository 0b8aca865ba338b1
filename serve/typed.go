package serve

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// typed is what a client has sent and its session has not yet read. The SSH
// library keeps every packet that is not read, whatever its size, and so they are
// all read as they come; here there is as much as a tty has, and no more.
type typed struct {
	asked atomic.Int64  // questions where the cursor is, without an answer so far
	more  chan struct{} // holds one where there may be more to read

	mu     sync.Mutex
	filter pasteFilter
	text   []byte    // mostTyped at most
	last   time.Time // when something came
	ended  bool
}

const (
	mostTyped   = 4096 // bytes
	escapeWait  = 50 * time.Millisecond
	sequenceGap = time.Second // within a sequence, where a line is slow
)

func newTyped() *typed {
	t := &typed{more: make(chan struct{}, 1)}
	t.filter.answered = func() bool {
		if t.asked.Load() == 0 {
			return false
		}
		t.asked.Add(-1) // only here, under the mutex
		return true
	}
	return t
}

// drain takes all that comes on a channel.
func (t *typed) drain(channel gossh.Channel) {
	var buffer [1024]byte
	for err := error(nil); err == nil; {
		var n int
		n, err = channel.Read(buffer[:])
		t.add(buffer[:n], time.Now())
	}
}

// add takes what has come. A unit for which there is no room is lost.
func (t *typed) add(from []byte, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var unit [2 * longestUnit]byte
	if due, _ := t.due(now); due {
		t.put(t.filter.giveUp(unit[:0]))
	}
	t.last = now
	for _, b := range from {
		t.put(t.filter.next(unit[:0], b))
	}
	t.tell()
}

func (t *typed) put(unit []byte) {
	if len(t.text)+len(unit) <= mostTyped {
		t.text = append(t.text, unit...)
	}
}

// end says that nothing more comes.
func (t *typed) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.tell()
}

func (t *typed) tell() {
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// due reports whether the unit that has begun is to be given up, and when else.
func (t *typed) due(now time.Time) (due bool, wait time.Duration) {
	begun, key := t.filter.waiting()
	if !begun {
		return false, 0
	}
	wait = sequenceGap
	if key {
		wait = escapeWait
	}
	wait -= now.Sub(t.last)
	return wait <= 0, wait
}

// take returns what there is to read, or how long to wait for it at most, if
// that is not 0.
func (t *typed) take(p []byte, now time.Time) (n int, wait time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	due, wait := t.due(now)
	if due {
		t.put(t.filter.giveUp(nil))
	}
	n = copy(p, t.text)
	t.text = append(t.text[:0], t.text[n:]...)
	if n == 0 && t.ended {
		err = io.EOF
	}
	return n, wait, err
}

// read waits for text.
func (t *typed) read(p []byte) (int, error) {
	for {
		n, wait, err := t.take(p, time.Now())
		if n > 0 || err != nil {
			return n, err
		}
		var late <-chan time.Time
		if wait > 0 {
			late = time.After(wait)
		}
		select {
		case <-t.more:
		case <-late:
		}
	}
}
