package serve

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hinshun/vt10x"
	gossh "golang.org/x/crypto/ssh"

	"ravine/keymap"
	"ravine/race"
)

var soak = flag.Int("soak", 1, "how many times longer the long tests take")

// logged is a log that can be read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// room is a running server.
type room struct {
	*Server
	log     *logged
	address string
}

// roomy are limits that no test runs into by accident.
func roomy() Limits {
	l := DefaultLimits()
	l.PerAddress, l.Connects = 10_000, 1_000_000
	return l
}

// scene is a race that goes on for ever.
func scene() race.Race {
	r := race.Default()
	r.Steps = 0
	return r
}

func testOptions(t testing.TB) Options {
	return Options{
		Listen:  "127.0.0.1:0",
		HostKey: filepath.Join(t.TempDir(), "key"),
		Race:    scene(),
		Keys:    keymap.Default(),
		Limits:  roomy(),
	}
}

// start runs a server. After the test nothing of it may be left.
func start(t testing.TB, change func(*Options)) *room {
	t.Helper()
	return startWith(t, change, func(*Server) {})
}

// startWith also changes the server before it serves.
func startWith(t testing.TB, change func(*Options), prepare func(*Server)) *room {
	t.Helper()
	leftovers(t)
	options := testOptions(t)
	r := &room{log: &logged{}}
	options.Log = slog.New(slog.NewTextHandler(r.log, nil))
	if change != nil {
		change(&options)
	}
	server, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	prepare(server)
	return r.run(t, server)
}

func (r *room) run(t testing.TB, server *Server) *room {
	r.Server, r.address = server, server.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			t.Errorf("serving ended with %v", err)
		}
		if t.Failed() {
			t.Logf("log:\n%s", r.log)
		}
	})
	return r
}

func descriptors() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}

// leftovers fails the test if goroutines or descriptors are left 3 s after all
// its later cleanups.
func leftovers(t testing.TB) {
	goroutines, files := runtime.NumGoroutine(), descriptors()
	t.Cleanup(func() { settled(t, goroutines, files) })
}

