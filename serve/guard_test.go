package serve

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// rawSession opens a session channel and leaves all requests to the test.
func (r *room) rawSession(t testing.TB, from string) (*gossh.Client, gossh.Channel) {
	t.Helper()
	client, err := r.connect(asker{from: from})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	channel, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	return client, channel
}

func sendSize(channel gossh.Channel, columns, rows uint32) error {
	_, err := channel.SendRequest("window-change", false, gossh.Marshal(window{Columns: columns, Rows: rows}))
	return err
}

func sendPty(channel gossh.Channel, terminal string, columns, rows uint32) (bool, error) {
	return channel.SendRequest("pty-req", true, gossh.Marshal(pty{Term: terminal, Columns: columns, Rows: rows, Modes: "\x00"}))
}

// fifty repeats an attack, with other visitors served, and sees nothing left.
func fifty(t *testing.T, attack func(r *room, i int) error) {
	r := start(t, func(o *Options) { o.Limits.Sessions = 60 })
	r.besieged(t)
	for i := range 50 {
		if err := attack(r, i); err != nil {
			t.Error(err)
			break
		}
	}
}

// withChannel gives an attack its channel.
func withChannel(r *room, attack func(client *gossh.Client, channel gossh.Channel) error) error {
	client, err := r.connect(asker{})
	if err != nil {
		return err
	}
	defer client.Close()
	channel, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		return err
	}
	go gossh.DiscardRequests(requests)
	return attack(client, channel)
}

