package serve

import (
	"cmp"
	"slices"
	"time"
)

// progress is how far a connection has come on its way to a shell, by what that
// has cost the client. What it has sent counts for nothing: bytes are free.
type progress int

const (
	arrived       progress = iota
	exchanged              // keys: it has sent a message that is encrypted with them
	asked                  // for the presenter's code, which a person types
	authenticated          // or let in without
	served                 // at a shell
)

// How many may stand at one step of the way: from half of the places on, whoever
// comes to the step makes another one give way by chance, the more surely the
// fewer places are left. This is sshd's MaxStartups (start:rate:full), but that
// the newcomer is let in: it is more likely than any other to be honest.
const (
	fewestPlaces = 512
	dropRate     = 0.3 // of chance, where half the places are taken
	// youth is within what time none gives way by chance: an honest client over a
	// long line is done with a step by then.
	youth = 3 * time.Second
	// Of these places a network, and an address, has one in so many for itself;
	// with more it gives way first.
	networkShare = 8
	addressShare = 16
)

// placesFor returns how many may stand at one step of the way.
func placesFor(sessions int) int { return max(fewestPlaces, 8*sessions) }

// standing returns who is at a step of the way, who has been there longest first.
func (a *admission) standing(step progress) (those []*connection) {
	for _, c := range a.connections {
		if c.progress == step {
			those = append(those, c)
		}
	}
	return those
}

// makeRoom lets one of those who stand at a step give way to one who comes there,
// if it must be.
func (a *admission) makeRoom(step progress, now time.Time) {
	standing := a.standing(step)
	free, half := a.places-len(standing), a.places-a.places/2
	switch {
	case free > half:
	case free <= 0:
		a.giveWay(a.leastWelcome(standing, standing, now))
	case a.chance() < 1-(1-dropRate)*float64(free)/float64(half):
		old := slices.DeleteFunc(slices.Clone(standing), func(c *connection) bool { return now.Sub(c.since) < youth })
		if len(old) > 0 {
			a.giveWay(a.leastWelcome(old, standing, now))
		}
	}
}

// leastWelcome returns who of some should give way: first one of a network, then
// one of an address, that has more than its share of those who stand there; then
// one whose address owes for what it has done before; then the one that has stood
// there longest, which is the first.
func (a *admission) leastWelcome(of, standing []*connection, now time.Time) *connection {
	networks, addresses := map[string]int{}, map[string]int{}
	for _, c := range standing {
		networks[c.network]++
		addresses[c.address]++
	}
	excess := func(count, share int) int { return max(0, count-a.places/share) }
	return slices.MaxFunc(of, func(b, c *connection) int {
		return cmp.Or(
			cmp.Compare(excess(networks[b.network], networkShare), excess(networks[c.network], networkShare)),
			cmp.Compare(excess(addresses[b.address], addressShare), excess(addresses[c.address], addressShare)),
			cmp.Compare(a.owes(b, now), a.owes(c, now)))
	})
}

// giveWay ends a connection for the sake of another. Its address owes for it at
// once: whoever comes back and back is the first to go.
func (a *admission) giveWay(c *connection) {
	a.drop(c)
	c.leaving = true
	a.penalise(c.address, owesNoAuth)
	c.start("giving way", func() { c.cut(gaveWay) })
}

// advance notes that a connection has come further, and gives it the time for
// the step that is next. Nobody goes back.
func (a *admission) advance(c *connection, to progress) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.released || c.leaving || c.progress >= to {
		return
	}
	now := time.Now()
	a.makeRoom(to, now)
	a.drop(c)
	c.progress, c.since = to, now
	a.connections = append(a.connections, c)
	switch to {
	case asked: // once, however often
		c.until(c.began.Add(max(a.codeTime, a.limits.Handshake)))
	case authenticated:
		c.proven.Store(true)
		c.until(now.Add(a.limits.Handshake))
	}
}
