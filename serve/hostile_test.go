package serve

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
)

// hostile are names that try something.
func hostile() []string {
	return []string{
		"\n", "eve\nlevel=ERROR msg=forged", "a\r\nb", "\x1b[2J", "\x1b]0;title\x07", "\x00", "a\x00b", "\x7f", "\x9b31m",
		"\xc2\x9b31m", "\u202eevil", "\u200b", "\u2028line", "\xff\xfe", "\xed\xa0\x80", strings.Repeat("x", 1000),
		strings.Repeat("\u0301", 500), "%s%n%d", "../../etc/passwd", "$(id)", "`id`", "\"quoted\"", "a b\tc", "=", "user=root",
		"\x1b[6n", "\x1bP+q544e\x1b\\", "\u0085", "\ufeff", "👩‍👩‍👧", "\x08\x08\x08", "{{.}}",
	}
}

func TestHostileNames(t *testing.T) {
	r := start(t, nil)
	stop := r.besieged(t)
	for i, name := range hostile() {
		version := ""
		if !strings.ContainsAny(name, "\r\n") && len(name) < 200 {
			version = "SSH-2.0-" + name
		}
		client, err := r.connect(asker{user: name, version: version, from: fmt.Sprintf("127.0.3.%d", i+1)})
		if err != nil {
			// Not every version string is one.
			if client, err = r.connect(asker{user: name}); err != nil {
				t.Fatalf("%q: %v", name, err)
			}
		}
		p := &person{client: client, terminal: newTerminal(100, 30), answer: "\x1b[7;9R", over: make(chan struct{}), changed: make(chan struct{}, 1)}
		if err := p.begin(terminalKind{name: name, width: 100, height: 30, env: map[string]string{"COLORTERM": name}}); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		p.sees(t, "step")
		if strings.Contains(p.screen(), "forged") || len(name) > 1 && strings.Contains(string(p.bytes()), "\x1bP+q544e") {
			t.Errorf("%q is in the picture", name)
		}
		p.leave()
	}
	probes := stop()
	eventually(t, "all have left", 5*time.Second, func() bool { return r.admission.live() == 0 })
	lines := strings.Split(strings.TrimSuffix(r.log.String(), "\n"), "\n")
	for _, line := range lines {
		if !strings.HasPrefix(line, "time=") || len(line) > 600 {
			t.Errorf("not a line of the log: %q", line)
		}
		for _, c := range line {
			if !unicode.IsPrint(c) || c == unicode.ReplacementChar {
				t.Errorf("%q has %q", line, c)
			}
		}
	}
	if n := strings.Count(r.log.String(), "msg=connect"); n != len(hostile())+probes {
		t.Errorf("%d connects are logged, want %d", n, len(hostile())+probes)
	}
}

// Clients that hang up at any byte of the handshake.
func TestHangUpsInTheHandshake(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	random := rand.New(rand.NewPCG(1, 2))
	var wait sync.WaitGroup
	for range 500 {
		conn := &cutConn{left: random.IntN(3000)}
		wait.Add(1)
		go func() {
			defer wait.Done()
			raw, err := r.dialTCP("")
			if err != nil {
				t.Error(err)
				return
			}
			conn.Conn = raw
			handshake(conn)
			raw.Close()
		}()
		if random.IntN(8) == 0 {
			wait.Wait()
		}
	}
	wait.Wait()
}

func TestConnectAndQuit(t *testing.T) {
	const visits = 1000
	r := start(t, nil)
	stop := r.besieged(t)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range visits / 4 {
				p, err := r.tryVisit(asker{from: fmt.Sprintf("127.0.4.%d", worker+1)}, terminalKind{name: "xterm", width: 60, height: 20})
				if err != nil {
					t.Errorf("visit %d: %v", i, err)
					return
				}
				if _, err := p.keys.Write([]byte("q")); err != nil {
					t.Errorf("visit %d: %v", i, err)
				}
				select {
				case <-p.over:
				case <-time.After(allowed(10 * time.Second)):
					t.Errorf("visit %d does not end", i)
				}
				p.leave()
			}
		}()
	}
	wait.Wait()
	want := int64(visits + stop())
	if n := r.counts.sessions.Load(); n != want {
		t.Errorf("%d sessions, want %d", n, want)
	}
}
