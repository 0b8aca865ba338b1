package serve

import (
	"crypto/rand"
	"errors"
	"io"

	gossh "golang.org/x/crypto/ssh"
)

// algorithms returns what a connection is offered, the best first: of what
// OpenSSH's server offers by default, see sshd_config(5), all that the SSH library
// has, but nothing with SHA-1, nor ecdh-sha2-nistp521, which costs the server five
// times as much as the others.
func algorithms(c *connection) gossh.Config {
	return gossh.Config{
		Rand: randomness{rand.Reader, c},
		KeyExchanges: []string{gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519,
			gossh.KeyExchangeECDHP256, gossh.KeyExchangeECDHP384},
		Ciphers: []string{gossh.CipherChaCha20Poly1305, gossh.CipherAES128GCM, gossh.CipherAES256GCM,
			gossh.CipherAES128CTR, gossh.CipherAES192CTR, gossh.CipherAES256CTR},
		MACs: []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM, gossh.HMACSHA256, gossh.HMACSHA512},
	}
}

// publicKeyAlgorithms returns how clients may prove their keys.
func publicKeyAlgorithms() []string {
	return []string{gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384,
		gossh.KeyAlgoECDSA521, gossh.KeyAlgoSKECDSA256, gossh.KeyAlgoRSASHA512, gossh.KeyAlgoRSASHA256}
}

// How often clients may ask for new keys, which costs the server some thousand
// times what it costs them. OpenSSH's client asks after a gigabyte, PuTTY every
// hour.
const (
	rekeyRate      = 1.0 / 30 // a second, of one connection
	rekeyBurst     = 4
	allRekeysRate  = 4 // of all
	allRekeysBurst = 40
)

var (
	errRekeys    = errors.New("too many key exchanges")
	errAllRekeys = errors.New("too many key exchanges of all visitors together")
)

// randomness is a connection's source of it. The SSH library hands it to the
// signer with each key exchange, which thus learns whose exchange it is.
type randomness struct {
	io.Reader
	of *connection
}

// meteredSigner signs for a key exchange, if there were not too many.
type meteredSigner struct{ gossh.Signer }

// Sign signs data.
func (s meteredSigner) Sign(random io.Reader, data []byte) (*gossh.Signature, error) {
	c := random.(randomness).of // it was put there by algorithms
	signature, err := (*gossh.Signature)(nil), errPanicked
	c.protect("exchanging keys", func() {
		if err = c.exchanges(); err == nil {
			signature, err = s.Signer.Sign(random, data)
		}
	})
	return signature, err
}

// exchanges counts a key exchange, and hangs up on whoever goes on and on. Where
// all clients together go too far, a connection's first renewal passes still: an
// honest client has no more.
func (c *connection) exchanges() error {
	c.keyed++
	var err error
	switch {
	case c.keyed == 1:
		return nil
	case !c.rekeys.Allow():
		err = errRekeys
	case c.keyed > 2 && !c.admission.rekeys.Allow():
		err = errAllRekeys
	default:
		return nil
	}
	c.cut(err.Error())
	return err
}
