package serve

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// TestWhoLeads tries to lead with what does not entitle to it.
func TestWhoLeads(t *testing.T) {
	r, _ := lectureHall(t, func(*Server) {})
	if client, err := r.connect(asker{user: presenterName, auth: keys(newKey(t))}); err == nil {
		client.Close()
		t.Error("came in as the presenter with another key")
	}
	eventually(t, "the refusal is logged with its reason", 3*time.Second, func() bool {
		return strings.Contains(r.log.String(), "not a presenter's key")
	})
	if client, err := r.connect(asker{user: presenterName}); err == nil {
		client.Close()
		t.Error("came in as the presenter without a key")
	}
}

// The presenter's key leads under the presenter's name only.
func TestPresenterAsAVisitor(t *testing.T) {
	key := newKey(t)
	r := start(t, func(o *Options) {
		o.Present, o.PresenterKeys, o.AuthorizedKeys = true, keyFile(t, key), keyFile(t, key)
	})
	r.visit(t, asker{user: "ada", auth: keys(key)}, wide()).sees(t, "nobody leads yet, 1 watches")
	r.visit(t, asker{user: presenterName, auth: keys(key)}, wide()).sees(t, "you lead, 1 watches")
}

// Where nobody presents, the presenter's name is one like others.
func TestNobodyPresents(t *testing.T) {
	r := start(t, nil)
	p := r.visit(t, asker{user: presenterName}, wide())
	p.sees(t, "step")
	p.press(t, " ")
	p.sees(t, "paused at step")
	if strings.Contains(p.screen(), "lead") {
		t.Errorf("speaks of a presenter:\n%s", p.screen())
	}
}

// The code leads, and lets in nobody but the presenter.
func TestCodeIsForThePresenter(t *testing.T) {
	known := newKey(t)
	codes := make(chan string, 10)
	r := start(t, func(o *Options) {
		o.Present, o.AuthorizedKeys = true, keyFile(t, known)
		o.Tell = func(code string) { codes <- code }
		o.Limits.Handshake = time.Second
	})
	code := <-codes
	if client, err := r.connect(asker{user: "eve", auth: withCode(code)}); err == nil {
		client.Close()
		t.Error("the presenter's code let a visitor in")
	}
	// A person types it, which takes longer than a handshake may.
	lead := r.visit(t, asker{user: presenterName, auth: typingCode(code, 2*time.Second)}, wide())
	lead.sees(t, "you lead, 0 watch")
	r.Stop()
	lead.ends(t, 5*time.Second)
	select {
	case code := <-codes:
		t.Errorf("a server that stops tells another code: %s", code)
	default:
	}
}

// TestVisitorsComeAndGo counts who watches, and lets another presenter take over.
func TestVisitorsComeAndGo(t *testing.T) {
	r, leader := lectureHall(t, func(*Server) {})
	early := r.visit(t, asker{}, wide())
	early.sees(t, "nobody leads yet, 1 watches")
	early.press(t, "f") // there is nobody to let go of
	lead := r.visit(t, leader, wide())
	lead.press(t, " ")
	lead.sees(t, "paused at step")
	early.sees(t, "presenter leads, 1 watches")
	early.sees(t, "paused at step")
	late := r.visit(t, asker{}, wide())
	lead.sees(t, "you lead, 2 watch")
	late.press(t, "q") // which any visitor may
	late.ends(t, 5*time.Second)
	lead.sees(t, "you lead, 1 watches")

	second := r.visit(t, leader, wide())
	second.sees(t, "you lead, 2 watch")
	lead.sees(t, "you lead no more, 2 watch")
	second.press(t, "]")
	second.sees(t, "regression")
	early.sees(t, "regression")
	lead.sees(t, "regression")
	lead.press(t, "]")
	lead.sees(t, "you lead no more: another presenter has come; f lets you go on alone")
	lead.leave()
	second.sees(t, "you lead, 1 watches")
}

