package serve

import (
	"fmt"
	"strings"
	"testing"
)

func TestGuestsAreBounded(t *testing.T) {
	var g guests
	name := func(n int) string { return fmt.Sprint("guest", n) }
	for n := range 2*mostGuests + 5 {
		if !g.new(name(n)) || g.new(name(n)) {
			t.Fatalf("%s is not new once", name(n))
		}
		if len(g.known) > mostGuests || len(g.order) > mostGuests {
			t.Fatalf("%d are remembered", len(g.known))
		}
	}
	if g.new(name(mostGuests+5)) || !g.new(name(mostGuests+4)) {
		t.Error("the first to come is not the first that is forgotten")
	}
}

// TestCardComesOnce: a visitor is shown around once, known by key or by name and
// address; nobody is where someone may present.
func TestCardComesOnce(t *testing.T) {
	key := newKey(t)
	visits := func(r *room, a asker) bool {
		p := r.visit(t, a, ordinary())
		p.sees(t, "loss over updates")
		p.press(t, "+") // which closes the card
		p.sees(t, "steps a second")
		shown := strings.Contains(string(p.bytes()), "closes")
		p.leave()
		return shown
	}
	open := start(t, nil)
	for _, test := range []struct {
		user, from string
		want       bool
	}{
		{"ada", "127.0.0.3", true}, {"ada", "127.0.0.3", false}, {"bob", "127.0.0.3", true},
		{"ada", "127.0.0.4", true}, {"bob", "127.0.0.3", false}, {"ada", "127.0.0.3", false},
	} {
		if got := visits(open, asker{user: test.user, from: test.from}); got != test.want {
			t.Errorf("%s from %s is shown around: %v, want %v", test.user, test.from, got, test.want)
		}
	}
	closed := start(t, func(o *Options) { o.AuthorizedKeys = keyFile(t, key) })
	for n, from := range []string{"127.0.0.3", "127.0.0.4"} {
		if got := visits(closed, asker{from: from, user: fmt.Sprint("user", n), auth: keys(key)}); got != (n == 0) {
			t.Errorf("visit %d with one key, from %s: shown around: %v", n+1, from, got)
		}
	}
	lecture := start(t, func(o *Options) { o.Present = true })
	if visits(lecture, asker{}) {
		t.Error("where someone may present, a visitor is shown around")
	}
}
