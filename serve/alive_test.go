package serve

import (
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ravine/keymap"
	"ravine/serve/lecture"
	"ravine/serve/pace"

	creack "github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"
)

// unsteady is a connection that can be down: what is sent then arrives when it is up.
type unsteady struct {
	net.Conn
	mu     sync.Mutex
	up     *sync.Cond
	down   bool // both ways
	deaf   bool // the client does not read
	closed bool
}

func newUnsteady(conn net.Conn) *unsteady {
	l := &unsteady{Conn: conn}
	l.up = sync.NewCond(&l.mu)
	return l
}

func (l *unsteady) set(down, deaf bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down, l.deaf = down, deaf
	l.up.Broadcast()
}

// wait waits while it is down.
func (l *unsteady) wait(reads bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.closed && (l.down || reads && l.deaf) {
		l.up.Wait()
	}
}

func (l *unsteady) Read(p []byte) (int, error) {
	l.wait(true)
	n, err := l.Conn.Read(p)
	l.wait(true) // what came while it was down is not seen before
	return n, err
}

func (l *unsteady) Write(p []byte) (int, error) {
	l.wait(false)
	return l.Conn.Write(p)
}

func (l *unsteady) Close() error {
	l.mu.Lock()
	l.closed = true
	l.up.Broadcast()
	l.mu.Unlock()
	return l.Conn.Close()
}

// hasty is a server whose patience is short.
func hasty(s *Server) {
	s.alive = clientAlive{time.Second, 3}
	s.lead = clientAlive{200 * time.Millisecond, 4}
}

// A presenter from whom nothing is heard loses the lead, and there is another
// code. Whoever wakes later follows, and is told.
func TestPresenterFallsSilent(t *testing.T) {
	for _, c := range []struct {
		name       string
		down, deaf bool
		running    bool // the race, so that pictures are sent
	}{
		{name: "the network is down", down: true, running: true},
		{name: "the client is frozen and the race stands", deaf: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			codes := make(chan string, 10)
			r := startWith(t, func(o *Options) {
				o.Present, o.Tell = true, func(code string) { codes <- code }
			}, hasty)
			code := func() string {
				t.Helper()
				select {
				case code := <-codes:
					return code
				case <-time.After(allowed(15 * time.Second)):
					t.Fatal("no code")
					return ""
				}
			}
			var l *unsteady
			lead := r.visit(t, asker{user: presenterName, auth: withCode(code()), wrap: func(conn net.Conn) net.Conn { l = newUnsteady(conn); return l }}, wide())
			follower := r.visit(t, asker{}, wide())
			lead.sees(t, "you lead, 1 watches")
			if !c.running {
				lead.press(t, " ")
				follower.sees(t, "paused at step")
			}
			follower.sees(t, "presenter leads")
			l.set(c.down, c.deaf)
			next := code()
			follower.sees(t, "the presenter has left")
			l.set(false, false)
			lead.sees(t, "you lead no more")
			lead.sees(t, "nothing was heard from you for 1s")
			lead.press(t, "]")
			follower.press(t, "q") // seen to after it, by who is ahead
			follower.ends(t, 5*time.Second)
			second := r.visit(t, asker{user: presenterName, auth: withCode(next)}, wide())
			second.sees(t, "you lead, 1 watches")
			if strings.Contains(second.screen(), "regression") {
				t.Error("a key of one who leads no more acted")
			}
			second.press(t, "]")
			lead.sees(t, "regression")
			lead.leave()
			second.sees(t, "you lead, 0 watch")
			if len(codes) > 0 {
				t.Error("another code is told when one leaves who led before")
			}
			if !strings.Contains(r.log.String(), "lead lost") {
				t.Error("the log does not say so")
			}
		})
	}
}

// A short pause changes nothing, and neither does a race that stands.
func TestPresenterPauses(t *testing.T) {
	r, leader := lectureHall(t, func(s *Server) {
		hasty(s)
		s.lead.interval = 400 * time.Millisecond
	})
	var l *unsteady
	leader.wrap = func(conn net.Conn) net.Conn { l = newUnsteady(conn); return l }
	lead := r.visit(t, leader, wide())
	lead.press(t, " ")
	lead.sees(t, "paused at step")
	time.Sleep(r.lead.total() * 5 / 4)
	l.set(true, false)
	time.Sleep(r.lead.total() / 2)
	l.set(false, false)
	lead.press(t, "n")
	lead.sees(t, "you lead, 0 watch")
	if strings.Contains(r.log.String(), "lead lost") {
		t.Error("the lead was lost")
	}
}

