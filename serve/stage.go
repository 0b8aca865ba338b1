package serve

import (
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/tui"
)

// stage is where one visitor leads and the others follow. What travels are
// values, the latest only: who is late skips what is in between.
type stage struct {
	mu     sync.Mutex
	leader *actor
	state  tui.Scene
	shown  bool // there is a state
	people map[*actor]bool
	left   func() // called when a presenter has
}

func newStage(left func()) *stage { return &stage{people: map[*actor]bool{}, left: left} }

// actor is a visitor's playground on a stage. Its methods that tea.Model does not
// have may be called by any goroutine.
type actor struct {
	*tui.Model
	stage *stage
	keys  keymap.Map
	news  chan struct{} // holds one where the stage has changed
	lost  string        // why it leads no more; guarded by the stage's mutex

	// Of the goroutine that calls Update.
	alone  bool // has let go
	took   bool // as the leader, has gone on from what was shown
	told   bool // that it leads no more
	before tui.Scene
}

// sight is what one visitor sees of a stage.
type sight struct {
	state    tui.Scene
	shown    bool   // there is a state
	led      bool   // by whomever
	leads    bool   // the visitor does
	lost     string // why the visitor leads no more, if it did
	watching int
}

// newsMsg says that the stage has changed.
type newsMsg struct{}

// enter brings a visitor in. Whoever may lead takes over from who leads.
func (s *stage) enter(model *tui.Model, keys keymap.Map, leads bool) *actor {
	a := &actor{Model: model, stage: s, keys: keys, news: make(chan struct{}, 1)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[a] = true
	if leads {
		if s.leader != nil {
			s.leader.lost = "another presenter has come"
		}
		s.leader = a
	}
	s.tellLocked()
	return a
}

// leave takes a visitor away. The state stays when the presenter goes.
func (s *stage) leave(a *actor) {
	s.mu.Lock()
	delete(s.people, a)
	s.mu.Unlock()
	s.depose(a, "")
}

// depose takes the lead from a visitor who has it, which it reports. Whoever has
// not left follows from then on.
func (s *stage) depose(a *actor, why string) (led bool) {
	s.mu.Lock()
	if led = s.leader == a; led {
		s.leader, s.state, a.lost = nil, s.state.Paused(), why
	}
	s.tellLocked()
	s.mu.Unlock()
	if led {
		s.left()
	}
	return led
}

// leads reports whether a visitor does.
func (s *stage) leads(a *actor) bool { return a != nil && s.look(a).leads }

func (s *stage) tellLocked() {
	for a := range s.people {
		select {
		case a.news <- struct{}{}:
		default:
		}
	}
}

// publish shows a leader's state to all others.
func (s *stage) publish(a *actor, state tui.Scene) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leader == a {
		s.state, s.shown = state, true
		s.tellLocked()
	}
}

// look returns what there is to see for one visitor.
func (s *stage) look(a *actor) sight {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := sight{s.state, s.shown, s.leader != nil, s.leader == a, a.lost, len(s.people)}
	if seen.led {
		seen.watching--
	}
	return seen
}

// Update lets the leader's keys act on the race; a follower's do when it has let
// go.
func (a *actor) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	seen := a.stage.look(a)
	follows := seen.shown && !seen.leads && !a.alone
	switch msg := msg.(type) {
	case newsMsg:
		a.SetNote(a.note(seen))
		if !follows {
			return a, nil
		}
		command := a.show(seen)
		if seen.lost != "" && !a.told {
			a.told = true
			a.Notice(seen.who())
		}
		return a, command
	case tea.KeyPressMsg:
		action, _ := a.keys.Action(msg)
		if action == keymap.Follow && seen.shown && !seen.leads {
			return a, a.toggle(seen)
		}
		if action == keymap.Follow && seen.leads {
			a.Notice("you lead: " + a.keys.Name(keymap.Follow) + " is for those who follow")
			return a, nil
		}
		if follows && action != keymap.Quit && action != keymap.Copy {
			a.Notice(seen.who() + "; " + a.keys.Name(keymap.Follow) + " lets you go on alone")
			return a, nil
		}
	case tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseReleaseMsg, tea.MouseWheelMsg:
		if follows {
			return a, nil
		}
	}
	_, command := a.Model.Update(msg)
	if !seen.leads {
		return a, command
	}
	if !a.took {
		if _, sized := msg.(tea.WindowSizeMsg); !sized {
			return a, command
		}
		a.took = true
		if seen.shown {
			command = tea.Batch(command, a.show(seen), a.Resume())
		}
	}
	if now := a.Scene(); !now.Same(a.before) {
		a.before = now
		a.stage.publish(a, now)
	}
	return a, command
}

// toggle lets go of the presenter, or joins again.
func (a *actor) toggle(seen sight) tea.Cmd {
	a.alone = !a.alone
	a.SetNote(a.note(seen))
	if !a.alone {
		return a.show(seen)
	}
	a.Notice("you are on your own; " + a.keys.Name(keymap.Follow) + " follows the presenter again")
	return a.Resume()
}

// show shows the leader's state, the last one if there is no leader.
func (a *actor) show(seen sight) tea.Cmd {
	if !seen.led {
		seen.state.Status = seen.who() + "; this is the last state; " + a.keys.Name(keymap.Follow) + " plays on from it"
	}
	if err := a.Show(seen.state); err != nil {
		a.Notice(fmt.Sprintf("cannot follow: %v", err))
	}
	return a.CatchUp()
}

// who says whether someone leads, to one who does not.
func (s sight) who() string {
	switch {
	case s.lost != "":
		return "you lead no more: " + s.lost
	case s.led:
		return "the presenter leads"
	}
	return "the presenter has left"
}

// note says who leads and how many watch.
func (a *actor) note(seen sight) string {
	watch := fmt.Sprintf("%d watch", seen.watching)
	if seen.watching == 1 {
		watch = "1 watches"
	}
	switch {
	case seen.leads:
		return "you lead, " + watch
	case a.alone:
		return "on your own (" + a.keys.Name(keymap.Follow) + ": follow), " + watch
	case seen.lost != "":
		return "you lead no more, " + watch
	case seen.led:
		return "presenter leads, " + watch
	case seen.shown:
		return "presenter left, " + watch
	}
	return "nobody leads yet, " + watch
}
