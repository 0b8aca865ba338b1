package serve

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"
)

// podium is a room in which whoever has the code leads.
func podium(t *testing.T, change func(*Options), prepare func(*Server)) (r *room, code func() string) {
	t.Helper()
	var current atomic.Value
	r = startWith(t, func(o *Options) {
		o.Present = true
		o.Tell = func(code string) { current.Store(code) }
		if change != nil {
			change(o)
		}
	}, prepare)
	return r, func() string { return current.Load().(string) }
}

// guesser answers with a wrong code again and again, and counts.
func guesser(takes time.Duration) (auth []gossh.AuthMethod, asked *atomic.Int64) {
	asked = new(atomic.Int64)
	wrong := func(_, _ string, questions []string, _ []bool) ([]string, error) {
		asked.Add(int64(len(questions)))
		time.Sleep(takes)
		return make([]string, len(questions)), nil
	}
	return []gossh.AuthMethod{gossh.RetryableAuthMethod(gossh.KeyboardInteractive(wrong), 100)}, asked
}

// However a client tries to come in, it may fail six times.
func TestSixTries(t *testing.T) {
	known := newKey(t)
	r, _ := podium(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, known) }, func(*Server) {})
	auth, asked := guesser(0)
	if client, err := r.connect(asker{user: presenterName, auth: auth}); err == nil {
		client.Close()
		t.Fatal("leads with wrong codes")
	}
	if n := asked.Load(); n != mostTries {
		t.Errorf("the code is asked for %d times, want %d", n, mostTries)
	}
	var many []gossh.Signer
	for range 20 {
		many = append(many, newKey(t))
	}
	auth, asked = guesser(0)
	if client, err := r.connect(asker{auth: append(keys(many[:4]...), auth...)}); err == nil {
		client.Close()
		t.Fatal("comes in with other keys")
	}
	eventually(t, "it is logged", 3*time.Second, func() bool { return strings.Contains(r.log.String(), "SHA256") })
	offered := strings.Count(r.log.String(), "SHA256")
	if tries := offered + int(asked.Load()); tries > mostTries {
		t.Errorf("%d tries, %d of them keys, want %d", tries, offered, mostTries)
	}
	if client, err := r.connect(asker{auth: keys(append(many, known)...)}); err == nil {
		client.Close()
		t.Error("comes in with the 21st key")
	}
}

// A presenter's agent may have as many keys as it likes: they are not asked for
// where the code is.
func TestCodeAndManyKeys(t *testing.T) {
	r, code := podium(t, nil, func(*Server) {})
	var many []gossh.Signer
	for range 2 * mostTries {
		many = append(many, newKey(t))
	}
	r.visit(t, asker{user: presenterName, auth: append(keys(many...), withCode(code())...)}, wide()).sees(t, "you lead")
}

// The time to type the code begins with the connection and not with each question.
func TestQuestionsTakeNoTime(t *testing.T) {
	const most = time.Second
	r, code := podium(t, func(o *Options) { o.Limits.Handshake = most / 4 }, func(s *Server) { s.admission.codeTime = most })
	began := time.Now()
	auth, asked := guesser(most * 2 / 5)
	if client, err := r.connect(asker{user: presenterName, auth: auth}); err == nil {
		client.Close()
		t.Fatal("leads without the code")
	}
	if took := time.Since(began); took < most || asked.Load() < 2 || asked.Load() == mostTries {
		t.Errorf("%d questions took %s, want %s", asked.Load(), took, most)
	}
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), tooLate) })
	// Who is asked has more time than the others, and as long again to the shell.
	r.visit(t, asker{user: presenterName, auth: typingCode(code(), most/2)}, wide()).sees(t, "you lead")
}

// presenting is a client that asks to lead.
type presenting struct{ gossh.ConnMetadata }

func (presenting) User() string { return presenterName }

// Who hangs up in place of an answer has guessed nothing.
func TestQuestionNotAnswered(t *testing.T) {
	a := access{present: true, code: newCode(func(string) {})}
	c := door(t, 32).comes(t, "192.0.2.1")
	_, err := a.askCode(c, presenting{}, func(string, string, []string, []bool) ([]string, error) { return nil, io.EOF })
	if err == nil || err.Error() != "no presenter's code" {
		t.Errorf("%v", err)
	}
}

