package serve

import (
	"sync"
	"time"
)

// rateLimiter allows events at a rate, and bursts of them.
type rateLimiter struct {
	mu     sync.Mutex
	rate   float64 // a second
	burst  float64
	spent  float64
	before time.Time
}

func newRateLimiter(rate, burst float64) *rateLimiter { return &rateLimiter{rate: rate, burst: burst} }

// reserve takes n and returns how long to wait until they are due, 0 if they
// already are.
func (b *rateLimiter) reserve(n float64) time.Duration {
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

// allow takes one where it is due at once, and nothing otherwise.
func (b *rateLimiter) allow() bool {
	if b.reserve(1) == 0 {
		return true
	}
	b.mu.Lock()
	b.spent--
	b.mu.Unlock()
	return false
}
