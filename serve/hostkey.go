package serve

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	gossh "golang.org/x/crypto/ssh"

	"ravine/smallfile"
)

// DefaultHostKey returns where the host key is kept when no flag says so.
func DefaultHostKey() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no place for a host key, name one with --host-key: %w", err)
	}
	return filepath.Join(dir, "ravine", "ssh_host_ed25519_key"), nil
}

// hostKey reads the server's private key, or makes one where there is none.
func hostKey(path string) (gossh.Signer, error) {
	signer, err := readHostKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return signer, err
	}
	if target, err := os.Readlink(path); err == nil {
		return nil, fmt.Errorf("host key %s is a link to %s, which does not exist; name that file itself, or remove the link", path, target)
	}
	return makeHostKey(path)
}

// readHostKey reads a key. One that others could have read or changed, or that is
// not one, is refused: to replace it silently would teach visitors to wave
// warnings away.
func readHostKey(path string) (gossh.Signer, error) {
	text, err := smallfile.Read(path)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	if loose := info.Mode().Perm() & 0o077; loose != 0 {
		return nil, fmt.Errorf("host key %s has mode %04o, so others can use it; want 0600", path, info.Mode().Perm())
	}
	signer, err := gossh.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("host key %s: %w; to have a new one made, move it away", path, err)
	}
	if kind := signer.PublicKey().Type(); kind != gossh.KeyAlgoED25519 {
		return nil, fmt.Errorf("host key %s is %s; want %s", path, kind, gossh.KeyAlgoED25519)
	}
	return signer, nil
}

// makeHostKey makes a key and keeps it. The file appears whole or not at all,
// and a key that another server has just put there stays.
func makeHostKey(path string) (gossh.Signer, error) {
	fail := func(err error) (gossh.Signer, error) { return nil, fmt.Errorf("making a host key: %w", err) }
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fail(err)
	}
	block, err := gossh.MarshalPrivateKey(private, "ravine")
	if err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(err)
	}
	// CreateTemp makes files with mode 0600.
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fail(err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(pem.EncodeToMemory(block))
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fail(err)
	}
	if err := os.Link(temporary.Name(), path); errors.Is(err, fs.ErrExist) {
		return readHostKey(path)
	} else if err != nil {
		return fail(err)
	}
	return gossh.NewSignerFromSigner(private)
}
