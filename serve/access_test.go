package serve

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"ravine/race"
)

func TestWhoMayComeIn(t *testing.T) {
	known, other := newKey(t), newKey(t)
	r := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, known) })
	if r.Who() != "whoever has the authorized key" {
		t.Errorf("says %q", r.Who())
	}
	if client, err := r.connect(asker{}); err == nil {
		client.Close()
		t.Error("came in without a key")
	}
	if client, err := r.connect(asker{auth: keys(other)}); err == nil {
		client.Close()
		t.Error("came in with a key that is not authorized")
	}
	eventually(t, "the refusal is logged with its reason", 3*time.Second, func() bool {
		return strings.Contains(r.log.String(), "not an authorized key")
	})
	p := r.visit(t, asker{auth: keys(known)}, ordinary())
	p.sees(t, "step")
	if want := gossh.FingerprintSHA256(known.PublicKey()); !strings.Contains(r.log.String(), want) {
		t.Errorf("the log does not name the key %s", want)
	}
}

func keys(signers ...gossh.Signer) []gossh.AuthMethod {
	return []gossh.AuthMethod{gossh.PublicKeys(signers...)}
}

// impostor offers one key and signs with another.
type impostor struct {
	gossh.Signer
	offered gossh.PublicKey
}

func (i impostor) PublicKey() gossh.PublicKey { return i.offered }

// A key that is offered, and not proven, opens nothing. See TestOpenSSHOffersOther
// for one that is offered before another is proven.
func TestOfferedIsNotProven(t *testing.T) {
	a, b := newKey(t), newKey(t)
	r := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, a) })
	if client, err := r.connect(asker{auth: keys(impostor{b, a.PublicKey()})}); err == nil {
		client.Close()
		t.Fatal("came in with a key that was only offered")
	}
	if strings.Contains(r.log.String(), "msg=connect") {
		t.Error("logged as a visitor")
	}
	r.probeAuth = keys(a)
	r.probe(t)
}

