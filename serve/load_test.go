package serve

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fifty visitors whose races move, and the echo of one's keys.
func TestFiftyVisitors(t *testing.T) { echoBeside(t, 50, time.Duration(*soak)*4*time.Second, moving) }

// TestTwoHundredVisitors is long and heavy: go test -run TwoHundred -soak 15.
func TestTwoHundredVisitors(t *testing.T) {
	needsSoak(t)
	echoBeside(t, 200, time.Minute, moving)
}

// Twenty visitors who scrub at a million steps: their replays hold no processor.
func TestTwentyScrubbers(t *testing.T) {
	needsSoak(t)
	echoBeside(t, 20, 30*time.Second, scrubbing)
}

func needsSoak(t *testing.T) {
	t.Helper()
	if *soak < 2 {
		t.Skip("needs -soak")
	}
}

// habit is what a visitor does all the time: keys, and how long until the next.
// It is first given the visitor at the opening scene.
type habit struct {
	begin func(*person) error
	keys  func() (keys string, pause time.Duration)
}

// A race that is over does not move, so it restarts now and then.
var moving = habit{
	begin: func(*person) error { return nil },
	keys:  func() (string, time.Duration) { return "r", time.Second + rand.N(2*time.Second) },
}

const (
	fullSpeed = "++++++++++++++++"
	scrubBack = "\x1b[1;5D"
	scrubOn   = "\x1b[1;5C"
)

var scrubbing = habit{
	begin: func(p *person) error {
		p.keys.Write([]byte(fullSpeed))
		return p.await("step 1000000", time.Minute)
	},
	keys: func() (string, time.Duration) {
		return []string{scrubBack, scrubBack, scrubOn, "<", ">", "P"}[rand.N(6)], 50 * time.Millisecond
	},
}

// echoBeside measures how long a key takes to its picture beside so many visitors.
func echoBeside(t *testing.T, count int, lasting time.Duration, h habit) {
	r := start(t, func(o *Options) { o.Limits.Sessions = count + 5 })
	stop := r.crowd(t, count, h)
	keen := r.visit(t, asker{user: "keen"}, terminalKind{name: "xterm-256color", width: 120, height: 40})
	keen.sees(t, "step")
	sent := r.counts.bytes.Load()
	var echoes []time.Duration
	for end := time.Now().Add(lasting); time.Now().Before(end); {
		text := "hints off"
		if len(echoes)%2 == 1 {
			text = "hints on"
		}
		began := time.Now()
		keen.press(t, "h")
		keen.sees(t, text)
		echoes = append(echoes, time.Since(began))
		time.Sleep(20 * time.Millisecond)
	}
	if live := r.admission.live(); live != count+1 {
		t.Errorf("%d sessions are live, want %d", live, count+1)
	}
	sent = r.counts.bytes.Load() - sent
	stop()
	slices.Sort(echoes)
	median, p99 := echoes[len(echoes)/2], echoes[len(echoes)*99/100]
	t.Logf("%d visitors for %s: key echo median %s, p99 %s of %d; %d KB a second", count, lasting,
		median, p99, len(echoes), int(float64(sent)/1000/lasting.Seconds()))
	if p99 > 250*time.Millisecond && count <= 50 && *soak > 1 && !raced {
		t.Errorf("the 99th percentile of the key echo is %s", p99)
	}
}

// TestMemoryOfAVisitor measures what 200 visitors take whose races move, and
// when they are paused.
func TestMemoryOfAVisitor(t *testing.T) {
	needsSoak(t)
	const count = 200
	r := start(t, func(o *Options) { o.Limits.Sessions = count })
	empty := resident()
	// They look for 10 s and pause then, for good.
	pause := make(chan struct{})
	h := moving
	h.keys = func() (string, time.Duration) {
		select {
		case <-pause:
			return "p", time.Minute // a step back, which pauses
		default:
			return "r", time.Second
		}
	}
	stop := r.crowd(t, count, h)
	time.Sleep(10 * time.Second)
	most := uint64(0)
	for range 20 {
		most = max(most, resident())
		time.Sleep(100 * time.Millisecond)
	}
	close(pause)
	time.Sleep(5 * time.Second)
	debug.FreeOSMemory()
	paused := resident()
	stop()
	each := func(bytes uint64) float64 { return float64(bytes-empty) / count / 1e6 }
	t.Logf("%d visitors, clients included: %.1f MB each while races move, %.1f paused", count, each(most), each(paused))
	if !raced && each(most) > 8 {
		t.Errorf("a visitor takes %.2f MB", each(most))
	}
}

// resident is what the process holds of the machine's memory, garbage included.
func resident() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}

// crowd lets in so many visitors with one habit, and returns when all of them
// have begun; stop sends them away.
func (r *room) crowd(t *testing.T, count int, h habit) (stop func()) {
	t.Helper()
	var begun, gone sync.WaitGroup
	end := make(chan struct{})
	for i := range count {
		begun.Add(1)
		gone.Go(func() {
			p, err := r.tryVisit(asker{from: fmt.Sprintf("127.0.5.%d", i+1)}, terminalKind{name: "xterm-256color", width: 120, height: 40})
			if err == nil {
				defer p.leave()
				err = h.begin(p)
			}
			if err != nil {
				t.Error(err)
				begun.Done()
				return
			}
			p.mu.Lock()
			p.blind = true // from now on it costs the test little
			p.mu.Unlock()
			begun.Done()
			r.goesOn(t, p, h, end)
		})
	}
	begun.Wait()
	return func() { close(end); gone.Wait() }
}

// goesOn presses a visitor's keys until the end.
func (r *room) goesOn(t *testing.T, p *person, h habit, end <-chan struct{}) {
	for {
		keys, pause := h.keys()
		p.keys.Write([]byte(keys))
		select {
		case <-end:
			return
		case <-p.over:
			ended := make(chan error, 1)
			go func() { ended <- p.client.Wait() }()
			select {
			case err := <-ended:
				t.Errorf("a visitor was dropped, its connection by %v:\n%s", err, strings.TrimSpace(r.log.String()))
			case <-time.After(time.Second):
				t.Errorf("a visitor was dropped, whose connection stays:\n%s", strings.TrimSpace(r.log.String()))
			}
			return
		case <-time.After(pause):
		}
	}
}
