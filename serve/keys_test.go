package serve

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// line returns a key's line in authorized_keys.
func line(t *testing.T, key any) string {
	t.Helper()
	public, err := gossh.NewPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(gossh.MarshalAuthorizedKey(public))
}

// Keys that prove nothing are refused by file and line.
func TestWeakKeys(t *testing.T) {
	bits := func(n int) *rsa.PublicKey {
		if n < 1024 {
			t.Setenv("GODEBUG", "rsa1024min=0")
		}
		key, err := rsa.GenerateKey(rand.Reader, n)
		if err != nil {
			t.Fatal(err)
		}
		return &key.PublicKey
	}
	old := gossh.Marshal(struct {
		Kind       string
		P, Q, G, Y *big.Int
	}{"ssh-dss", new(big.Int).Lsh(big.NewInt(1), 1023), new(big.Int).Lsh(big.NewInt(1), 159), big.NewInt(2), big.NewInt(2)})
	good := newKey(t)
	certificate := &gossh.Certificate{Key: good.PublicKey(), CertType: gossh.UserCert, ValidBefore: gossh.CertTimeInfinity}
	if err := certificate.SignCert(rand.Reader, good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, line, says string }{
		{"RSA of 2048", line(t, bits(2048)), ""},
		{"RSA of 2047", line(t, bits(2047)), "an RSA key of 2047 bits is too weak, want at least 2048"},
		{"RSA of 1024", line(t, bits(1024)), "an RSA key of 1024 bits is too weak"},
		{"DSA", "ssh-dss " + base64.StdEncoding.EncodeToString(old), "ssh-dss is not supported"},
		{"certificate", string(gossh.MarshalAuthorizedKey(certificate)), "ssh-ed25519-cert-v01@openssh.com is not supported"},
	} {
		path := keyFile(t, good)
		text := "# one that is good\n" + string(gossh.MarshalAuthorizedKey(good.PublicKey())) + c.line
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readKeys("presenter-keys", path)
		switch {
		case c.says == "":
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		case err == nil || !strings.Contains(err.Error(), "--presenter-keys "+path+":3: "+c.says):
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

// A file with keys that others could change is refused, as sshd's StrictModes has
// it, wherever it is linked from.
func TestStrictModes(t *testing.T) {
	base := filepath.Dir(keyFile(t))
	for i, c := range []struct {
		name            string
		file, dir, over fs.FileMode // of the file, its directory, and the one above
		owner           int         // of the file; 0 for who runs this
		says            string
	}{
		{"all is well", 0o644, 0o755, 0o755, 0, ""},
		{"for the owner alone", 0o400, 0o700, 0o700, 0, ""},
		{"file for the group", 0o664, 0o755, 0o755, 0, "keys has mode 0664, so others can change it; want 0644"},
		{"file with the sticky bit", 0o606 | fs.ModeSticky, 0o755, 0o755, 0, "keys has mode 0606"},
		{"file for all", 0o602, 0o755, 0o755, 0, "keys has mode 0602, so others can change it; want 0600"},
		{"directory for the group", 0o600, 0o770, 0o755, 0, "dir has mode 0770, so others can change it; want 0750"},
		{"directory for all", 0o600, 0o777, 0o755, 0, "dir has mode 0777"},
		{"directory such as /tmp", 0o600, 0o777 | fs.ModeSticky, 0o755, 0, ""},
		{"directory above for all", 0o600, 0o755, 0o777, 0, "has mode 0777"},
		{"another's file", 0o600, 0o755, 0o755, 12345, "keys belongs to user 12345"},
	} {
		over := filepath.Join(base, fmt.Sprint(i))
		dir := filepath.Join(over, "dir")
		path := filepath.Join(dir, "keys")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, gossh.MarshalAuthorizedKey(newKey(t).PublicKey()), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.owner != 0 && os.Chown(path, c.owner, -1) != nil {
			continue // only root can
		}
		for _, m := range []struct {
			path string
			mode fs.FileMode
		}{{path, c.file}, {dir, c.dir}, {over, c.over}} {
			if err := os.Chmod(m.path, m.mode); err != nil {
				t.Fatal(err)
			}
		}
		link := filepath.Join(base, fmt.Sprint("link", i))
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		for _, named := range []string{path, link} {
			_, err := readKeys("authorized-keys", named)
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("%s: %v, want %q", c.name, err, c.says)
			}
		}
	}
}

// Whoever comes after a file has changed is judged by what is in it then. What
// cannot be read, or trusted, changes nothing.
func TestKeysAreReadAgain(t *testing.T) {
	first, second := newKey(t), newKey(t)
	path := keyFile(t, first)
	r := start(t, func(o *Options) { o.AuthorizedKeys, o.Present, o.PresenterKeys = path, true, path })
	in := func(key gossh.Signer, user string) bool {
		client, err := r.connect(asker{user: user, auth: keys(key)})
		if err == nil {
			client.Close()
		}
		return err == nil
	}
	write := func(key gossh.Signer, mode fs.FileMode) {
		if err := os.WriteFile(path, gossh.MarshalAuthorizedKey(key.PublicKey()), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		// The two keys are equally long, and the clock of files may be slow.
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Duration(mode)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	for _, user := range []string{"ada", presenterName} {
		if !in(first, user) || in(second, user) {
			t.Fatalf("%s: the first key is not the one that is let in", user)
		}
	}
	write(second, 0o600)
	for _, user := range []string{"ada", presenterName} {
		if in(first, user) || !in(second, user) {
			t.Errorf("%s: the second key is not the one that is let in", user)
		}
	}
	write(first, 0o666)
	if in(first, "ada") || !in(second, "ada") {
		t.Error("what others can change is trusted")
	}
	if n := strings.Count(r.log.String(), "so others can change it"); n != 1 {
		t.Errorf("the log says %d times why, want once: each time the file changes", n)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if !in(second, "ada") {
		t.Error("what was read before is lost with the file")
	}
	write(first, 0o600)
	if !in(first, "ada") || in(second, "ada") {
		t.Error("a new file is not read")
	}
	// A change that cannot be seen takes a hangup.
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, gossh.MarshalAuthorizedKey(second.PublicKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	start(t, nil).Reload() // has no keys
	r.Reload()
	if in(first, "ada") || !in(second, "ada") {
		t.Error("a hangup does not have the file read")
	}
}

// What a file of keys may differ in from what was read.
func TestDiffers(t *testing.T) {
	now := time.Now()
	write := func(path, text string, mode fs.FileMode, at time.Time) fs.FileInfo {
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	before := write(path, "key", 0o600, now)
	for name, c := range map[string]struct {
		now  fs.FileInfo
		want bool
	}{
		"nothing":     {write(path, "key", 0o600, now), false},
		"the text":    {write(path, "keys", 0o600, now), true},
		"the mode":    {write(path, "key", 0o644, now), true},
		"the time":    {write(path, "key", 0o600, now.Add(time.Second)), true},
		"the file":    {write(filepath.Join(dir, "other"), "key", 0o600, now), true},
		"being there": {nil, true},
	} {
		if got := differs(before, c.now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if differs(nil, nil) {
		t.Error("a file that is not there has changed")
	}
}
