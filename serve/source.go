package serve

import (
	"net"
	"net/netip"
	"time"
)

// source is what is known of one address.
type source struct {
	here     int         // connections
	connects []time.Time // of the last minute
	// paid is when what it owes for what it has done is paid off, as sshd's
	// PerSourcePenalties has it.
	paid time.Time
}

// What an address owes for one of its connections, in time. All of it adds up.
const (
	owesNoAuth   = time.Second      // hung up, or broke the protocol, before it tried to authenticate
	owesAuthFail = 5 * time.Second  // failed to authenticate, or took too many keys; a wrong code costs as much each time
	owesGrace    = 20 * time.Second // let its time pass
	owesCrash    = 90 * time.Second // made the server panic
	mostOwed     = 10 * time.Minute // beyond what is tolerated
)

// tolerated returns how much an address may owe before it is refused: as many
// failures to authenticate as it may have connections, since a room often has one
// address.
func tolerated(limits Limits) time.Duration {
	return time.Duration(min(limits.PerAddress, 1e6)) * owesAuthFail
}

// mostSources is how many addresses are remembered.
const mostSources = 8192

// source returns what is known of an address.
func (a *admission) source(address string, now time.Time) *source {
	s := a.sources[address]
	if s == nil {
		if len(a.sources) >= mostSources {
			a.forget(now)
		}
		s = &source{}
		a.sources[address] = s
	}
	for len(s.connects) > 0 && now.Sub(s.connects[0]) > connectsSpan {
		s.connects = s.connects[1:]
	}
	return s
}

// forget makes room for a quarter of all addresses: first those of which nothing
// is to be remembered, then those that owe nothing, then whichever. It never
// forgets one that is connected, of which there are not so many.
func (a *admission) forget(now time.Time) {
	for _, matters := range []func(*source) bool{
		func(s *source) bool {
			return s.paid.After(now) || len(s.connects) > 0 && now.Sub(s.connects[len(s.connects)-1]) <= connectsSpan
		},
		func(s *source) bool { return s.paid.After(now) },
		func(*source) bool { return false },
	} {
		for address, s := range a.sources {
			if len(a.sources) <= mostSources*3/4 {
				return
			}
			if s.here == 0 && !matters(s) {
				delete(a.sources, address)
			}
		}
	}
}

// owed returns how much of what it owes is left.
func (s *source) owed(now time.Time) time.Duration { return max(0, s.paid.Sub(now)) }

// penalise makes an address owe so much more. The mutex is held.
func (a *admission) penalise(address string, owes time.Duration) {
	if !a.limits.Penalties {
		return
	}
	now := time.Now()
	s := a.source(address, now)
	s.paid = now.Add(min(s.owed(now)+owes, tolerated(a.limits)+mostOwed))
}

// owes returns how much the address of a connection owes, in twentieths of what is
// tolerated: less is not worth telling apart.
func (a *admission) owes(c *connection, now time.Time) time.Duration {
	return a.source(c.address, now).owed(now).Round(tolerated(a.limits) / 20)
}

// addressOf returns what counts as one address, and as one network: of IPv6 what
// one customer has, a /64, and a /48; of IPv4 the address and its /24.
func addressOf(addr net.Addr) (address, network string) {
	from, _ := netip.ParseAddrPort(addr.String()) // the server listens on TCP, and so it is one
	ip := from.Addr().WithZone("")
	one, many := 64, 48
	if ip.Is4() {
		one, many = 32, 24
	} else if ip.IsLinkLocalUnicast() {
		one = 128
	}
	return prefix(ip, one), prefix(ip, many)
}

func prefix(ip netip.Addr, bits int) string {
	if bits == ip.BitLen() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, bits).Masked().String()
}