func TestWindowChangesBeforeShellThenHangUp(t *testing.T) {
	fifty(t, func(r *room, _ int) error {
		return withChannel(r, func(_ *gossh.Client, channel gossh.Channel) error {
			if _, err := sendPty(channel, "xterm", 80, 24); err != nil {
				return err
			}
			for i := range uint32(60) {
				if err := sendSize(channel, 80+i, 24); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func TestFloodOfInputThenHangUp(t *testing.T) {
	fifty(t, func(r *room, i int) error {
		return withChannel(r, func(_ *gossh.Client, channel gossh.Channel) error {
			if _, err := sendPty(channel, "xterm", 80, 24); err != nil {
				return err
			}
			if ok, err := channel.SendRequest("shell", true, nil); !ok || err != nil {
				return fmt.Errorf("shell: %v, %v", ok, err)
			}
			go io.Copy(io.Discard, channel)
			kinds := []string{"E", "\x1b[A", "\x1b[<0;9;9M", "é", "\x1b[200~x"}
			_, err := channel.Write(bytes.Repeat([]byte(kinds[i%len(kinds)]), 1<<20/len(kinds[i%len(kinds)])))
			return err
		})
	})
}

// Processor time would tell more directly, but the probes and the race detector
// take it as well: the program must have ended, and the connection with it.
func TestClosedChannelKeptConnection(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	client, channel := r.rawSession(t, "")
	sendPty(channel, "xterm", 80, 24)
	channel.SendRequest("shell", true, nil)
	if n, err := channel.Read(make([]byte, 1000)); n == 0 {
		t.Fatalf("nothing to see: %v", err)
	}
	channel.Close()
	hangsUp(t, client, 3*time.Second)
}

func TestSizes(t *testing.T) {
	r := start(t, nil)
	memory := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	r.besieged(t)
	for _, side := range []uint32{0, 1, 65535, 1<<32 - 1, 10_000} {
		before := memory()
		client, channel := r.rawSession(t, "")
		if ok, err := sendPty(channel, "xterm", side, side/5+1); !ok || err != nil {
			t.Fatalf("side %d: %v, %v", side, ok, err)
		}
		if ok, err := channel.SendRequest("shell", true, nil); !ok || err != nil {
			t.Fatalf("side %d: %v, %v", side, ok, err)
		}
		if n, err := channel.Read(make([]byte, 1000)); n == 0 {
			t.Fatalf("side %d: nothing to see: %v", side, err)
		}
		go io.Copy(io.Discard, channel)
		for _, other := range []uint32{0, 1, 65535, 1<<32 - 1} {
			if err := sendSize(channel, other, side); err != nil {
				t.Fatal(err)
			}
		}
		if grown := int64(memory()) - int64(before); grown > 100<<20 {
			t.Errorf("a side of %d cells took %d MiB", side, grown>>20)
		}
		client.Close()
	}
}

func TestClamped(t *testing.T) {
	for _, c := range []struct{ in, want size }{
		{size{0, 0}, size{80, 24}}, {size{0, 50}, size{80, 24}}, {size{-1, 3}, size{80, 24}}, {size{80, 0}, size{80, 24}},
		{size{1, 1}, size{1, 1}}, {size{120, 40}, size{120, 40}}, {size{10_000, 2000}, size{500, 40}},
		{size{3, 1 << 16}, size{3, 200}}, {size{1 << 16, 3}, size{500, 3}},
	} {
		if got := c.in.clamped(); got != c.want {
			t.Errorf("%v is clamped to %v, want %v", c.in, got, c.want)
		}
	}
}

func TestManyEnv(t *testing.T) {
	r := start(t, nil)
	stop := r.besieged(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	client, channel := r.rawSession(t, "")
	payload := gossh.Marshal(env{"LC_ALL", strings.Repeat("x", 30_000)})
	cut := false
	for range 20_000 {
		if _, err := channel.SendRequest("env", false, payload); err != nil {
			cut = true
			break
		}
	}
	stop()
	if !cut {
		t.Error("20,000 env requests of 30 kB were all taken")
	}
	hangsUp(t, client, 3*time.Second)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 50<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}

// What OpenSSH sends of its locale, and PuTTY all the time, does no harm.
func TestHarmlessRequests(t *testing.T) {
	r := start(t, nil)
	client, channel := r.rawSession(t, "")
	for i := range 40 {
		if ok, err := channel.SendRequest("env", true, gossh.Marshal(env{fmt.Sprintf("LC_%d", i), "C"})); ok || err != nil {
			t.Fatalf("env: %v, %v", ok, err)
		}
		if ok, err := channel.SendRequest("winadj@putty.projects.tartarus.org", true, nil); ok || err != nil {
			t.Fatalf("winadj: %v, %v", ok, err)
		}
		if ok, _, err := client.SendRequest("keepalive@openssh.com", true, nil); ok || err != nil {
			t.Fatalf("keepalive: %v, %v", ok, err)
		}
	}
	if ok, err := channel.SendRequest("env", true, gossh.Marshal(env{"COLORTERM", "truecolor"})); !ok || err != nil {
		t.Errorf("COLORTERM after the others: %v, %v", ok, err)
	}
	if ok, _ := channel.SendRequest("env", true, gossh.Marshal(env{"COLORTERM", "24bit"})); ok {
		t.Error("COLORTERM was taken twice")
	}
}

func TestManyUnknownRequests(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	for _, kind := range []string{"channel", "global"} {
		client, channel := r.rawSession(t, "")
		var err error
		for i := range 10_000 {
			if kind == "channel" {
				_, err = channel.SendRequest(fmt.Sprintf("x%d", i), false, nil)
			} else {
				_, _, err = client.SendRequest(fmt.Sprintf("x%d", i), false, nil)
			}
			if err != nil {
				break
			}
		}
		hangsUp(t, client, 3*time.Second)
	}
}

func TestManyChannels(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	for _, kind := range []string{"session", "direct-tcpip"} {
		r.manyChannels(t, kind)
	}
}

func (r *room) manyChannels(t *testing.T, kind string) {
	client, first := r.rawSession(t, "")
	sendPty(first, "xterm", 80, 24)
	refused := 0
	for range 1000 {
		// An answer says that the last channel did not end the connection. The
		// client's library waits for good for a channel asked for just at the end.
		// A change of the size is a request that any visitor may make.
		if ok, err := first.SendRequest("window-change", true, gossh.Marshal(window{Columns: 80, Rows: 24})); !ok || err != nil {
			break // cut off
		}
		channel, _, err := client.OpenChannel(kind, nil)
		if err == nil {
			channel.Close()
			t.Fatalf("a second channel on one connection: %s", kind)
		}
		refused++
		if _, ok := err.(*gossh.OpenChannelError); !ok {
			break // cut off
		}
	}
	if refused < 50 || refused > 500 {
		t.Errorf("cut off after %d channels of kind %s, want some 200", refused, kind)
	}
	first.Close()
}

// The playground, and nothing else, is served.
func TestOtherServices(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	for name, payload := range map[string][]byte{
		"exec":                       gossh.Marshal(struct{ Command string }{"id"}),
		"subsystem":                  gossh.Marshal(struct{ Name string }{"sftp"}),
		"auth-agent-req@openssh.com": nil,
		"x11-req": gossh.Marshal(struct {
			Single        bool
			Proto, Cookie string
			Screen        uint32
		}{false, "MIT-MAGIC-COOKIE-1", "00", 0}),
		"signal": gossh.Marshal(struct{ Name string }{"KILL"}),
		"break":  gossh.Marshal(struct{ Length uint32 }{500}),
	} {
		_, channel := r.rawSession(t, "")
		if ok, err := channel.SendRequest(name, true, payload); ok || err != nil {
			t.Errorf("%s is answered with %v, %v; want false", name, ok, err)
		}
		channel.Close()
		text, _ := io.ReadAll(channel.Stderr()) // which other clients show
		if told, want := strings.Contains(string(text), "runs no commands"), name == "exec" || name == "subsystem"; told != want || !want && len(text) > 0 {
			t.Errorf("%s is told %q", name, text)
		}
	}
	p := r.visit(t, asker{}, ordinary())
	p.sees(t, "step")
	if ok, err := p.session.SendRequest("exec", true, gossh.Marshal(struct{ Command string }{"id"})); ok || err != nil {
		t.Errorf("exec in a session is answered with %v, %v", ok, err)
	}
	p.press(t, " ")
	p.sees(t, "paused")
	if strings.Contains(string(p.bytes()), "runs no commands") {
		t.Error("exec in a session spoils the picture")
	}
	client := r.mustConnect(t, asker{})
	if _, err := client.Dial("tcp", r.address); err == nil {
		t.Error("forwards to other ports")
	}
	if listener, err := client.Listen("tcp", "127.0.0.1:0"); err == nil {
		listener.Close()
		t.Error("listens for clients")
	}
	if _, err := client.Dial("unix", "/run/x"); err == nil {
		t.Error("forwards to sockets")
	}
}

func TestNoTerminal(t *testing.T) {
	r := start(t, nil)
	r.besieged(t)
	_, channel := r.rawSession(t, "")
	if ok, err := channel.SendRequest("shell", true, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	text, _ := io.ReadAll(channel.Stderr())
	if !strings.Contains(string(text), "needs a terminal") {
		t.Errorf("without a terminal one is told %q", text)
	}
	eventually(t, "the log says why", 5*time.Second, func() bool { return strings.Contains(r.log.String(), `reason="no terminal"`) })
}

func TestClientThatNeverReads(t *testing.T) {
	r := start(t, nil)
	goroutines, files := runtime.NumGoroutine(), descriptors()
	_, channel := r.rawSession(t, "")
	sendPty(channel, "xterm", 500, 80)
	channel.SendRequest("shell", true, nil)
	eventually(t, "it is served", 5*time.Second, func() bool { return r.admission.live() == 1 })
	for range 20 {
		channel.Write([]byte("]E-+z"))
		r.probe(t)
	}
	channel.Close()
	settled(t, goroutines, files)
}

// A client that does not read for long is cut off, whatever it sends.
func TestStuckClientIsCutOff(t *testing.T) {
	r := startWith(t, nil, func(s *Server) {
		s.stuck = 500 * time.Millisecond
		s.admission.Listener = narrow{s.admission.Listener}
	})
	r.besieged(t)
	f := r.flooder(t, true)
	f.conn.deaf.Store(true)
	// Every change of the size is a whole picture.
	eventually(t, "it is cut off", 10*time.Second, func() bool {
		time.Sleep(resizePause)
		return sendSize(f.channel, 400+uint32(rand.IntN(100)), 40) != nil
	})
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), "does not read") })
	f.conn.Close()
}
