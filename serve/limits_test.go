package serve

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// refusal returns what a client is told that is not let in.
func (r *room) refusal(from string) error {
	client, err := r.connect(asker{from: from})
	if err == nil {
		client.Close()
		return errNotRefused
	}
	return err
}

func TestFiftyFirstSession(t *testing.T) {
	r := start(t, nil)
	for i := range 49 {
		r.visit(t, asker{from: fmt.Sprintf("127.0.1.%d", i+1)}, terminalKind{name: "xterm", width: 60, height: 20, blind: true})
	}
	last := r.visit(t, asker{}, ordinary())
	eventually(t, "all are in", 10*time.Second, func() bool { return r.admission.live() == 50 })
	if err := r.refusal(""); !strings.Contains(err.Error(), "all places are taken") {
		t.Errorf("the 51st is told %v", err)
	}
	if !strings.Contains(r.log.String(), `reason="all places are taken`) {
		t.Error("the refusal is not logged")
	}
	last.press(t, " ")
	last.sees(t, "paused")
}

// Who comes in while there is a place may find it taken at the shell.
func TestPlacesAreTakenAtTheShell(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Sessions = 2 })
	var channels []gossh.Channel
	for range 3 {
		_, channel := r.rawSession(t, "")
		sendPty(channel, "xterm", 80, 24)
		channels = append(channels, channel)
	}
	for i, channel := range channels[:2] {
		channel.SendRequest("shell", true, nil)
		eventually(t, "it is served", 5*time.Second, func() bool { return r.admission.live() == i+1 })
	}
	channels[2].SendRequest("shell", true, nil)
	if text, _ := io.ReadAll(channels[2].Stderr()); !strings.Contains(string(text), "All places are taken") {
		t.Errorf("the third is told %q", text)
	}
	if live := r.admission.live(); live != 2 {
		t.Errorf("%d sessions are live, want 2", live)
	}
}

// An IPv6 customer has a whole network of addresses.
func TestAddressOf(t *testing.T) {
	for _, c := range [][3]string{
		{"192.0.2.7:22", "192.0.2.7", "192.0.2.0/24"},
		{"[2001:db8:1:2:3:4:5:6]:22", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"[2001:db8:1:2:ffff::1]:4000", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"[::ffff:192.0.2.7]:22", "192.0.2.7", "192.0.2.0/24"},
		{"[fe80::1:2%1]:22", "fe80::1:2", "fe80::/48"},
	} {
		tcp, err := net.ResolveTCPAddr("tcp", c[0])
		if err != nil {
			t.Fatal(err)
		}
		if address, network := addressOf(tcp); address != c[1] || network != c[2] {
			t.Errorf("%s counts as %s of %s, want %s of %s", c[0], address, network, c[1], c[2])
		}
	}
}

func TestFifthFromOneAddress(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.PerAddress = 4 })
	var first *person
	for i := range 4 {
		p := r.visit(t, asker{from: "127.0.0.5"}, ordinary())
		if i == 0 {
			first = p
		}
	}
	if err := r.refusal("127.0.0.5"); !strings.Contains(err.Error(), "too many sessions from your address") {
		t.Errorf("the fifth is told %v", err)
	}
	r.visit(t, asker{from: "127.0.0.6"}, ordinary()).sees(t, "step")
	first.leave()
	eventually(t, "a place is free again", 3*time.Second, func() bool { return r.admission.live() == 4 })
	r.visit(t, asker{from: "127.0.0.5"}, ordinary()).sees(t, "step")
}

func TestEleventhConnectAMinute(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connects = 10 })
	for range 10 {
		r.mustConnect(t, asker{from: "127.0.0.5"}).Close()
	}
	if err := r.refusal("127.0.0.5"); !strings.Contains(err.Error(), "too many connections a minute") {
		t.Errorf("the eleventh is told %v", err)
	}
	r.visit(t, asker{from: "127.0.0.6"}, ordinary()).sees(t, "step")
	// A minute later.
	r.admission.mu.Lock()
	times := r.admission.sources["127.0.0.5"].connects
	for i := range times {
		times[i] = times[i].Add(-connectsSpan)
	}
	r.admission.mu.Unlock()
	r.mustConnect(t, asker{from: "127.0.0.5"})
}