// All clients together have so many guesses of the code.
func TestGuessesOfAll(t *testing.T) {
	r, code := podium(t, nil, func(s *Server) { s.access.code.guesses = rate.NewLimiter(1e-6, 3) })
	for i := range 3 {
		if _, err := r.connect(asker{user: presenterName, auth: withCode("aaaa-aaaa"), from: fmt.Sprintf("127.0.0.%d", 3+i)}); err == nil {
			t.Fatal("leads without the code")
		}
	}
	if client, err := r.connect(asker{user: presenterName, auth: withCode(code())}); err == nil {
		client.Close()
		t.Error("the fourth guess is heard")
	}
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), "too many guesses") })
	r.access.code.guesses.SetLimit(rate.Inf) // later
	r.mustConnect(t, asker{user: presenterName, auth: withCode(code())})
}

// The log names who was turned away: user, key, method, and why.
func TestWhoWasTurnedAway(t *testing.T) {
	known, other := newKey(t), newKey(t)
	print := gossh.FingerprintSHA256
	forged := impostor{other, known.PublicKey()}
	closed, _ := podium(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, known) }, func(*Server) {})
	lecture, _ := lectureHall(t, func(*Server) {})
	for i, c := range []struct {
		room *room
		asker
		says []string
	}{
		{closed, asker{user: "eve\nadmin"}, []string{`user=eve\nadmin`, "method=none", `reason="no authorized key"`}},
		{closed, asker{user: "eve", auth: keys(other)}, []string{"user=eve", "client=SSH-2.0-Go", "method=publickey", "key=" + print(other.PublicKey()), `reason="not an authorized key"`}},
		{closed, asker{user: "eve", auth: keys(forged)}, []string{"user=eve", "method=publickey", "key=" + print(known.PublicKey()), `reason="signature did not verify"`}},
		{closed, asker{user: "eve", auth: keys(other, forged)}, []string{print(known.PublicKey()), print(other.PublicKey()), `reason="signature did not verify"`}},
		{closed, asker{user: presenterName, auth: withCode("aaaa-aaaa")}, []string{"user=present", "method=keyboard-interactive", `reason="wrong presenter's code"`}},
		{closed, asker{user: presenterName}, []string{"user=present", "method=none", `reason="no presenter's code"`}},
		{lecture, asker{user: presenterName}, []string{"user=present", "method=none", `reason="no presenter's key"`}},
		{lecture, asker{user: presenterName, auth: keys(other)}, []string{"user=present", "key=" + print(other.PublicKey()), `reason="not a presenter's key"`}},
		{closed, asker{change: func(c *gossh.ClientConfig) { c.KeyExchanges = []string{gossh.KeyExchangeDH14SHA256} }}, []string{`reason="no common algorithm for key exchange`}},
	} {
		c.from = fmt.Sprintf("127.0.12.%d", i+1)
		if client, err := c.room.connect(c.asker); err == nil {
			client.Close()
			t.Fatalf("%v comes in", c.says)
		}
		var line string
		eventually(t, "it is logged", 3*time.Second, func() bool {
			for line = range strings.Lines(c.room.log.String()) {
				if strings.Contains(line, "msg=refuse address="+c.from+":") {
					return true
				}
			}
			return false
		})
		for _, want := range c.says {
			if !strings.Contains(line, want) {
				t.Errorf("%q is not in %s", want, line)
			}
		}
		if strings.Count(c.room.log.String(), c.from+":") != 1 {
			t.Errorf("more than one line of %s", c.from)
		}
	}
}

