package serve

import (
	"crypto/sha256"
	"sync"
)

// mostGuests bounds the visitors that are remembered; the one who came first is
// forgotten first.
const mostGuests = 10_000

// guests knows who has been here since the server started, by digests that are of
// one size whatever names clients have.
type guests struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]bool
	order [][sha256.Size]byte // a ring once it is full
	next  int
}

// new reports whether a visitor has not been here, and remembers it.
func (g *guests) new(who string) bool {
	digest := sha256.Sum256([]byte(who))
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known[digest] {
		return false
	}
	if g.known == nil {
		g.known = map[[sha256.Size]byte]bool{}
	}
	if len(g.order) < mostGuests {
		g.order = append(g.order, digest)
	} else {
		delete(g.known, g.order[g.next])
		g.order[g.next] = digest
		g.next = (g.next + 1) % mostGuests
	}
	g.known[digest] = true
	return true
}

// guest says who a visitor is: by the key that was proven or, where there is none,
// by name and address.
func (v *visitor) guest() string {
	if key := v.granted(grantedKey); key != "" {
		return key
	}
	return v.session.User() + "@" + v.conn.address
}
