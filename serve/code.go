package serve

import (
	"crypto/rand"
	"strings"
	"sync"
)

// code is the presenter's password. It works once; then there is another.
type code struct {
	mu      sync.Mutex
	current string
	tell    func(string) // is given every new code
}

func newCode(tell func(string)) *code {
	c := &code{tell: tell}
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

// spend reports whether the answer is the code, which then works no more.
func (c *code) spend(answer string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == "" || !sameText(strings.ToLower(strings.TrimSpace(answer)), c.current) {
		return false
	}
	c.current = ""
	return true
}
