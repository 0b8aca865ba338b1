package serve

import (
	"crypto/rand"
	"crypto/rsa"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"
)

// renewer is a client that asks for new keys after every few bytes.
type renewer struct {
	client    *gossh.Client
	exchanges atomic.Int64
}

func (r *room) renewer(t *testing.T, a asker) *renewer {
	t.Helper()
	var n renewer
	a.change = func(config *gossh.ClientConfig) {
		config.RekeyThreshold = 256
		config.HostKeyCallback = func(string, net.Addr, gossh.PublicKey) error { // called for each exchange
			n.exchanges.Add(1)
			return nil
		}
	}
	n.client = r.mustConnect(t, a)
	return &n
}

// renew goes on until there were so many exchanges or the connection ends, and
// reports whether it goes on.
func (n *renewer) renew(exchanges int64) bool {
	for n.exchanges.Load() < exchanges {
		if _, _, err := n.client.SendRequest("keepalive@openssh.com", true, nil); err != nil {
			return false
		}
	}
	_, _, err := n.client.SendRequest("keepalive@openssh.com", true, nil)
	return err == nil
}

// A client gets new keys a few times, and then none for a while.
func TestKeyExchangesOfOne(t *testing.T) {
	r := start(t, nil)
	n := r.renewer(t, asker{})
	if !n.renew(1 + rekeyBurst) {
		t.Fatalf("is cut off after %d exchanges, want %d", n.exchanges.Load(), 1+rekeyBurst)
	}
	if n.renew(1000) || n.exchanges.Load() > 2+rekeyBurst {
		t.Errorf("%d exchanges, want %d", n.exchanges.Load(), 1+rekeyBurst)
	}
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), `reason="too many key exchanges"`) })
}

// All together are bounded too, and one who has not yet asked is not kept from it.
func TestKeyExchangesOfAll(t *testing.T) {
	const many = 6
	r := startWith(t, nil, func(s *Server) { s.admission.rekeys = rate.NewLimiter(1e-6, many) })
	cut := 0
	for range many {
		if !r.renewer(t, asker{}).renew(4) { // two count
			cut++
		}
	}
	if cut != many/2 {
		t.Errorf("%d of %d are cut off, want half", cut, many)
	}
	eventually(t, "the log says why", 3*time.Second, func() bool { return strings.Contains(r.log.String(), "of all visitors together") })
	if owed, want := r.owed("127.0.0.1"), time.Duration(cut)*owesAuthFail; owed > want || owed < want-allowed(4*time.Second) {
		t.Errorf("their address owes %s, want %s", owed, want)
	}
	if !r.renewer(t, asker{}).renew(2) {
		t.Error("one who asks for new keys for the first time is cut off")
	}
	r.probe(t)
}

// What OpenSSH's server no longer offers by default is not offered, nor SHA-1, nor
// what costs most.
func TestAlgorithms(t *testing.T) {
	known, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.NewSignerFromKey(known)
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, signer) })
	connects := func(change func(*gossh.ClientConfig), algorithm string) error {
		proof, err := gossh.NewSignerWithAlgorithms(signer.(gossh.AlgorithmSigner), []string{algorithm})
		if err != nil {
			t.Fatal(err)
		}
		client, err := r.connect(asker{auth: keys(proof), change: change})
		if err == nil {
			client.Close()
		}
		return err
	}
	for _, of := range []struct {
		kind    string
		use     func(config *gossh.ClientConfig, name string)
		offered []string
	}{
		{"key exchange", func(c *gossh.ClientConfig, name string) { c.KeyExchanges = []string{name} },
			[]string{"mlkem768x25519-sha256", "curve25519-sha256", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384"}},
		{"cipher", func(c *gossh.ClientConfig, name string) { c.Ciphers = []string{name} },
			[]string{"chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr"}},
		{"MAC", func(c *gossh.ClientConfig, name string) { c.Ciphers, c.MACs = []string{"aes128-ctr"}, []string{name} },
			[]string{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"}},
	} {
		all := map[string]bool{}
		for _, known := range []gossh.Algorithms{gossh.SupportedAlgorithms(), gossh.InsecureAlgorithms()} {
			for _, name := range map[string][]string{"key exchange": known.KeyExchanges, "cipher": known.Ciphers, "MAC": known.MACs}[of.kind] {
				all[name] = false
			}
		}
		for _, name := range of.offered {
			all[name] = true
		}
		for name, want := range all {
			err := connects(func(c *gossh.ClientConfig) { of.use(c, name) }, gossh.KeyAlgoRSASHA512)
			if (err == nil) != want {
				t.Errorf("%s %s: %v", of.kind, name, err)
			}
		}
	}
	for name, want := range map[string]bool{gossh.KeyAlgoRSASHA512: true, gossh.KeyAlgoRSASHA256: true, gossh.KeyAlgoRSA: false} {
		if err := connects(nil, name); (err == nil) != want {
			t.Errorf("proof by %s: %v", name, err)
		}
	}
}
