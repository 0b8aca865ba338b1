package serve

import (
	"crypto/subtle"
	"fmt"

	gossh "golang.org/x/crypto/ssh"
)

// presenterName is the user name of whoever wants to lead.
const presenterName = "present"

// Keys of the permissions that a connection has earned.
const (
	grantedKey  = "ravine-key"   // fingerprint of the key that was proven
	grantedLead = "ravine-leads" // set where it may lead
)

// access says who may come in, and who may lead.
type access struct {
	keys       *keyring // nil where anyone may come in
	present    bool
	presenters *keyring // nil where a code is asked for
	code       *code    // nil where there is none
}

// mostTries is how often a client may fail, whatever it tries: as OpenSSH has it.
const mostTries = 6

// config returns the server's side of the handshake for one connection.
func (a *access) config(c *connection) *gossh.ServerConfig {
	config := &gossh.ServerConfig{
		Config:                  algorithms(c),
		PublicKeyAuthAlgorithms: publicKeyAlgorithms(),
		MaxAuthTries:            mostTries,
		ServerVersion:           "SSH-2.0-ravine",
		PreAuthConnCallback:     c.exchanged,
		AuthLogCallback:         c.tries,
		NoClientAuth:            true,
	}
	if a.code != nil {
		config.KeyboardInteractiveCallback = func(meta gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
			return a.askCode(c, meta, ask)
		}
	}
	config.NoClientAuthCallback = func(meta gossh.ConnMetadata) (*gossh.Permissions, error) {
		switch {
		case a.leads(meta) && a.code != nil:
			// All keys of a person's agent would be offered before the code is, and each
			// is a try: nothing but the code is asked for from here on.
			return nil, &gossh.PartialSuccessError{Next: gossh.ServerAuthCallbacks{KeyboardInteractiveCallback: config.KeyboardInteractiveCallback}}
		case a.leads(meta):
			return nil, denial("no presenter's key")
		case a.keys != nil:
			return nil, denial("no authorized key")
		}
		return &gossh.Permissions{}, nil
	}
	config.PublicKeyCallback = func(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
		c.offers(meta, key)
		return a.judge(meta, key)
	}
	return config
}

// judge returns what a key is good for. It counts only when the client proves
// that it has the key: it is kept with the key, not with the connection.
func (a *access) judge(meta gossh.ConnMetadata, key gossh.PublicKey) (*gossh.Permissions, error) {
	granted := map[string]string{grantedKey: gossh.FingerprintSHA256(key)}
	switch {
	case a.leads(meta) && a.code != nil:
		return nil, denial("a key in place of the presenter's code")
	case a.leads(meta) && !a.presenters.has(key):
		return nil, denial("not a presenter's key")
	case a.leads(meta):
		granted[grantedLead] = "key"
	case a.keys != nil && !a.keys.has(key):
		return nil, denial("not an authorized key")
	}
	return &gossh.Permissions{Extensions: granted}, nil
}

// askCode asks whoever wants to lead for the code.
func (a *access) askCode(c *connection, meta gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
	if !a.leads(meta) {
		return nil, denial("no authorized key")
	}
	c.admission.advance(c, asked)
	answers, err := ask("", "To lead, type the code that the server printed.", []string{"Code: "}, []bool{true})
	if err != nil {
		return nil, denial("no presenter's code")
	}
	if err := a.code.spend(answers[0]); err != nil {
		c.penalise(owesAuthFail)
		return nil, err
	}
	c.spent.Store(true)
	return &gossh.Permissions{Extensions: map[string]string{grantedLead: "code"}}, nil
}

// leads reports whether the client asks to lead.
func (a *access) leads(meta gossh.ConnMetadata) bool {
	return a.present && meta.User() == presenterName
}

// describe says who may come in.
func (a *access) describe(open bool) string {
	presenter := ""
	if a.present {
		presenter = ", and the presenter"
	}
	switch {
	case a.keys == nil && open:
		return "anyone"
	case a.keys == nil:
		return "anyone on this machine"
	}
	count := a.keys.count()
	if count == 1 {
		return "whoever has the authorized key" + presenter
	}
	return fmt.Sprintf("whoever has one of the %d authorized keys%s", count, presenter)
}

// sameText compares without telling by its time how much was right.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
