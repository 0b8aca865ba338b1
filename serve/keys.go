package serve

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"

	gossh "golang.org/x/crypto/ssh"

	"ravine/smallfile"
)

// keySet is a set of public keys in their wire form.
type keySet map[string]bool

// fewestBits is how long an RSA key is at least.
const fewestBits = 2048

// readKeys reads a file in the format of OpenSSH's authorized_keys. Options
// before a key are refused: what they forbid could not be kept to. flag is
// named in errors.
func readKeys(flag, path string) (keySet, error) {
	text, err := smallfile.Read(path)
	if err == nil {
		err = strict(path)
	}
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	keys := keySet{}
	for i, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		key, _, options, _, err := gossh.ParseAuthorizedKey(line)
		if err == nil && len(options) > 0 {
			err = errors.New("options are not supported")
		}
		if err == nil {
			err = unfit(key)
		}
		if err != nil {
			return nil, fmt.Errorf("--%s %s:%d: %w; want a public key: ssh-ed25519 AAAA…", flag, path, i+1, err)
		}
		keys[string(key.Marshal())] = true
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("--%s %s has no key", flag, path)
	}
	return keys, nil
}

// unfit returns why a key proves nothing, if it does not.
func unfit(key gossh.PublicKey) error {
	kind := key.Type()
	if kind != gossh.KeyAlgoRSA && !slices.Contains(publicKeyAlgorithms(), kind) {
		return fmt.Errorf("%s is not supported", kind)
	}
	if public, ok := key.(gossh.CryptoPublicKey); ok {
		if public, ok := public.CryptoPublicKey().(*rsa.PublicKey); ok && public.N.BitLen() < fewestBits {
			return fmt.Errorf("an RSA key of %d bits is too weak, want at least %d", public.N.BitLen(), fewestBits)
		}
	}
	return nil
}

// keyring is a file of public keys. It is read again when it has changed, and if
// that fails, what was read before stays.
type keyring struct {
	flag, path string
	log        *slog.Logger

	mu   sync.Mutex
	keys keySet
	seen fs.FileInfo // the file as it was when it was read, nil where there was none
}

func openKeys(flag, path string, log *slog.Logger) (*keyring, error) {
	k := &keyring{flag: flag, path: path, log: log}
	k.seen, _ = os.Stat(path)
	var err error
	k.keys, err = readKeys(flag, path)
	return k, err
}

// has reports whether the key is in the file.
func (k *keyring) has(key gossh.PublicKey) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now, _ := os.Stat(k.path); differs(k.seen, now) {
		k.read(now)
	}
	return k.keys[string(key.Marshal())]
}

// reload reads the file whether it has changed or not.
func (k *keyring) reload() {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	now, _ := os.Stat(k.path)
	k.read(now)
}

// read reads the file and logs how that went.
func (k *keyring) read(now fs.FileInfo) {
	k.seen = now
	keys, err := readKeys(k.flag, k.path)
	if err != nil {
		k.log.Error("keys", "error", err, "kept", len(k.keys))
		return
	}
	k.keys = keys
	k.log.Info("keys", "flag", "--"+k.flag, "file", k.path, "keys", len(keys))
}

func (k *keyring) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.keys)
}

// differs reports whether a file is not what it was.
func differs(before, now fs.FileInfo) bool {
	if before == nil || now == nil {
		return before != now
	}
	return !os.SameFile(before, now) || before.Size() != now.Size() || before.Mode() != now.Mode() || !before.ModTime().Equal(now.ModTime())
}
