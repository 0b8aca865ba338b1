package serve

import (
	"bytes"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	creack "github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"
)

// openSSH returns OpenSSH's client, on its way to the room.
func openSSH(t *testing.T, r *room, user string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("ssh")
	if err != nil {
		t.Skip("there is no OpenSSH client")
	}
	host, port, _ := net.SplitHostPort(r.address)
	all := append([]string{"-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
		"-o", "IdentityAgent=none", "-o", "LogLevel=INFO", "-p", port}, args...)
	command := exec.Command(path, append(all, user+"@"+host)...)
	command.Env = append(os.Environ(), "TERM=xterm-256color")
	return command
}

// inTerminal runs a command in a terminal and returns what it showed when it has
// ended. Keys are typed when the text is on screen.
func inTerminal(t *testing.T, command *exec.Cmd, text, keys string) string {
	t.Helper()
	tty, err := creack.StartWithSize(command, &creack.Winsize{Rows: 30, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	timer := time.AfterFunc(allowed(20*time.Second), func() { command.Process.Kill() })
	defer timer.Stop()
	var all bytes.Buffer
	buffer := make([]byte, 32*1024)
	typed := false
	for {
		n, err := tty.Read(buffer)
		all.Write(buffer[:n])
		if !typed && strings.Contains(all.String(), text) {
			typed = true
			tty.WriteString(keys)
		}
		if err != nil {
			break
		}
	}
	command.Wait()
	if !typed {
		t.Fatalf("%q never came:\n%q", text, all.String())
	}
	return all.String()
}

func TestOpenSSH(t *testing.T) {
	r := start(t, nil)
	shown := inTerminal(t, openSSH(t, r, "ada"), "slides", " q")
	if !strings.Contains(shown, "\x1b[?1049l") || !strings.Contains(shown, "closed") {
		t.Errorf("the screen is not given back: %q", shown[max(0, len(shown)-300):])
	}
	command := openSSH(t, r, "ada")
	command.Args = append(command.Args, "id")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "exec request failed") {
		t.Errorf("a command: %v, %s", err, out)
	}
	command = openSSH(t, r, "ada")
	command.Stdin = strings.NewReader("")
	if out, err = command.CombinedOutput(); err == nil || !strings.Contains(string(out), "needs a terminal") {
		t.Errorf("without a terminal: %v, %s", err, out)
	}
}

// OpenSSH's client shows the reason that is sent before the key exchange.
func TestOpenSSHIsToldWhy(t *testing.T) {
	r := start(t, func(o *Options) { o.Limits.Connects = 1 })
	r.mustConnect(t, asker{})
	out, err := openSSH(t, r, "ada").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "too many connections a minute") {
		t.Errorf("%v: %s", err, out)
	}
}

// OpenSSH's client offers A, cannot sign for it, and proves B.
func TestOpenSSHOffersOther(t *testing.T) {
	a, b := newKey(t), newPrivate(t)
	r := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, a, b.signer) })
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	// The public half says A, the private one is another.
	write("a.pub", gossh.MarshalAuthorizedKey(a.PublicKey()))
	first := write("a", newPrivate(t).file)
	second := write("b", b.file)
	inTerminal(t, openSSH(t, r, "ada", "-i", first, "-i", second, "-o", "IdentitiesOnly=yes"), "slides", "q")
	text := r.log.String()
	if strings.Contains(text, gossh.FingerprintSHA256(a.PublicKey())) || !strings.Contains(text, gossh.FingerprintSHA256(b.signer.PublicKey())) {
		t.Errorf("the visitor is not known by the key that was proven:\n%s", text)
	}
}

// private is a key with the file that OpenSSH reads it from.
type private struct {
	signer gossh.Signer
	file   []byte
}

func newPrivate(t *testing.T) private {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	signer, err := makeHostKey(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if block, _ := pem.Decode(text); block == nil {
		t.Fatal("not PEM")
	}
	return private{signer, text}
}

// OpenSSH's client is asked for the code, however many keys it has to offer.
func TestOpenSSHPresents(t *testing.T) {
	r, code := podium(t, nil, func(*Server) {})
	args := []string{"-o", "IdentitiesOnly=yes"}
	for range 2 * mostTries {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, newPrivate(t).file, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-i", path)
	}
	go func() { // the terminal's keys are typed: the server ends it
		for r.counts.sessions.Load() == 0 && t.Context().Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		r.Stop()
	}()
	inTerminal(t, openSSH(t, r, presenterName, args...), "Code: ", code()+"\r")
	if !strings.Contains(r.log.String(), "msg=connect") {
		t.Error("does not get in with the code")
	}
}
