package serve

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// from is a connection that comes from somewhere.
type from struct {
	net.Conn
	address string
}

func (f from) RemoteAddr() net.Addr {
	tcp, err := net.ResolveTCPAddr("tcp", f.address)
	if err != nil {
		panic(err)
	}
	return tcp
}

func (f from) Close() error { return nil }

// door is an admission without a listener, with so many places.
func door(t *testing.T, places int) *admission {
	limits := DefaultLimits()
	limits.PerAddress = 100
	limits.Connects = 100
	limits.Handshake = time.Hour
	a := newAdmission(nil, limits)
	a.places, a.chance = places, func() float64 { return 1 }
	a.closed = func(*connection) {}
	t.Cleanup(a.closeAll)
	return a
}

// comes lets one come from each of some hosts, and returns the last.
func (a *admission) comes(t *testing.T, hosts ...string) (last *connection) {
	t.Helper()
	for _, host := range hosts {
		reason := ""
		if last, reason = a.admit(from{address: net.JoinHostPort(host, "9")}); reason != "" {
			t.Fatalf("%s is refused: %s", host, reason)
		}
	}
	return last
}

// stands returns the hosts of those who are at a step of the way.
func (a *admission) stands(step progress) (hosts []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.connections {
		if c.progress == step {
			hosts = append(hosts, c.Conn.(from).RemoteAddr().(*net.TCPAddr).IP.String())
		}
	}
	return hosts
}

// several returns addresses of a network.
func several(network string, count int) (hosts []string) {
	for i := range count {
		hosts = append(hosts, fmt.Sprintf(network, i+1))
	}
	return hosts
}

func TestWhoGivesWay(t *testing.T) {
	const places = 32 // a share of 4 for each network, of 2 for each address
	nets := several("10.0.%d.7", places)
	for _, c := range []struct {
		name  string
		come  []string
		owes  string // who owes something before
		gives string
		much  time.Duration // that is owed, half a minute by default
	}{
		{come: nets, name: "where all are alike, who stands longest", gives: "10.0.1.7"},
		{come: nets, name: "who owes", owes: "10.0.20.7", gives: "10.0.20.7"},
		{come: nets, name: "not who owes little", owes: "10.0.20.7", gives: "10.0.1.7", much: 10 * time.Second},
		{name: "one of the network that has more than its share",
			come: slices.Concat(nets[:places-8], several("10.9.9.%d", 5), nets[:3]), gives: "10.9.9.1"},
		{name: "in an IPv6 network of 48 bits",
			come: slices.Concat(nets[:places-5], several("2001:db8:1:%d::7", 5)), gives: "2001:db8:1:1::7"},
		{name: "who owes, before a network that has no more than its share",
			come: slices.Concat(nets[:places-4], several("10.9.9.%d", 4)), owes: "10.0.20.7", gives: "10.0.20.7"},
		{name: "in a network that has too much, who owes",
			come: slices.Concat(several("10.9.9.%d", 20), nets[:places-20]), owes: "10.9.9.5", gives: "10.9.9.5"},
		{name: "in a network that has too much, one of the address that has",
			come: slices.Concat(several("10.9.9.%d", 20), []string{"10.9.9.40", "10.9.9.40", "10.9.9.40"}, nets[:places-23]), gives: "10.9.9.40"},
		{name: "in IPv6, 64 bits are one address",
			come: slices.Concat(several("2001:db8:1:%d::7", 20), several("2001:db8:1:40::%d", 3), nets[:places-23]), gives: "2001:db8:1:40::1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := door(t, places)
			a.comes(t, c.come...)
			if c.owes != "" {
				a.mu.Lock()
				a.penalise(c.owes, cmp.Or(c.much, 30*time.Second))
				a.mu.Unlock()
			}
			const newcomer = "192.0.2.1"
			a.comes(t, newcomer)
			want := append(slices.Clone(c.come), newcomer)
			at := slices.Index(want, c.gives)
			want = slices.Delete(want, at, at+1)
			if got := a.stands(arrived); !slices.Equal(got, want) {
				t.Errorf("there stand %v, want all but %s", got, c.gives)
			}
			address, _ := addressOf(from{address: net.JoinHostPort(c.gives, "9")}.RemoteAddr())
			a.mu.Lock() // those who give way are on their way out
			defer a.mu.Unlock()
			if a.sources[address].owed(time.Now()) == 0 {
				t.Errorf("%s gives way and may come back as before", c.gives)
			}
		})
	}
}