func TestRefusedToStart(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	dir := filepath.Dir(keyFile(t))
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := func(name, target string) string {
		path := filepath.Join(dir, name)
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := filepath.Join(dir, "good")
	if _, err := hostKey(good); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(good)
	public := string(gossh.MarshalAuthorizedKey(newKey(t).PublicKey()))
	for _, c := range []struct {
		name    string
		change  func(*Options)
		says    []string
		machine bool // whether it is not the options that are wrong
	}{
		{"open to all by accident", func(o *Options) { o.Listen = "0.0.0.0:0" }, []string{"--authorized-keys", "--open"}, false},
		{"by an empty host", func(o *Options) { o.Listen = ":0" }, []string{"--authorized-keys", "--open"}, false},
		{"by IPv6", func(o *Options) { o.Listen = "[::]:0" }, []string{"--authorized-keys", "--open"}, false},
		{"by a name", func(o *Options) { o.Listen = "example.org:0" }, []string{"--authorized-keys", "--open"}, false},
		{"both", func(o *Options) { o.Open, o.AuthorizedKeys = true, good }, []string{"--open", "--authorized-keys"}, false},
		{"no port", func(o *Options) { o.Listen = "localhost" }, []string{"HOST:PORT"}, false},
		{"a port that is none", func(o *Options) { o.Listen = "127.0.0.1:65536" }, []string{"65535"}, false},
		{"a race that cannot be", func(o *Options) { o.Race.Lanes = []race.LaneSpec{{Rule: "none"}} }, []string{`"none"`}, true},
		{"no time", func(o *Options) { o.Limits.Idle = 0 }, []string{"--idle-timeout=0s"}, false},
		{"port busy", func(o *Options) { o.Listen = busy.Addr().String() }, []string{busy.Addr().String(), "in use"}, true},
		{"no keys", func(o *Options) { o.AuthorizedKeys = write("none", "# nobody\n", 0o644) }, []string{"has no key"}, true},
		{"keys absent", func(o *Options) { o.AuthorizedKeys = filepath.Join(dir, "absent") }, []string{"--authorized-keys", "no such file"}, true},
		{"presenter's keys absent", func(o *Options) { o.Present, o.PresenterKeys = true, filepath.Join(dir, "absent") }, []string{"--presenter-keys", "no such file"}, true},
		{"keys broken", func(o *Options) { o.AuthorizedKeys = write("bad", "# x\nssh-ed25519 AAAA\n", 0o644) }, []string{"bad:2"}, true},
		{"host key 0644", func(o *Options) { o.HostKey = write("loose", string(text), 0o644) }, []string{"0644", "0600"}, true},
		{"host key for the group", func(o *Options) { o.HostKey = write("group", string(text), 0o640) }, []string{"0640", "0600"}, true},
		{"host key of another kind", func(o *Options) { o.HostKey = write("ecdsa", otherKind(t), 0o600) }, []string{"ecdsa", "ssh-ed25519"}, true},
		{"keys with options", func(o *Options) { o.AuthorizedKeys = write("options", "no-pty "+public, 0o644) }, []string{"options:1", "not supported"}, true},
		{"host key corrupt", func(o *Options) { o.HostKey = write("corrupt", string(text[:200])+"\n", 0o600) }, []string{"corrupt"}, true},
		{"host key empty", func(o *Options) { o.HostKey = write("empty", "", 0o600) }, []string{"empty"}, true},
		{"host key a link to nothing", func(o *Options) { o.HostKey = link("dangling", "nothing") }, []string{"is a link to nothing", "does not exist"}, true},
		{"host key a link to itself", func(o *Options) { o.HostKey = link("circle", "circle") }, []string{"circle"}, true},
		{"host key in a link to nothing", func(o *Options) { o.HostKey = filepath.Join(link("nowhere", "nothing"), "key") }, []string{"nowhere"}, true},
		{"host key a directory", func(o *Options) { o.HostKey = dir }, []string{"not a regular file"}, true},
		{"metrics for all", func(o *Options) { o.Metrics = "0.0.0.0:0" }, []string{"--metrics", "loopback"}, false},
		{"metrics at no port", func(o *Options) { o.Metrics = "localhost" }, []string{"--metrics", "HOST:PORT"}, false},
		{"metrics at a busy port", func(o *Options) { o.Metrics = busy.Addr().String() }, []string{"--metrics", "in use"}, true},
		{"no sessions", func(o *Options) { o.Limits.Sessions = 0 }, []string{"--max-sessions=0"}, false},
		{"presenter's keys alone", func(o *Options) { o.PresenterKeys = good }, []string{"--present"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := testOptions(t)
			c.change(&options)
			if err := options.Check(); (err == nil) != c.machine {
				t.Errorf("the options are found wrong: %v; want that: %v", err, !c.machine)
			}
			server, err := New(options)
			if err == nil {
				server.Stop()
				t.Fatal("starts")
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
}

// A server for this machine alone needs no word on who may come in.
func TestLoopback(t *testing.T) {
	for _, listen := range []string{"localhost:0", "127.0.0.1:0", "[::1]:0"} {
		options := testOptions(t)
		options.Listen = listen
		if err := options.Check(); err != nil {
			t.Error(err)
		}
	}
}

// TestHostKeyThroughALink: a link to a key is one. One whose file is gone when it
// is looked at again, after another server made it, is tried once.
func TestHostKeyThroughALink(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	made, err := hostKey(path)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("key", link); err != nil {
		t.Fatal(err)
	}
	read, err := hostKey(link)
	if err != nil || gossh.FingerprintSHA256(read.PublicKey()) != gossh.FingerprintSHA256(made.PublicKey()) {
		t.Errorf("through a link: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := makeHostKey(link); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where a link to nothing is in the way: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files are left, want the link alone", len(entries))
	}
}

// otherKind returns a private key that is not Ed25519.
func otherKind(t *testing.T) string {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(block))
}

func TestHostKeyIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "some", "where", "key")
	first, err := hostKey(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o, want 600", info.Mode().Perm())
	}
	second, err := hostKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := gossh.FingerprintSHA256(first.PublicKey()), gossh.FingerprintSHA256(second.PublicKey()); a != b {
		t.Errorf("made %s, then read %s", a, b)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("%d files are left, want the key alone", len(entries))
	}
}

// presents is whoever asks to lead.
type presents struct{ gossh.ConnMetadata }

func (presents) User() string { return presenterName }

// A client need not ask what there is to try before it offers a key.
func TestKeyInPlaceOfTheCode(t *testing.T) {
	a := access{present: true, code: newCode(func(string) {})}
	if granted, err := a.judge(presents{}, newKey(t).PublicKey()); err == nil {
		t.Errorf("a key is worth %v", granted)
	}
}
