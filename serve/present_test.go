package serve

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"ravine/tui"
)

// withCode answers the question for the code.
func withCode(code string) []gossh.AuthMethod { return typingCode(code, 0) }

// typingCode takes its time to answer.
func typingCode(code string, takes time.Duration) []gossh.AuthMethod {
	return []gossh.AuthMethod{gossh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		time.Sleep(takes)
		answers := make([]string, len(questions))
		for i := range answers {
			answers[i] = code
		}
		return answers, nil
	})}
}

// lectureHall is a room in which the holder of the key leads.
func lectureHall(t *testing.T, prepare func(*Server)) (r *room, leader asker) {
	key := newKey(t)
	file := keyFile(t, key)
	r = startWith(t, func(o *Options) {
		o.Present, o.PresenterKeys = true, file
		o.Limits.Sessions = 60
	}, prepare)
	return r, asker{user: presenterName, auth: keys(key)}
}

func wide() terminalKind { return terminalKind{name: "xterm-256color", width: 140, height: 30} }

func TestFollow(t *testing.T) {
	r, leader := lectureHall(t, func(*Server) {})
	early := r.visit(t, asker{}, terminalKind{name: "xterm", width: 100, height: 40})
	early.sees(t, "nobody leads yet, 1 watches")
	lead := r.visit(t, leader, wide())
	lead.sees(t, "you lead, 1 watches")
	early.sees(t, "presenter leads, 1 watches")
	late := r.visit(t, asker{from: "127.0.0.3"}, wide())
	lead.sees(t, "you lead, 2 watch")

	lead.press(t, " ")
	lead.sees(t, "paused at step")
	for _, p := range []*person{early, late} {
		p.sees(t, "paused at step")
	}
	lead.press(t, "]")
	lead.sees(t, "regression")
	for _, p := range []*person{early, late} {
		p.sees(t, "regression")
	}
	// A follower's keys do nothing until it lets go.
	late.press(t, "]")
	late.sees(t, "the presenter leads; f lets you go on alone")
	late.press(t, "f")
	late.sees(t, "on your own")
	late.press(t, "]")
	late.sees(t, "sparse")
	lead.press(t, "n")
	lead.sees(t, "reached")
	early.sees(t, "regression")
	if strings.Contains(lead.screen(), "sparse") || strings.Contains(early.screen(), "sparse") {
		t.Error("one who has let go takes others along")
	}
	late.press(t, "f")
	late.sees(t, "regression")
	late.sees(t, "step "+step(lead)+" ")

	lead.press(t, "q")
	lead.ends(t, 5*time.Second)
	for _, p := range []*person{early, late} {
		p.sees(t, "the presenter has left")
		p.sees(t, "regression")
	}
	early.press(t, "f")
	early.sees(t, "on your own")
	early.press(t, "n")
	early.sees(t, "reached")
	// The presenter comes back.
	r.visit(t, leader, wide())
	late.sees(t, "presenter leads")
}

var stepOn = regexp.MustCompile(`step (\d+)`)

// step returns the step in the head line.
func step(p *person) string {
	match := stepOn.FindStringSubmatch(strings.SplitN(p.screen(), "\n", 2)[0])
	if match == nil {
		return ""
	}
	return match[1]
}