// Before all places are taken some give way by chance, but none that has just come.
func TestGiveWayByChance(t *testing.T) {
	const places = 32
	a := door(t, places)
	least := 0.0 // the chance at which nobody gives way
	a.chance = func() float64 { return least }
	come := several("10.0.%d.7", places-1)
	a.comes(t, come[:places/2+1]...)
	if got := len(a.stands(arrived)); got != places/2+1 {
		t.Errorf("%d stand there: some who have just come gave way", got)
	}
	for _, c := range a.connections {
		c.since = c.since.Add(-youth)
	}
	least = dropRate + 0.1
	a.comes(t, come[places/2+1])
	if got := a.stands(arrived); !slices.Equal(got, come[:places/2+2]) {
		t.Errorf("half the places are taken, and more than %v give way: there stand %v", dropRate, got)
	}
	a.comes(t, come[places/2+2:]...) // the fewer places are left, the more
	if got := a.stands(arrived); len(got) >= places-1 || got[0] == come[0] {
		t.Errorf("nobody gave way while all but one of the places were taken: there stand %v", got)
	}
}

// Each step of the way has places of its own: who gets further is not kept from
// it by those who do not, nor by those who stay there.
func TestStepsOfTheWay(t *testing.T) {
	const places = 32
	a := door(t, places)
	for step := authenticated; step >= arrived; step-- {
		for _, host := range several("10.0.%d.7", 2*places) {
			c := a.comes(t, host)
			for to := arrived; to <= step; to++ {
				a.advance(c, to)
			}
		}
	}
	for step := arrived; step < served; step++ {
		if got := len(a.stands(step)); got != places {
			t.Errorf("%d stand at step %d, want %d", got, step, places)
		}
	}
	c := a.comes(t, "192.0.2.1")
	for step := exchanged; step < served; step++ {
		a.advance(c, step)
	}
	if !a.establish(c) {
		t.Error("who comes to the shell finds no place")
	}
}

// Nobody stands anew at a step by taking it again, or goes on while giving way, or
// when gone.
func TestNoStepBack(t *testing.T) {
	a := door(t, 2)
	first, second := a.comes(t, "192.0.2.1"), a.comes(t, "192.0.2.2")
	for _, c := range []*connection{first, second, first} {
		a.advance(c, exchanged)
	}
	if got := a.stands(exchanged); !slices.Equal(got, []string{"192.0.2.1", "192.0.2.2"}) {
		t.Errorf("there stand %v", got)
	}
	a.advance(first, arrived)
	if first.progress != exchanged {
		t.Error("goes back")
	}
	a.mu.Lock()
	a.giveWay(first)
	a.giveWay(second)
	a.mu.Unlock()
	a.advance(first, authenticated)
	if len(a.stands(authenticated)) != 0 || a.establish(second) {
		t.Error("goes on while it gives way")
	}
	gone, late := a.comes(t, "192.0.2.3"), a.comes(t, "192.0.2.4")
	gone.Close()
	a.advance(gone, exchanged)
	if len(a.stands(exchanged)) != 0 || a.establish(gone) || a.live() != 0 {
		t.Error("goes on when it is gone")
	}
	if gone.deadline.Stop() {
		t.Error("is kept until its deadline when it is gone")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a.Listener = listener
	a.close()
	if a.establish(late) {
		t.Error("comes to the shell of a server that stops")
	}
}

// The time for a step begins with the connection, but for the last one.
func TestDeadlines(t *testing.T) {
	type at struct {
		second int
		to     progress
	}
	for _, c := range []struct {
		name  string
		steps []at
		ends  int // seconds after the connection
		limit int // in seconds, 10 by default
	}{
		{name: "who does nothing", ends: 10},
		{name: "who exchanges keys", steps: []at{{9, exchanged}}, ends: 10},
		{name: "who is asked for the code again and again", steps: []at{{1, exchanged}, {2, asked}, {30, asked}, {59, asked}}, ends: 60},
		{name: "who is asked where all have longer", steps: []at{{1, asked}}, ends: 90, limit: 90},
		{name: "who authenticates", steps: []at{{8, exchanged}, {9, authenticated}}, ends: 19},
		{name: "who types the code", steps: []at{{8, exchanged}, {9, asked}, {55, authenticated}}, ends: 65},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := door(t, 32)
			a.limits.Handshake = time.Duration(cmp.Or(c.limit, 10)) * time.Second
			began := time.Now()
			pending := a.comes(t, "192.0.2.1")
			for _, step := range c.steps {
				time.Sleep(time.Duration(step.second)*time.Second - time.Since(began))
				a.advance(pending, step.to)
			}
			for len(a.stands(pending.progress)) > 0 {
				time.Sleep(time.Second / 2)
			}
			if took := time.Since(began).Seconds(); int(took) != c.ends {
				t.Errorf("%s has %v s, want %d", c.name, took, c.ends)
			}
		})
	}
}