// A follower may copy, and point with the mouse to no effect.
func TestFollowersKeys(t *testing.T) {
	r, leader := lectureHall(t, func(*Server) {})
	lead := r.visit(t, leader, wide())
	follower := r.visit(t, asker{}, wide())
	lead.press(t, " ")
	follower.sees(t, "paused at step")
	follower.press(t, "\x1b[<0;30;12M\x1b[<0;30;12m")
	follower.press(t, "y")
	follower.sees(t, "copied: ravine")
	if command := copied(t, follower); strings.Contains(command, "--start") {
		t.Errorf("a follower's click moved the start: %s", command)
	}
	lead.press(t, "\x1b[<0;30;12M\x1b[<0;30;12m")
	lead.press(t, "y")
	lead.sees(t, "copied: ravine")
	if command := copied(t, lead); !strings.Contains(command, "--start") {
		t.Errorf("the click does not move the start, so that this shows nothing: %s", command)
	}
}

// copied waits for the one text that was sent to the clipboard.
func copied(t *testing.T, p *person) (text string) {
	t.Helper()
	eventually(t, "a command line is copied", 5*time.Second, func() bool {
		_, coded, found := strings.Cut(string(p.bytes()), "\x1b]52;c;")
		end := strings.IndexAny(coded, "\a\x1b")
		if !found || end < 0 {
			return false
		}
		decoded, err := base64.StdEncoding.DecodeString(coded[:end])
		text = string(decoded)
		return err == nil
	})
	return text
}

// One who lets go of a race that runs goes on with it; when the presenter goes,
// the others stand still.
func TestLetGoOfARaceThatRuns(t *testing.T) {
	r, leader := lectureHall(t, func(*Server) {})
	lead := r.visit(t, leader, wide())
	alone, follower := r.visit(t, asker{}, wide()), r.visit(t, asker{}, wide())
	for _, p := range []*person{alone, follower} {
		p.sees(t, "presenter leads, 2 watch")
	}
	alone.press(t, "f")
	alone.sees(t, "on your own")
	at := step(alone)
	eventually(t, "the race of one's own goes on", 5*time.Second, func() bool { return step(alone) != at })
	lead.leave()
	follower.sees(t, "the presenter has left")
	follower.sees(t, "paused")
	if strings.Contains(alone.screen(), "· paused") {
		t.Error("the race of one who plays alone was stopped")
	}
}

// The presenter who comes back goes on from what is shown, and so does another.
func TestPresenterComesBack(t *testing.T) {
	r, leader := lectureHall(t, func(*Server) {})
	follower := r.visit(t, asker{}, wide())
	lead := r.visit(t, leader, wide())
	lead.sees(t, "you lead")
	lead.press(t, " ")
	lead.sees(t, "paused at step")
	lead.press(t, "]")
	lead.sees(t, "regression")
	lead.press(t, "nnn")
	lead.sees(t, "step 3 ")
	follower.sees(t, "step 3 ")
	lead.leave()
	follower.sees(t, "the presenter has left")
	for _, end := range []bool{true, false} {
		again := r.visit(t, leader, wide())
		again.sees(t, "regression")
		again.sees(t, "step 3 ")
		again.press(t, "n")
		again.sees(t, "step 4 ")
		follower.sees(t, "step 4 ")
		again.press(t, "p")
		follower.sees(t, "step 3 ")
		if end {
			again.leave()
		}
	}
}

// A person's agent offers all of its keys before the code is asked for.
func TestCodeAfterManyKeys(t *testing.T) {
	codes := make(chan string, 10)
	r := start(t, func(o *Options) {
		o.Present, o.Tell = true, func(code string) { codes <- code }
	})
	var agent []gossh.Signer
	for range 12 {
		agent = append(agent, newKey(t))
	}
	r.visit(t, asker{user: presenterName, auth: append(keys(agent...), withCode(<-codes)...)}, wide()).sees(t, "you lead")
}