// Silent connections are closed in time, and those who speak are served before.
func TestSilentConnections(t *testing.T) {
	const handshake = 2 * time.Second
	r := start(t, func(o *Options) { o.Limits.Handshake = handshake })
	r.besieged(t)
	began := time.Now()
	over := make(chan error)
	const silent, slow = 200, 50
	for i := range silent + slow {
		conn := r.tcp(t, fmt.Sprintf("127.0.2.%d", i+1))
		go func() {
			if i >= silent {
				go func() { // one byte a second
					for _, b := range []byte("SSH-2.0-slow\r\n") {
						if _, err := conn.Write([]byte{b}); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				}()
			}
			_, err := io.Copy(io.Discard, conn)
			conn.Close()
			over <- err
		}()
	}
	for range silent + slow {
		<-over
	}
	if took := time.Since(began); took > handshake+allowed(4*time.Second) {
		t.Errorf("the last silent connection was held for %s", took)
	}
}

// One who has come in and asks for nothing is not kept.
func TestNoShellInTime(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Handshake = time.Second })
	r.besieged(t)
	stays := r.visit(t, asker{from: "127.0.0.9"}, ordinary()) // a session is not bound by it
	hangsUp(t, r.mustConnect(t, asker{}), 3*time.Second)
	client, channel := r.rawSession(t, "")
	sendPty(channel, "xterm", 80, 24)
	hangsUp(t, client, 3*time.Second)
	stays.press(t, " ")
	stays.sees(t, "paused")
}

// Limits so high that there are none are that.
func TestHighLimits(t *testing.T) {
	r := start(t, func(o *Options) {
		o.Limits.Sessions, o.Limits.PerAddress, o.Limits.Connects = math.MaxInt, math.MaxInt, math.MaxInt
		o.Limits.Handshake, o.Limits.Idle, o.Limits.Total = math.MaxInt64, math.MaxInt64, math.MaxInt64
	})
	r.visit(t, asker{}, ordinary()).sees(t, "step")
}

// The limits are those of README's table.
func TestDefaultLimits(t *testing.T) {
	want := Limits{Sessions: 50, PerAddress: 4, Connects: 10, Handshake: 10 * time.Second, Idle: 10 * time.Minute, Total: time.Hour, Penalties: true}
	if got := DefaultLimits(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{"| 50 | `--max-sessions` |", "| 4 | `--max-per-address` |", "| 10 | `--max-connects` |",
		"| 10 s | `--handshake-timeout` |", "| 10 min | `--idle-timeout` |", "| 60 min | `--session-timeout` |",
		fmt.Sprintf("whatever the method | %d |", mostTries),
		fmt.Sprintf("from the connection on | %.0f s |", codeTimeout.Seconds()),
		fmt.Sprintf("by all clients | %d, then %d a second |", guessBurst, guessRate),
		fmt.Sprintf("| %d, then 1 in %.0f s · %d, then %d a second |", rekeyBurst, 1/rekeyRate, allRekeysBurst, allRekeysRate),
		fmt.Sprintf("| %.0f s | 5 s for each of `--max-per-address`", tolerated(DefaultLimits()).Seconds()),
		fmt.Sprintf("| %d | 8 for each of `--max-sessions`", placesFor(50))} {
		if !strings.Contains(string(readme), row) {
			t.Errorf("README has no %q", row)
		}
	}
}

// The race moves all the time, and the terminal answers: neither is a sign of
// life.
func TestIdleWhileThePictureMoves(t *testing.T) {
	const idle = 2 * time.Second
	r := start(t, func(o *Options) { o.Limits.Idle = idle })
	r.besieged(t)
	firstRow := ordinary()
	firstRow.answer = "\x1b[1;5R" // which might be ctrl+F3
	p := r.visit(t, asker{}, firstRow)
	busy := r.visit(t, asker{from: "127.0.0.8"}, ordinary())
	p.sees(t, "step")
	began := time.Now()
	answers := make(chan struct{})
	go func() { // the terminal tells of itself again and again
		defer close(answers)
		for {
			if _, err := io.WriteString(p.keys, "\x1b]11;rgb:1111/1111/1111\x07\x1b[?2026;2$y\x1b[?62;22c\x1b[I\x1b[?0u"); err != nil {
				return
			}
			select {
			case <-p.over:
				return
			case <-time.After(idle / 8):
			}
		}
	}()
	p.sees(t, "No key for a while")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 12 {
			io.WriteString(busy.keys, "z")
			time.Sleep(idle / 8)
		}
	}()
	p.ends(t, 2*idle)
	if took := time.Since(began); took < idle/2 || took > idle+allowed(2*time.Second) {
		t.Errorf("ended after %s, want %s", took, idle)
	}
	if text := string(p.bytes()); !strings.Contains(text[strings.LastIndex(text, "\x1b[?1049l")+1:], "No key for 2s. Goodbye!") {
		t.Error("is not told why")
	}
	if p.asked < 10 {
		t.Errorf("the picture moved %d times: this shows nothing", p.asked)
	}
	<-answers
	<-done
	busy.press(t, " ")
	busy.sees(t, "paused")
}

