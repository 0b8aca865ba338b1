package serve

import (
	"sync"
	"time"
)

// bucket lets so many things pass a second on average, and a burst of them at
// once.
type bucket struct {
	mu     sync.Mutex
	rate   float64 // a second
	burst  float64
	spent  float64
	before time.Time
}

func newBucket(rate, burst float64) *bucket { return &bucket{rate: rate, burst: burst} }

// take takes n and returns how long to wait until they are due, 0 if they
// already are.
func (b *bucket) take(n float64) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.spent = max(0, b.spent-now.Sub(b.before).Seconds()*b.rate) + n
	b.before = now
	if b.spent <= b.burst {
		return 0
	}
	return time.Duration((b.spent - b.burst) / b.rate * float64(time.Second))
}

// pass takes one where it is due at once, and nothing otherwise.
func (b *bucket) pass() bool {
	if b.take(1) == 0 {
		return true
	}
	b.mu.Lock()
	b.spent--
	b.mu.Unlock()
	return false
}