// Fifty followers see the same step within 0.3 s, and the same numbers.
func TestFiftyFollowers(t *testing.T) {
	const followers = 50
	var mu sync.Mutex
	var models []*tui.Model
	r, leader := lectureHall(t, func(s *Server) {
		inner := s.model
		s.model = func(ctx context.Context) (tea.Model, error) {
			model, err := inner(ctx)
			mu.Lock()
			defer mu.Unlock()
			models = append(models, model.(*tui.Model))
			return model, err
		}
	})
	var people []*person
	for i := range followers {
		people = append(people, r.visit(t, asker{from: fmt.Sprintf("127.0.6.%d", i+1)},
			terminalKind{name: "xterm-256color", width: 90 + i, height: 24 + i%20}))
	}
	lead := r.visit(t, leader, wide())
	lead.sees(t, fmt.Sprintf("you lead, %d watch", followers))
	lead.press(t, "EjE ")
	lead.sees(t, "paused at step")
	var slowest time.Duration
	for range 5 {
		before := step(lead)
		lead.press(t, "N")
		eventually(t, "the presenter steps on", 5*time.Second, func() bool { return step(lead) != before })
		began, want := time.Now(), step(lead)
		for _, p := range people {
			if err := p.await("step "+want+" ", 5*time.Second); err != nil {
				t.Fatal(err)
			}
		}
		slowest = max(slowest, time.Since(began))
	}
	t.Logf("%d followers are at most %s behind", followers, slowest)
	if slowest > 300*time.Millisecond && *soak > 1 && !raced {
		t.Errorf("the slowest of %d followers sees a step after %s", followers, slowest)
	}
	r.Stop() // now the models are at rest, and lanes that were behind may catch up
	for _, model := range models {
		model.Runner().CatchUp(time.Minute, 1)
	}
	last := models[len(models)-1].Runner()
	if len(models) != followers+1 {
		t.Errorf("%d models, want %d", len(models), followers+1)
	}
	for i, model := range models[:len(models)-1] {
		if got, want := model.Runner().Race().Args(), last.Race().Args(); !slices.Equal(got, want) {
			t.Errorf("follower %d has the race %v; the presenter %v", i, got, want)
		}
		for k, lane := range model.Runner().Lanes() {
			want := last.Lanes()[k]
			for j, x := range lane.Theta() {
				if math.Float64bits(x) != math.Float64bits(want.Theta()[j]) {
					t.Errorf("follower %d, lane %d: θ is %v; the presenter has %v", i, k, lane.Theta(), want.Theta())
				}
			}
			if math.Float64bits(lane.Loss()) != math.Float64bits(want.Loss()) || model.Runner().Step() != last.Step() {
				t.Errorf("follower %d, lane %d: step %d, loss %v; the presenter has step %d, loss %v",
					i, k, model.Runner().Step(), lane.Loss(), last.Step(), want.Loss())
			}
		}
	}
}

func TestCodeLeadsOnce(t *testing.T) {
	var mu sync.Mutex
	var codes []string
	current := func(n int) string {
		eventually(t, fmt.Sprintf("code %d is told", n), 5*time.Second, func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(codes) >= n
		})
		mu.Lock()
		defer mu.Unlock()
		return codes[n-1]
	}
	r := start(t, func(o *Options) {
		o.Present = true
		o.Tell = func(code string) {
			mu.Lock()
			defer mu.Unlock()
			codes = append(codes, code)
		}
	})
	for _, auth := range [][]gossh.AuthMethod{nil, withCode("aaaa-aaaa"), withCode(""), keys(newKey(t))} {
		if client, err := r.connect(asker{user: presenterName, auth: auth}); err == nil {
			client.Close()
			t.Fatal("leads without the code")
		}
	}
	code := current(1)
	lead := r.visit(t, asker{user: presenterName, auth: withCode(strings.ToUpper(code) + " ")}, wide())
	lead.sees(t, "you lead")
	for _, again := range []string{code, ""} { // that is spent, as is what there is in its place
		if client, err := r.connect(asker{user: presenterName, auth: withCode(again)}); err == nil {
			client.Close()
			t.Fatalf("the code %q leads while it is spent", again)
		}
	}
	lead.leave()
	second := current(2)
	if second == code {
		t.Fatal("the same code again")
	}
	// One who proves to have the code and then hangs up has used it.
	r.mustConnect(t, asker{user: presenterName, auth: withCode(second)}).Close()
	r.visit(t, asker{user: presenterName, auth: withCode(current(3))}, wide()).sees(t, "you lead")
	for _, code := range codes {
		if strings.Contains(r.log.String(), code) {
			t.Error("a code is in the log")
		}
	}
}
