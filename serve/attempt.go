package serve

import (
	"cmp"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// attempt is what a client has tried so far to come in.
type attempt struct {
	user, client string
	method       string
	keys         []string // fingerprints of those that were offered
	denied       string   // why the last try failed
	failed       bool     // a try has, other than to ask what there is to try
}

// denial is why one way in failed, for the log: clients hear nothing of it.
type denial string

func (d denial) Error() string { return string(d) }

// longestReason bounds what the log has of an error.
const longestReason = 100

// reason returns an error's text fit for the log.
func reason(err error) string { return clean(strings.TrimPrefix(err.Error(), "ssh: "), longestReason) }

// exchanged notes that keys are exchanged: the client has sent what it could not
// send without.
func (c *connection) exchanged(meta gossh.ServerPreAuthConn) {
	c.mu.Lock()
	c.tried.client = clean(string(meta.ClientVersion()), longestName)
	c.mu.Unlock()
	c.admission.advance(c, exchanged)
}

// offers notes a key that is offered.
func (c *connection) offers(meta gossh.ConnMetadata, key gossh.PublicKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried.user, c.tried.method = clean(meta.User(), longestName), "publickey"
	fingerprint := gossh.FingerprintSHA256(key)
	before := slices.DeleteFunc(c.tried.keys, func(other string) bool { return other == fingerprint })
	c.tried.keys = append(before[max(0, len(before)+1-mostTries):], fingerprint)
}

// tries notes how one try to come in ended.
func (c *connection) tries(meta gossh.ConnMetadata, method string, err error) {
	if err == nil {
		c.admission.advance(c, authenticated)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &c.tried
	t.user, t.method = clean(meta.User(), longestName), clean(method, longestName)
	var next *gossh.PartialSuccessError
	switch {
	case errors.As(err, &next):
		t.denied = "no presenter's code"
	case err != nil:
		t.denied = reason(err)
		t.failed = t.failed || method != "none"
	case method == "publickey": // the last one is proven, others were but offered
		t.keys, t.denied = t.keys[max(0, len(t.keys)-1):], ""
	default:
		t.keys, t.denied = nil, ""
	}
}

// failed notes the error that the handshake ended with.
func (c *connection) failed(err error) {
	c.mu.Lock()
	c.over = true
	var denied *gossh.ServerAuthError
	wrong := !errors.As(err, &denied) && !isHangUp(err)
	if wrong {
		c.tried.denied = reason(err)
	}
	proof := wrong && c.tried.method != "" && c.cause == ""
	c.mu.Unlock()
	if proof { // a signature that is wrong, for one, of which the library tells nothing before
		c.penalise(owesAuthFail)
	}
}

// unproven ends a connection whose handshake has.
func (c *connection) unproven() {
	c.mu.Lock()
	crashed := !c.over
	c.mu.Unlock()
	if crashed {
		c.because(causePanic)
	}
	c.Close()
}

// isHangUp reports whether an error says no more than that the client has gone.
func isHangUp(err error) bool {
	var network *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &network) || strings.HasPrefix(err.Error(), "ssh: disconnect")
}

// ended returns why the connection has ended and what the log says of its client.
func (c *connection) ended() (cause string, who []any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cause, who = cmp.Or(c.cause, c.tried.denied, "hung up"), c.who
	if who != nil {
		return cause, who
	}
	who = []any{"address", c.RemoteAddr().String()}
	for _, said := range [][2]string{{"user", c.tried.user}, {"client", c.tried.client}, {"method", c.tried.method}, {"key", strings.Join(c.tried.keys, " ")}} {
		if said[1] != "" {
			who = append(who, said[0], said[1])
		}
	}
	return cause, who
}

// owes returns what the way in which the connection ends costs its address.
func (c *connection) owes() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.cause == causePanic:
		return owesCrash
	case c.cause == tooLate:
		return owesGrace
	case c.cause == errRekeys.Error() || c.cause == errAllRekeys.Error():
		return owesAuthFail
	case c.cause == gaveWay || c.proven.Load():
		return 0
	case c.tried.failed:
		return owesAuthFail
	}
	return owesNoAuth
}
