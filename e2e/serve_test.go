package e2e_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"

	"ravine/cli"
)

// written is what a process has said so far.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

var sshLine = regexp.MustCompile(`connect with:   ssh -p (\d+) 127\.0\.0\.1\n`)

// TestServe starts the server as a process, visits it and stops it by signal.
func TestServe(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		var out, log written
		command := program(t, "serve", "--listen", "127.0.0.1:0", "--host-key", filepath.Join(t.TempDir(), "key"),
			"--problem", "beale", "--log", "json", "--present")
		command.Stdout, command.Stderr = &out, &log
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		defer command.Process.Kill()
		waitFor(t, "the greeting", func() bool { return strings.Contains(out.String(), "who may lead:") })
		said := out.String()
		match := sshLine.FindStringSubmatch(said)
		if match == nil {
			t.Fatalf("no line to type in\n%s", said)
		}
		var fingerprint string
		client, err := gossh.Dial("tcp", "127.0.0.1:"+match[1], &gossh.ClientConfig{User: "ada", Timeout: 10 * time.Second,
			HostKeyCallback: func(_ string, _ net.Addr, key gossh.PublicKey) error {
				fingerprint = gossh.FingerprintSHA256(key)
				return nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		for _, want := range []string{fingerprint, "anyone on this machine", "code to lead:   ", "present@127.0.0.1"} {
			if !strings.Contains(said, want) {
				t.Errorf("does not say %q:\n%s", want, said)
			}
		}
		session, err := client.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		var screen written
		session.Stdout = &screen
		keys, err := session.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := session.RequestPty("xterm", 30, 100, nil); err != nil {
			t.Fatal(err)
		}
		if err := session.Shell(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the scene of the flags", func() bool { return strings.Contains(screen.String(), "beale") })
		io.WriteString(keys, " ")
		told := time.Now()
		command.Process.Signal(signal)
		if err := command.Wait(); err != nil {
			t.Errorf("ended by %s with %v", signal, err)
		}
		if took := time.Since(told); took > 6*time.Second {
			t.Errorf("stopping by %s took %s", signal, took)
		}
		waitFor(t, "the word of goodbye", func() bool { return strings.Contains(screen.String(), "Goodbye!") })
		for _, want := range []string{`"msg":"connect"`, `"msg":"disconnect"`, `"user":"ada"`} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log has no %s:\n%s", want, log.String())
			}
		}
	}
}

// TestServeStopsWhileItStarts: building this problem takes half a minute.
func TestServeStopsWhileItStarts(t *testing.T) {
	command := program(t, "serve", "--listen", "127.0.0.1:0", "--host-key", filepath.Join(t.TempDir(), "key"),
		"--problem", "sparse:n=1562500,features=64")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Process.Kill()
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case err := <-ended:
		t.Fatalf("it ended by itself: %v", err)
	case <-time.After(500 * time.Millisecond): // well into it
	}
	told := time.Now()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ended
	if took := time.Since(told); took > 2*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

func TestServeRefuses(t *testing.T) {
	directory := t.TempDir()
	for _, c := range []struct {
		args   []string
		status int
		says   []string
	}{
		{[]string{"--listen", "0.0.0.0:0"}, statusUsage, []string{"--authorized-keys", "--open"}},
		{[]string{"--problem", "nowhere"}, statusUsage, []string{"nowhere"}},
		{[]string{"--log", "xml"}, statusUsage, []string{"--log", "text", "json"}},
		{[]string{"--metrics", "0.0.0.0:0"}, statusUsage, []string{"--metrics", "loopback"}},
		{[]string{"--listen", "127.0.0.1:99999"}, statusUsage, []string{"--listen", "from 0 to 65535"}},
		{[]string{"--metrics", "127.0.0.1:-1"}, statusUsage, []string{"--metrics", "from 0 to 65535"}},
		{[]string{"--max-sessions", "1e-3"}, statusUsage, []string{"--max-sessions=1e-3", "whole number"}},
		{[]string{"--host-key", directory}, statusFailed, []string{"not a regular file"}},
		{[]string{"--authorized-keys", filepath.Join(directory, "none")}, statusFailed, []string{"no such file"}},
		{[]string{"--authorized-keys", os.DevNull}, statusFailed, []string{"--authorized-keys", "not a regular file"}},
		{[]string{"--present", "--presenter-keys", os.DevNull}, statusFailed, []string{"--presenter-keys", "not a regular file"}},
		{[]string{"--keys", os.DevNull}, statusFailed, []string{"--keys", "not a regular file"}},
		{[]string{"--idle-timeout", "soon"}, statusUsage, []string{"--idle-timeout=soon"}},
	} {
		var out, log bytes.Buffer
		args := append([]string{"serve", "--listen", "127.0.0.1:0", "--host-key", filepath.Join(directory, "key")}, c.args...)
		if status := cli.Main(args, &out, &log); status != c.status {
			t.Errorf("%v: status %d, want %d: %s", c.args, status, c.status, log.String())
		}
		for _, want := range c.says {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%v: %q does not say %q", c.args, log.String(), want)
			}
		}
		if strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%v: not one line: %q", c.args, log.String())
		}
	}
}

// A hangup has the files with keys read again, unless it says that the terminal
// is gone.
func TestServeReadsKeysAgain(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		t.Skip("ignored by whoever started the tests")
	}
	directory := t.TempDir()
	if err := os.Chmod(directory, 0o700); err != nil { // whatever the umask is
		t.Fatal(err)
	}
	file := filepath.Join(directory, "keys")
	public := func() []byte {
		key, _, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public, err := gossh.NewPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return gossh.MarshalAuthorizedKey(public)
	}
	if err := os.WriteFile(file, public(), 0o600); err != nil {
		t.Fatal(err)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal here:", err)
	}
	defer master.Close()
	var out, log written
	command := program(t, "serve", "--listen", "127.0.0.1:0", "--host-key", filepath.Join(directory, "key"), "--authorized-keys", file)
	command.Stdin, command.Stdout, command.Stderr = slave, &out, &log
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer command.Process.Kill()
	slave.Close()
	waitFor(t, "the greeting", func() bool { return strings.Contains(out.String(), "whoever has the authorized key") })
	if err := os.WriteFile(file, append(public(), public()...), 0o600); err != nil {
		t.Fatal(err)
	}
	command.Process.Signal(syscall.SIGHUP)
	waitFor(t, "two keys", func() bool {
		return strings.Contains(log.String(), "msg=keys flag=--authorized-keys") && strings.Contains(log.String(), "keys=2")
	})
	master.Close()
	if err := command.Wait(); err != nil {
		t.Errorf("ended with %v when its terminal was gone", err)
	}
}
