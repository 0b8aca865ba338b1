package lecture

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"ravine/keymap"
	"ravine/problem"
	"ravine/race"
	"ravine/tui"
)

// playing is a visitor of a lecture without a connection.
type playing struct {
	t *testing.T
	*Participant
}

// comes brings a visitor with a terminal to a lecture.
func (s *Lecture) comes(t *testing.T, leads bool) playing {
	t.Helper()
	p := playing{t, s.Enter(playground(t), keymap.Default(), leads)}
	p.gets(NewsMsg{}, tea.WindowSizeMsg{Width: 140, Height: 30})
	return p
}

func playground(t *testing.T) *tui.Model {
	t.Helper()
	opening := race.Default()
	opening.Steps = 0
	built, err := problem.Build(opening.Problem, opening.Seed)
	if err != nil {
		t.Fatal(err)
	}
	model, err := tui.New(tui.Options{Race: opening, Problem: built, Keys: keymap.Default(), MostSteps: 1_000_000, Context: context.Background()})
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// gets hands the visitor's program messages and returns the last one's command.
func (p playing) gets(messages ...tea.Msg) (last tea.Cmd) {
	for _, msg := range messages {
		_, last = p.Update(msg)
	}
	return last
}

// presses presses keys, each a letter.
func (p playing) presses(keys string) {
	for _, key := range keys {
		p.gets(tea.KeyPressMsg{Code: key, Text: string(key)})
	}
}

// hears lets the visitor know of what is new at the lecture, which it reports.
func (p playing) hears() bool {
	select {
	case <-p.News:
		p.gets(NewsMsg{})
		return true
	default:
		return false
	}
}

// sees checks what is on the visitor's screen.
func (p playing) sees(text string, want bool) {
	p.t.Helper()
	screen := ansi.Strip(p.View().Content)
	if strings.Contains(screen, text) != want {
		p.t.Errorf("%q is on the screen: %v, want %v\n%s", text, !want, want, screen)
	}
}

// TestWhoActs: the leader's scene is shown, no one else's, and only where
// there is something new.
func TestWhoActs(t *testing.T) {
	s := New(func() {})
	follower := s.comes(t, false)
	s.publish(follower.Participant, follower.Scene())
	if s.snapshot(follower.Participant).shown {
		t.Error("a scene is shown that is no leader's")
	}
	lead := s.comes(t, true)
	for follower.hears() {
	}
	follower.sees("the presenter leads", false) // which is for one who presses a key
	lead.gets(struct{}{})
	if follower.hears() {
		t.Error("a message that changes nothing is told of")
	}
	lead.presses(" nn")
	if !follower.hears() || follower.hears() {
		t.Error("what has changed is not told once")
	}
	follower.sees("step 2 ", true)
	lead.presses("f")
	lead.sees("is for those who follow", true)
	lead.sees("on your own", false)
	lead.presses("n")
	lead.sees("step 3 ", true)

	follower.presses("fnnn") // from where it last followed
	follower.gets(tea.WindowSizeMsg{Width: 120, Height: 40})
	follower.sees("step 5 ", true)
	lead.presses("n")
	follower.hears()
	follower.sees("step 5 ", true)
}

// TestTheLeadIsLost: who led is told so once, and follows.
func TestTheLeadIsLost(t *testing.T) {
	s := New(func() {})
	first := s.comes(t, true)
	first.presses(" ")
	second := s.comes(t, true)
	first.hears()
	first.sees("you lead no more: another presenter has come", true)
	second.presses("nn")
	first.hears()
	first.sees("step 2 ", true)
	first.sees("another presenter has come", false)
}

// TestWhoComesLate: a visitor sees where the others are, however far that is and
// whatever its terminal says first; and so does who takes the lead over.
func TestWhoComesLate(t *testing.T) {
	const steps = 400_000
	for _, leads := range []bool{false, true} {
		s := New(func() {})
		first := s.comes(t, true)
		first.presses(" ")
		shown := first.Scene()
		shown.Step = steps
		s.publish(first.Participant, shown)
		p := playing{t, s.Enter(playground(t), keymap.Default(), leads)}
		p.gets(tea.BackgroundColorMsg{})
		command := p.gets(tea.WindowSizeMsg{Width: 140, Height: 30})
		if !leads {
			command = p.gets(NewsMsg{})
		}
		p.settles(command)
		at, behind := p.Runner().Behind()
		if behind || p.Runner().Step() != steps {
			t.Errorf("who comes late, to lead: %v, sees step %d of %d; behind: %v, at %d", leads, p.Runner().Step(), steps, behind, at)
		}
	}
}

// settles runs commands, as the program would, until no lane is behind.
func (p playing) settles(command tea.Cmd) {
	for queue := []tea.Cmd{command}; len(queue) > 0; queue = queue[1:] {
		if _, behind := p.Runner().Behind(); !behind {
			return
		}
		if queue[0] == nil {
			continue
		}
		switch msg := queue[0]().(type) {
		case tea.BatchMsg:
			queue = append(queue, msg...)
		default:
			queue = append(queue, p.gets(msg))
		}
	}
}