func TestSessionsEnd(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Total = time.Second })
	p := r.visit(t, asker{}, ordinary())
	p.ends(t, 5*time.Second)
	if !strings.Contains(string(p.bytes()), "Your 1s are over") {
		t.Error("is not told why")
	}
	p = start(t, func(o *Options) { o.Limits.Idle = 1 }).visit(t, asker{}, ordinary())
	p.ends(t, 5*time.Second)
	if !strings.Contains(string(p.bytes()), "No key for 1ns") {
		t.Error("is not told that 1 ns is over")
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, func(o *Options) { o.Metrics = "127.0.0.1:0" })
	r.visit(t, asker{user: "eve\"} 1\nforged 1"}, ordinary()).sees(t, "step")
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport}).Get("http://" + r.metrics.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(response.Body)
	response.Body.Close()
	for _, want := range []string{"\nravine_sessions 1\n", "\nravine_sessions_total 1\n", "# TYPE ravine_panics_total counter\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "forged") {
		t.Error("a client's name is in the metrics")
	}
}

// failing is a listener that lacks something at first.
type failing struct {
	net.Listener
	mu     sync.Mutex
	errors []error
}

func (f *failing) fail(errors ...error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errors = errors
}

func (f *failing) Accept() (net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.errors) > 0 {
		err := f.errors[0]
		f.errors = f.errors[1:]
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", err)}
	}
	f.mu.Unlock()
	defer f.mu.Lock()
	return f.Listener.Accept()
}

// Where there are no file descriptors left, the log says so, one who has not got
// far gives way, and the others are served.
func TestNoDescriptors(t *testing.T) {
	none := &failing{}
	r := startWith(t, nil, func(s *Server) {
		none.Listener = s.admission.Listener
		s.admission.Listener = none
	})
	p := r.visit(t, asker{}, ordinary())
	silent := r.tcp(t, "127.0.0.3")
	eventually(t, "it is let in", 3*time.Second, func() bool {
		r.admission.mu.Lock()
		defer r.admission.mu.Unlock()
		return len(r.admission.connections) == 2
	})
	none.fail(syscall.EMFILE, syscall.ENFILE, syscall.EMFILE)
	r.tcp(t, "127.0.0.4") // Accept waits: it fails from the next one on
	silent.SetReadDeadline(time.Now().Add(allowed(5 * time.Second)))
	if _, err := io.Copy(io.Discard, silent); err != nil {
		t.Errorf("who says nothing does not give way: %v", err)
	}
	p.press(t, " ")
	p.sees(t, "paused")
	r.probe(t)
	if n := strings.Count(r.log.String(), "too many open files"); n != 1 {
		t.Errorf("the log says %d times what there is too much of, want once", n)
	}
}

// While there are none, accepting is tried less and less often.
func TestShortageIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := door(t, 32)
		a.short = func(error) {}
		none := &failing{}
		a.Listener = none
		began := time.Now()
		accept := func(want time.Duration, errs ...error) {
			t.Helper()
			none.fail(append(errs, syscall.EINVAL)...)
			if _, err := a.Accept(); !errors.Is(err, syscall.EINVAL) {
				t.Fatal(err)
			}
			if took := time.Since(began); took != want {
				t.Errorf("%d attempts took %s, want %s", len(errs), took, want)
			}
			began = time.Now()
		}
		accept(3275*time.Millisecond, slices.Repeat([]error{syscall.EMFILE}, 10)...) // 5 + 10 + … + 640 + 1000 + 1000 ms
		accept(35*time.Millisecond, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM)
	})
}