// settled waits until there are no more goroutines and descriptors than that.
func settled(t testing.TB, goroutines, files int) {
	t.Helper()
	deadline := time.Now().Add(3 * time.Second)
	for runtime.NumGoroutine() > goroutines || descriptors() > files {
		if time.Now().After(deadline) {
			var stacks bytes.Buffer
			pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			t.Errorf("%d goroutines and %d descriptors are left of %d and %d\n%.6000s",
				runtime.NumGoroutine(), descriptors(), goroutines, files, stacks.String())
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, within time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(within)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// asker is how a test connects.
type asker struct {
	user    string
	from    string // local address, such as 127.0.0.7
	auth    []gossh.AuthMethod
	version string
	wrap    func(net.Conn) net.Conn
}

func (a asker) config() *gossh.ClientConfig {
	user := a.user
	if user == "" {
		user = "ada"
	}
	return &gossh.ClientConfig{
		User:            user,
		Auth:            a.auth,
		HostKeyCallback: gossh.InsecureIgnoreHostKey(),
		ClientVersion:   a.version,
		Timeout:         20 * time.Second,
	}
}

// tcp connects without a word of SSH.
func (r *room) tcp(t testing.TB, from string) net.Conn {
	t.Helper()
	conn, err := r.dialTCP(from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func (r *room) dialTCP(from string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	return dialer.Dial("tcp", r.address)
}

// connect makes an SSH connection without a session.
func (r *room) connect(a asker) (*gossh.Client, error) {
	raw, err := r.dialTCP(a.from)
	if err != nil {
		return nil, err
	}
	if a.wrap != nil {
		raw = a.wrap(raw)
	}
	conn, channels, requests, err := gossh.NewClientConn(raw, r.address, a.config())
	if err != nil {
		raw.Close()
		return nil, err
	}
	return gossh.NewClient(conn, channels, requests), nil
}

func (r *room) mustConnect(t testing.TB, a asker) *gossh.Client {
	t.Helper()
	client, err := r.connect(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// person is a client with a terminal that is looked at.
type person struct {
	client  *gossh.Client
	session *gossh.Session
	keys    io.WriteCloser
	over    chan struct{} // closed when the output has ended

	mu       sync.Mutex
	terminal vt10x.Terminal
	written  []byte // all that came
	changed  chan struct{}
	asked    int  // for the cursor
	silent   bool // does not answer
	blind    bool // has no screen, and keeps the last bytes only
}

func newTerminal(width, height int) vt10x.Terminal { return vt10x.New(vt10x.WithSize(width, height)) }

type terminalKind struct {
	name          string
	width, height int
	env           map[string]string
	silent, blind bool
}

func ordinary() terminalKind {
	return terminalKind{name: "xterm-256color", width: 100, height: 30}
}

// visit opens a session in a terminal.
func (r *room) visit(t testing.TB, a asker, kind terminalKind) *person {
	t.Helper()
	p, err := r.tryVisit(a, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.leave)
	return p
}

func (r *room) tryVisit(a asker, kind terminalKind) (*person, error) {
	client, err := r.connect(a)
	if err != nil {
		return nil, err
	}
	p := &person{
		client:   client,
		terminal: newTerminal(kind.width, kind.height),
		over:     make(chan struct{}),
		changed:  make(chan struct{}, 1),
		silent:   kind.silent,
		blind:    kind.blind,
	}
	if err := p.begin(kind); err != nil {
		client.Close()
		return nil, err
	}
	return p, nil
}

func (p *person) begin(kind terminalKind) (err error) {
	if p.session, err = p.client.NewSession(); err != nil {
		return err
	}
	for name, value := range kind.env {
		p.session.Setenv(name, value)
	}
	if err = p.session.RequestPty(kind.name, kind.height, kind.width, gossh.TerminalModes{}); err != nil {
		return err
	}
	if p.keys, err = p.session.StdinPipe(); err != nil {
		return err
	}
	output, err := p.session.StdoutPipe()
	if err != nil {
		return err
	}
	if err = p.session.Shell(); err != nil {
		return err
	}
	go p.read(output)
	return nil
}

const question = "\x1b[6n"

// read is the terminal: it shows what comes and answers what it is asked.
func (p *person) read(output io.Reader) {
	defer close(p.over)
	buffer := make([]byte, 32*1024)
	for {
		n, err := output.Read(buffer)
		p.mu.Lock()
		before := max(0, len(p.written)-len(question)+1)
		p.written = append(p.written, buffer[:n]...)
		questions := bytes.Count(p.written[before:], []byte(question))
		p.asked += questions
		if p.blind {
			const kept = 4096
			p.written = append(p.written[:0], p.written[max(0, len(p.written)-kept):]...)
		} else {
			p.terminal.Write(buffer[:n])
		}
		silent := p.silent
		p.mu.Unlock()
		for range questions {
			if !silent {
				io.WriteString(p.keys, "\x1b[7;9R")
			}
		}
		select {
		case p.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (p *person) screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.terminal.String()
}

func (p *person) bytes() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.written)
}

// sees waits until the screen has a text.
func (p *person) sees(t testing.TB, text string) {
	t.Helper()
	p.seesWithin(t, text, 15*time.Second)
}

func (p *person) seesWithin(t testing.TB, text string, within time.Duration) {
	t.Helper()
	if err := p.await(text, within); err != nil {
		t.Fatal(err)
	}
}

func (p *person) await(text string, within time.Duration) error {
	deadline := time.After(within)
	for !strings.Contains(p.screen(), text) {
		select {
		case <-p.changed:
		case <-p.over:
			if strings.Contains(p.screen(), text) {
				return nil
			}
			return fmt.Errorf("the session ended before %q was on screen:\n%s", text, p.screen())
		case <-deadline:
			return fmt.Errorf("%q is not on screen after %s:\n%s", text, within, p.screen())
		}
	}
	return nil
}

func (p *person) press(t testing.TB, keys string) {
	t.Helper()
	if _, err := io.WriteString(p.keys, keys); err != nil {
		t.Fatal(err)
	}
}

// ends waits for the end of the session.
func (p *person) ends(t testing.TB, within time.Duration) {
	t.Helper()
	select {
	case <-p.over:
	case <-time.After(within):
		t.Fatalf("the session still runs after %s", within)
	}
}

func (p *person) leave() {
	p.client.Close()
	<-p.over
}

// probe is an ordinary visitor who must be served whatever the others do.
func (r *room) probe(t testing.TB) {
	t.Helper()
	p, err := r.tryVisit(asker{user: "probe", from: "127.0.0.99"}, ordinary())
	if err != nil {
		t.Errorf("the probe visitor: %v", err)
		return
	}
	defer p.leave()
	if err := p.await("step", 15*time.Second); err != nil {
		t.Errorf("the probe visitor: %v", err)
		return
	}
	io.WriteString(p.keys, "q")
	select {
	case <-p.over:
	case <-time.After(10 * time.Second):
		t.Error("the probe visitor cannot quit")
	}
}

// meanwhile sends probes until the returned function is called.
func (r *room) meanwhile(t testing.TB) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			r.probe(t)
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() { close(done); <-ended }
}

// newKey makes a client's key.
func newKey(t testing.TB) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.NewSignerFromSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// keyFile writes public keys as an authorized_keys file.
func keyFile(t testing.TB, keys ...gossh.Signer) string {
	t.Helper()
	var text []byte
	for _, key := range keys {
		text = append(text, gossh.MarshalAuthorizedKey(key.PublicKey())...)
	}
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// hangsUp waits until the server has closed a connection.
func hangsUp(t testing.TB, client *gossh.Client, within time.Duration) {
	t.Helper()
	closed := make(chan struct{})
	go func() {
		client.Wait()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(within):
		t.Fatalf("the connection is still open after %s", within)
	}
}

var errNotRefused = errors.New("not refused")

// cutConn hangs up when so many bytes are written.
type cutConn struct {
	net.Conn
	left int
}

func (c *cutConn) Write(p []byte) (int, error) {
	if len(p) > c.left {
		c.Conn.Write(p[:c.left])
		c.Conn.Close()
		return c.left, io.ErrClosedPipe
	}
	c.left -= len(p)
	return c.Conn.Write(p)
}

// handshake shakes hands as far as it goes.
func handshake(conn net.Conn) {
	c, channels, requests, err := gossh.NewClientConn(conn, "room", asker{}.config())
	if err == nil {
		client := gossh.NewClient(c, channels, requests)
		client.NewSession()
		client.Close()
	}
}
