package serve

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

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
	log       *logged
	address   string
	probeAuth []gossh.AuthMethod // of the probe visitors
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

// allowed is how long to wait for what takes so long at most without the race
// detector, which looks for races: it is the run without it that finds the slow.
func allowed(most time.Duration) time.Duration {
	if raced {
		return 10 * most
	}
	return most
}

// leftovers fails the test if goroutines or descriptors are left 3 s after all
// its later cleanups.
func leftovers(t testing.TB) {
	// The first listener of a process opens the descriptors of Go's poller, for good.
	if listener, err := net.Listen("tcp", "127.0.0.1:0"); err == nil {
		listener.Close()
	}
	goroutines, files := runtime.NumGoroutine(), descriptors()
	t.Cleanup(func() { settled(t, goroutines, files) })
}

// settled waits until there are no more goroutines and descriptors than that.
func settled(t testing.TB, goroutines, files int) {
	t.Helper()
	deadline := time.Now().Add(allowed(3 * time.Second))
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
	deadline := time.Now().Add(allowed(within))
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
	change  func(*gossh.ClientConfig)
}

func (a asker) config() *gossh.ClientConfig {
	user := a.user
	if user == "" {
		user = "ada"
	}
	config := &gossh.ClientConfig{
		User:            user,
		Auth:            a.auth,
		HostKeyCallback: gossh.InsecureIgnoreHostKey(),
		ClientVersion:   a.version,
		Timeout:         allowed(20 * time.Second),
	}
	if a.change != nil {
		a.change(config)
	}
	return config
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
	dialer := net.Dialer{Timeout: allowed(10 * time.Second)}
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
	directory := t.TempDir()
	if err := os.Chmod(directory, 0o700); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	path := filepath.Join(directory, "keys")
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
	case <-time.After(allowed(within)):
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
