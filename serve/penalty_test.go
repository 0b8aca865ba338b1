package serve

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// owed returns what an address owes now.
func (r *room) owed(address string) time.Duration {
	r.admission.mu.Lock()
	defer r.admission.mu.Unlock()
	return r.admission.source(address, time.Now()).owed(time.Now())
}

// What a connection costs its address, by how it ends.
func TestWhatAddressesOwe(t *testing.T) {
	known, other := newKey(t), newKey(t)
	var explosive atomic.Value // the address whose handshake panics
	r := startWith(t, func(o *Options) {
		o.AuthorizedKeys, o.Present = keyFile(t, known), true
		o.Limits.Handshake = time.Second
	}, func(s *Server) {
		config := s.ssh.ServerConfigCallback
		s.ssh.ServerConfigCallback = func(ctx ssh.Context) *gossh.ServerConfig {
			if ctx.Value(connectionKey).(*connection).address == explosive.Load() {
				panic("burst")
			}
			return config(ctx)
		}
	})
	fails := func(a asker) {
		if client, err := r.connect(a); err == nil {
			client.Close()
			t.Error("came in")
		}
	}
	for i, c := range []struct {
		name string
		do   func(from string)
		owes time.Duration
	}{
		{"a visit", func(from string) { r.visit(t, asker{from: from, auth: keys(other, known)}, ordinary()).leave() }, 0},
		{"a hang-up", func(from string) { io.WriteString(r.tcp(t, from), "SSH-2.0-x\r\nxxxx") }, owesNoAuth},
		{"no key", func(from string) { fails(asker{from: from}) }, owesNoAuth},
		{"another key", func(from string) { fails(asker{from: from, auth: keys(other)}) }, owesAuthFail},
		{"a signature by another key", func(from string) { fails(asker{from: from, auth: keys(impostor{other, known.PublicKey()})}) }, owesNoAuth + owesAuthFail},
		{"two wrong codes", func(from string) {
			fails(asker{from: from, user: presenterName, auth: []gossh.AuthMethod{gossh.RetryableAuthMethod(withCode("wrong")[0], 2)}})
		}, 3 * owesAuthFail},
		{"new keys again and again", func(from string) {
			if r.renewer(t, asker{from: from, auth: keys(known)}).renew(1000) {
				t.Error("is not cut off")
			}
		}, owesAuthFail},
		{"silence", func(from string) { io.Copy(io.Discard, r.tcp(t, from)) }, owesGrace},
		{"no shell", func(from string) { r.mustConnect(t, asker{from: from, auth: keys(known)}).Wait() }, owesGrace},
		{"a panic", func(from string) {
			explosive.Store(from)
			fails(asker{from: from, auth: keys(known)})
		}, owesCrash},
	} {
		from := fmt.Sprintf("127.0.9.%d", i+1)
		if r.owed(from) != 0 {
			t.Errorf("%s: owes before", c.name)
		}
		c.do(from)
		eventually(t, c.name+" is over", 5*time.Second, func() bool {
			r.admission.mu.Lock()
			defer r.admission.mu.Unlock()
			return r.admission.sources[from].here == 0
		})
		// That a signature is wrong is known a little after the connection is closed.
		eventually(t, fmt.Sprintf("%s: owes %s", c.name, c.owes), 2*time.Second, func() bool {
			owed := r.owed(from)
			return owed <= c.owes && owed >= c.owes-allowed(2*time.Second)
		})
	}
	eventually(t, "the log says that the handshake panicked", 2*time.Second, func() bool { return strings.Contains(r.log.String(), "reason=panic") })
}

// Who fails again and again has to wait, is told so, and is let in then.
func TestWhoOwesWaits(t *testing.T) {
	known, other := newKey(t), newKey(t)
	r := start(t, func(o *Options) { o.AuthorizedKeys, o.Limits = keyFile(t, known), DefaultLimits() })
	const from = "127.0.0.5"
	var err error
	failures := 0
	for ; failures < 10; failures++ {
		before := r.owed(from)
		if _, err = r.connect(asker{from: from, auth: keys(other)}); strings.Contains(err.Error(), "too many failures") {
			break
		}
		eventually(t, "the failure costs something", 3*time.Second, func() bool { return r.owed(from) > before })
	}
	// It is paid off while the test runs.
	if failures < 5 || failures > 6 || !strings.Contains(err.Error(), "too many failures from your address; wait ") {
		t.Errorf("after %d failures: %v", failures, err)
	}
	if client, err := r.connect(asker{from: "127.0.0.6", auth: keys(known)}); err != nil {
		t.Errorf("another address is refused as well: %v", err)
	} else {
		client.Close()
	}
	r.admission.mu.Lock() // some seconds later
	r.admission.sources[from].paid = r.admission.sources[from].paid.Add(-10 * time.Second)
	r.admission.mu.Unlock()
	r.mustConnect(t, asker{from: from, auth: keys(known)})
}

