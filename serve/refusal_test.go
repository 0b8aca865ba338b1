package serve

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// turnedAway connects so many times where nobody is let in, says nothing and stays.
// It returns how many are told why.
func (r *room) turnedAway(t *testing.T, count int) (told int) {
	t.Helper()
	var conns []net.Conn
	for range count {
		conns = append(conns, r.tcp(t, ""))
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	for _, conn := range conns {
		wait.Go(func() {
			conn.SetReadDeadline(time.Now().Add(allowed(10 * time.Second)))
			text, err := io.ReadAll(conn)
			if err, ok := err.(net.Error); ok && err.Timeout() {
				t.Error("one who is turned away is not hung up on")
			}
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(string(text), "too many connections") {
				told++
			}
		})
	}
	wait.Wait()
	return told
}

// Whoever is turned away is told why, whatever it sends, and then hung up on.
func TestToldWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		door(t, 32).tell(server, "no")
		text := make([]byte, 4096)
		n, err := client.Read(text)
		if err != nil || !strings.Contains(string(text[:n]), "no") {
			t.Errorf("is told %q, %v", text[:n], err)
		}
		began := time.Now()
		if _, err := client.Write(make([]byte, 100_000)); err != nil {
			t.Errorf("is hung up on while it speaks: %v", err)
		}
		if _, err := client.Read(text); err != io.EOF || time.Since(began) != tellTimeout {
			t.Errorf("%v after %s, want an end after %s", err, time.Since(began), tellTimeout)
		}
	})
}

// Many who are turned away cost little: few are told why at one time, and few are
// in the log; all of them are counted.
func TestManyTurnedAway(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connects = 1 })
	r.tcp(t, "")
	eventually(t, "the first is let in", 3*time.Second, func() bool { return r.counts.connections.Load() == 1 })
	began := time.Now()
	const many = 8 * mostRefusing
	told := r.turnedAway(t, many)
	most := mostRefusing * int(1+time.Since(began)/tellTimeout)
	if told < mostRefusing || told > most {
		t.Errorf("%d are told why, want %d to %d", told, mostRefusing, most)
	}
	if n := r.counts.refused.Load(); n != many {
		t.Errorf("%d are counted, want %d", n, many)
	}
	for range many { // and as many who had tried to come in
		r.refused("no authorized key", "address", "192.0.2.1", "user", "eve")
	}
	for kind, lines := range map[string]int{
		"too many connections": strings.Count(r.log.String(), "too many connections"),
		"no authorized key":    strings.Count(r.log.String(), "user=eve"),
	} {
		if most := refusalBurst + int(refusalRate*(1+time.Since(began).Seconds())); lines < refusalBurst || lines > most {
			t.Errorf("%q is in the log %d times, want %d to %d", kind, lines, refusalBurst, most)
		}
	}
	// They stay, and others are told why again after a while.
	eventually(t, "one is told why", 3*tellTimeout, func() bool { return r.turnedAway(t, 1) == 1 })
}
