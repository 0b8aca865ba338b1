package serve

import (
	"crypto/rand"
	"strings"
	"sync"

	"golang.org/x/time/rate"
)

// code is the presenter's password. It works once; then there is another.
type code struct {
	mu      sync.Mutex
	current string
	tell    func(string)  // is given every new code
	guesses *rate.Limiter // of all clients
}

// How often the code may be guessed, by all clients together: in a day, once in
// two million.
const (
	guessRate  = 5 // a second
	guessBurst = 50
)

func newCode(tell func(string)) *code {
	c := &code{tell: tell, guesses: rate.NewLimiter(guessRate, guessBurst)}
	c.renew()
	return c
}

// renew makes another code: 40 bits in letters that are read and typed easily.
func (c *code) renew() {
	text := strings.ToLower(rand.Text()[:8])
	c.mu.Lock()
	c.current = text[:4] + "-" + text[4:]
	current := c.current
	c.mu.Unlock()
	c.tell(current)
}

// spend returns no error where the answer is the code, which then works no more.
func (c *code) spend(answer string) error {
	if !c.guesses.Allow() {
		return denial("too many guesses of the presenter's code")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == "" || !sameText(strings.ToLower(strings.TrimSpace(answer)), c.current) {
		return denial("wrong presenter's code")
	}
	c.current = ""
	return nil
}