// A class behind one address may mistype.
func TestClassThatMistypes(t *testing.T) {
	known, other := newKey(t), newKey(t)
	r := start(t, func(o *Options) {
		o.AuthorizedKeys = keyFile(t, known)
		o.Limits.PerAddress, o.Limits.Connects = 100, 200 // as in README
	})
	for range 50 {
		if _, err := r.connect(asker{auth: keys(other)}); err == nil || strings.Contains(err.Error(), "too many") {
			t.Fatal(err)
		}
	}
	r.mustConnect(t, asker{auth: keys(known)})
}

func TestPenaltiesAddUp(t *testing.T) {
	a := door(t, 32)
	const most = 100*owesAuthFail + mostOwed // of 100 connections
	for range 200 {
		a.penalise("192.0.2.1", owesGrace)
	}
	if owed := a.source("192.0.2.1", time.Now()).owed(time.Now()); owed > most || owed < most-time.Minute {
		t.Errorf("owes %s, want %s", owed, most)
	}
	if _, reason := a.admit(from{address: "192.0.2.1:9"}); !strings.Contains(reason, "wait 10m0s") {
		t.Errorf("is told %q", reason)
	}
	// Networks of 64 bits are one address.
	a.penalise("2001:db8:1:2::/64", most)
	if _, reason := a.admit(from{address: "[2001:db8:1:2:3::4]:9"}); !strings.Contains(reason, "wait") {
		t.Errorf("the neighbour of an IPv6 address is told %q", reason)
	}
}

// Behind a balancer all have one address: there it must not pay for them all.
func TestNoPenalties(t *testing.T) {
	a := door(t, 32)
	a.limits.Penalties = false
	a.penalise("192.0.2.1", time.Hour)
	a.comes(t, "192.0.2.1")
}

// What is remembered of addresses is bounded, and who owes is forgotten last.
func TestAddressesAreForgotten(t *testing.T) {
	for name, other := range map[string]func(*source){
		"nothing": func(*source) {},
		"came":    func(s *source) { s.connects = append(s.connects, time.Now()) },
	} {
		t.Run(name, func(t *testing.T) { forgets(t, other) })
	}
}

// forgets lets many addresses come: some that owe, some that have just come, and
// others.
func forgets(t *testing.T, other func(*source)) {
	a := door(t, 32)
	now := time.Now()
	address := func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255) }
	a.comes(t, "192.0.2.1") // and stays
	for i := range 3 * mostSources {
		s := a.source(address(i), now)
		switch i % 16 {
		case 0:
			a.penalise(address(i), owesAuthFail)
		case 1:
			s.connects = append(s.connects, now)
		default:
			other(s)
		}
		if len(a.sources) > mostSources {
			t.Fatalf("%d addresses are remembered, want at most %d", len(a.sources), mostSources)
		}
	}
	owing, came := 0, 0
	for _, s := range a.sources {
		if s.owed(now) > 0 {
			owing++
		}
		came += len(s.connects)
	}
	if want := 3 * mostSources / 16; owing != want || came < want {
		t.Errorf("%d that owe and %d that came are remembered, want %d", owing, came, want)
	}
	if a.sources["192.0.2.1"] == nil {
		t.Error("one that is connected is forgotten")
	}
}

// Who gives way to another owes for it once.
func TestGivingWayCostsOnce(t *testing.T) {
	a := door(t, 32)
	one := a.comes(t, "192.0.2.1")
	a.mu.Lock()
	a.giveWay(one)
	a.mu.Unlock()
	eventually(t, "it is closed", 3*time.Second, func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return one.released
	})
	if owed := a.source("192.0.2.1", time.Now()).owed(time.Now()); owed > owesNoAuth || owed == 0 {
		t.Errorf("owes %s, want %s", owed, owesNoAuth)
	}
}