// A crowd does not keep out of the log who tries keys.
func TestNobodyHidesInACrowd(t *testing.T) {
	known, other := newKey(t), newKey(t)
	r := startWith(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, known) }, func(s *Server) { s.refusals = rate.NewLimiter(1e-6, 3) })
	for range 10 {
		io.WriteString(r.tcp(t, ""), "GET")
	}
	eventually(t, "the crowd is refused", 3*time.Second, func() bool { return r.counts.refused.Load() == 10 })
	if n := strings.Count(r.log.String(), "msg=refuse"); n != 3 {
		t.Errorf("%d of the crowd are logged, want 3", n)
	}
	if client, err := r.connect(asker{auth: keys(other)}); err == nil {
		client.Close()
		t.Fatal("comes in with another key")
	}
	eventually(t, "the key is logged", 3*time.Second, func() bool {
		return strings.Contains(r.log.String(), gossh.FingerprintSHA256(other.PublicKey()))
	})
}

// said is what a client says of itself.
type said struct{ gossh.ServerPreAuthConn }

func (said) User() string          { return "eve\n" + strings.Repeat("x", 1000) }
func (said) ClientVersion() []byte { return []byte(said{}.User()) }

// Whatever a client tries to come in with, what is kept of it for the log is little.
func TestLittleIsKept(t *testing.T) {
	many := make([]gossh.Signer, 2*mostTries)
	for i := range many {
		many[i] = newKey(t)
	}
	for _, c := range []struct {
		name, method string
		err          error
		keys         int // in the log
	}{
		{"an unknown method", said{}.User(), errors.New(said{}.User()), mostTries},
		{"keys that are not known", "publickey", denial("not an authorized key"), mostTries},
		{"a key that is proven", "publickey", nil, 1},
		{"a code", "keyboard-interactive", nil, 0},
	} {
		one := door(t, 32).comes(t, "192.0.2.1")
		one.exchanged(said{})
		if one.progress != exchanged {
			t.Errorf("%s: comes to step %d, want %d", c.name, one.progress, exchanged)
		}
		for _, key := range many {
			one.offers(said{}, key.PublicKey())
		}
		one.tries(said{}, c.method, c.err)
		why, who := one.ended()
		text := fmt.Sprint(why, who)
		if n := strings.Count(text, "SHA256"); n != c.keys || n > 0 && !strings.Contains(text, gossh.FingerprintSHA256(many[len(many)-1].PublicKey())) {
			t.Errorf("%s: %d keys in %s, want %d", c.name, n, text, c.keys)
		}
		if most := longestReason + 3*longestName + 60*c.keys + 100; len(text) > most || strings.Contains(text, "\n") {
			t.Errorf("%s: %d bytes are kept: %s", c.name, len(text), text)
		}
	}
}

// The log of one who hangs up in the handshake says that, whatever the error was, and
// nothing of what is not known; another error says what was wrong and costs more.
func TestHowTheHandshakeEnded(t *testing.T) {
	key := newKey(t).PublicKey()
	offering := func(one *connection) { one.offers(said{}, key) }
	for _, c := range []struct {
		err    error
		says   string
		owes   time.Duration
		before func(*connection)
	}{
		{io.EOF, "hung up", owesNoAuth, offering},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), "hung up", owesNoAuth, offering},
		{net.ErrClosed, "hung up", owesNoAuth, offering},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, "hung up", owesNoAuth, offering},
		{errors.New("ssh: disconnect, reason 11: bye"), "hung up", owesNoAuth, offering},
		{errors.New("ssh: signature did not verify"), "signature did not verify", owesNoAuth + owesAuthFail, offering},
		{errors.New("ssh: no common algorithm"), "no common algorithm", owesNoAuth, func(*connection) {}},
		{errRekeys, errRekeys.Error(), owesAuthFail, func(one *connection) {
			offering(one)
			one.because(errRekeys.Error())
		}},
	} {
		a := door(t, 32)
		one := a.comes(t, "192.0.2.1")
		c.before(one)
		one.failed(c.err)
		one.Close()
		cause, who := one.ended()
		if cause != c.says || strings.Contains(fmt.Sprint(who), "client") {
			t.Errorf("%v: the log says %q of %v, want %q", c.err, cause, who, c.says)
		}
		if owed := a.source("192.0.2.1", time.Now()).owed(time.Now()).Round(time.Second); owed != c.owes {
			t.Errorf("%v: owes %s, want %s", c.err, owed, c.owes)
		}
	}
}