// What no client of SSH says is cut off at its first bytes.
func TestPlain(t *testing.T) {
	const version = "SSH-2.0-x\r\n"
	packet := func(length uint32, kind byte, rest int) string {
		head := []byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length), 4, kind}
		return string(append(head, make([]byte, rest)...))
	}
	for _, c := range []struct{ name, said, wrong string }{
		{"HTTP", "G", "does not speak SSH"},
		{"a line before the version", "hello\r\n", "does not speak SSH"},
		{"an endless version", "SSH-2.0-" + strings.Repeat("x", 250), "a version too long"},
		{"a packet of 200,000 bytes", version + packet(200_000, 20, 0), "a packet of an invalid length"},
		{"a packet of 4 GB", version + packet(1<<32-1, 20, 0), "a packet of an invalid length"},
		{"a packet of nothing", version + packet(0, 20, 0), "a packet of an invalid length"},
		{"a long second packet", version + packet(102, 20, 100) + packet(35_001, 30, 0), "a packet of an invalid length"},
		{"the longest packets", version + packet(35_000, 20, 34_998) + packet(12, 30, 10), ""},
		{"what is encrypted", version + packet(102, 20, 100) + packet(12, 21, 10) + strings.Repeat("\xff", 50), ""},
	} {
		var whole, split plain
		if got := whole.check([]byte(c.said)); got != c.wrong {
			t.Errorf("%s: %q, want %q", c.name, got, c.wrong)
		}
		got := ""
		for i := range len(c.said) {
			if wrong := split.check([]byte{c.said[i]}); wrong != "" {
				got = wrong
			}
		}
		if got != c.wrong {
			t.Errorf("%s, byte by byte: %q, want %q", c.name, got, c.wrong)
		}
	}
}

// Nobody is listened to for long who does not get on.
func TestCutOffForWhatItSays(t *testing.T) {
	r := start(t, nil)
	ignored := append([]byte{0, 0, 128, 0, 4, 2}, make([]byte, 32<<10-2)...) // SSH_MSG_IGNORE
	for said, reason := range map[string]string{
		"GET / HTTP/1.1\r\n\r\n":                             "does not speak SSH",
		"SSH-2.0-x\r\n\x00\x03\x0d\x40":                      "a packet of an invalid length",
		"SSH-2.0-x\r\n" + strings.Repeat(string(ignored), 5): "too much before it has authenticated",
	} {
		conn := r.tcp(t, "")
		go io.WriteString(conn, said)
		conn.SetReadDeadline(time.Now().Add(allowed(5 * time.Second)))
		if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
			t.Errorf("%.20q is listened to on and on", said)
		}
		eventually(t, "the log says "+reason, 3*time.Second, func() bool { return strings.Contains(r.log.String(), reason) })
	}
}