// A session ends when its client gives no sign of life, whatever its kernel
// answers; to answer questions is enough of one, and so is to type.
func TestSignsOfLife(t *testing.T) {
	r := startWith(t, nil, func(s *Server) { s.alive = clientAlive{300 * time.Millisecond, 3} })
	r.besieged(t)
	quiet := r.visit(t, asker{user: "quiet"}, terminalKind{name: "xterm", width: 80, height: 24, silent: true})
	quiet.sees(t, "step")
	quiet.press(t, " ")
	quiet.sees(t, "paused")

	var l *unsteady
	frozen := r.visit(t, asker{user: "frozen", wrap: func(conn net.Conn) net.Conn { l = newUnsteady(conn); return l }}, ordinary())
	frozen.sees(t, "step")
	l.set(false, true)

	// These take what they are sent, and answer no question.
	mute := func(user string) (*gossh.Client, gossh.Channel) {
		client := r.mustConnect(t, asker{user: user})
		channel, _, err := client.OpenChannel("session", nil)
		if err != nil {
			t.Fatal(err)
		}
		sendPty(channel, "xterm", 80, 24)
		channel.SendRequest("shell", true, nil)
		go io.Copy(io.Discard, channel)
		return client, channel
	}
	silent, _ := mute("silent")
	_, typing := mute("typing")
	typed := make(chan error)
	go func() {
		for range 12 {
			if _, err := typing.Write([]byte("h")); err != nil {
				typed <- err
			}
			time.Sleep(r.alive.interval / 2)
		}
		typed <- nil
	}()
	ended := func(user string) bool {
		for entry := range strings.Lines(r.log.String()) {
			if strings.Contains(entry, "msg=disconnect") && strings.Contains(entry, "user="+user+" ") && strings.Contains(entry, `reason="no sign of life"`) {
				return true
			}
		}
		return false
	}
	hangsUp(t, silent, 10*time.Second)
	eventually(t, "those who are silent are cut off", 10*time.Second, func() bool { return ended("silent") && ended("frozen") })
	if err := <-typed; err != nil || ended("typing") {
		t.Errorf("one who types is cut off: %v", err)
	}
	quiet.press(t, " ")
	quiet.sees(t, "step")
	if ended("quiet") {
		t.Error("one who answers is cut off")
	}
}

// OpenSSH's client is stopped while it leads, and wakes.
func TestOpenSSHStopped(t *testing.T) {
	key := newPrivate(t)
	r := startWith(t, func(o *Options) {
		o.Present, o.PresenterKeys = true, keyFile(t, key.signer)
	}, hasty)
	file := t.TempDir() + "/key"
	if err := os.WriteFile(file, key.file, 0o600); err != nil {
		t.Fatal(err)
	}
	command := openSSH(t, r, presenterName, "-i", file, "-o", "IdentitiesOnly=yes")
	tty, err := creack.StartWithSize(command, &creack.Winsize{Rows: 30, Cols: 140})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	defer command.Wait()
	defer command.Process.Kill()
	screen := &logged{}
	go io.Copy(screen, tty)
	shows := func(text string) {
		t.Helper()
		eventually(t, text+" is shown", 15*time.Second, func() bool { return strings.Contains(screen.String(), text) })
	}
	shows("you lead, 0 watch")
	command.Process.Signal(syscall.SIGSTOP)
	eventually(t, "the lead is lost", 15*time.Second, func() bool { return strings.Contains(r.log.String(), "lead lost") })
	command.Process.Signal(syscall.SIGCONT)
	shows("you lead no more")
}

// A server that has slept itself asks its clients before it judges their silence.
func TestServerThatSlept(t *testing.T) {
	after := func(silence time.Duration) (w watcher, now time.Time) {
		s := &Server{alive: aliveDefaults(), lead: leadDefaults(), lecture: lecture.New(func() {}), log: slog.New(slog.DiscardHandler)}
		v := &visitor{server: s, conn: hear(t).conn, output: &pace.Output{}}
		v.asking.Store(true) // nothing is sent
		v.participant = s.lecture.Enter(nil, keymap.Map{}, true)
		return watcher{visitor: v}, v.conn.began.Add(silence)
	}
	w, now := after(20 * time.Second)
	for range leadDefaults().countMax {
		for range 2 {
			if w.look(now); !w.visitor.server.lecture.Leads(w.visitor.participant) {
				t.Fatal("the lead is lost before the presenter could answer")
			}
		}
		now = now.Add(leadDefaults().interval)
	}
	if w.look(now); w.visitor.server.lecture.Leads(w.visitor.participant) {
		t.Error("a silent presenter leads")
	}

	w, now = after(0)
	w.visitor.output.Blocked.Store(now.Add(-leadDefaults().total()).UnixNano())
	if w.look(now); w.asked > 0 || w.visitor.server.lecture.Leads(w.visitor.participant) {
		t.Error("a presenter who speaks and reads nothing leads, or is asked")
	}

	w, now = after(time.Hour)
	w.visitor.participant = nil
	cause := func() string { return w.visitor.conn.cause }
	for range aliveDefaults().countMax {
		for range 2 { // asked once at a time
			if w.look(now); cause() != "" {
				t.Fatal("the session ends before its client is asked")
			}
		}
		now = now.Add(aliveDefaults().interval)
	}
	w.visitor.conn.last.Store(int64(time.Minute)) // it answers, and is silent again
	if w.look(now); cause() != "" {
		t.Fatal("the session ends although its client has answered")
	}
	for range aliveDefaults().countMax {
		now = now.Add(aliveDefaults().interval)
		w.look(now)
	}
	if cause() != "no sign of life" {
		t.Errorf("a silent client's session ends by %q", cause())
	}
}
