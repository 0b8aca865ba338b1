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

	// Of the goroutine that calls Update.
	alone  bool // has let go
	took   bool // as the leader, has gone on from what was shown
	before tui.Scene
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
		s.leader = a
	}
	s.tellLocked()
	return a
}

// leave takes a visitor away. The state stays when the presenter goes.
func (s *stage) leave(a *actor) {
	s.mu.Lock()
	delete(s.people, a)
	led := s.leader == a
	if led {
		s.leader, s.state = nil, s.state.Paused()
	}
	s.tellLocked()
	s.mu.Unlock()
	if led {
		s.left()
	}
}

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
func (s *stage) look(a *actor) (state tui.Scene, shown, led, leads bool, watching int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	watching = len(s.people)
	if s.leader != nil {
		watching--
	}
	return s.state, s.shown, s.leader != nil, s.leader == a, watching
}

// Update lets the leader's keys act on the race; a follower's do when it has let
// go.
func (a *actor) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	state, shown, led, leads, watching := a.stage.look(a)
	follows := shown && !leads && !a.alone
	switch msg := msg.(type) {
	case newsMsg:
		a.SetNote(a.note(led, leads, shown, watching))
		if follows {
			return a, a.show(state, led)
		}
		return a, nil
	case tea.KeyPressMsg:
		action, _ := a.keys.Action(msg)
		if action == keymap.Follow && shown && !leads {
			return a, a.toggle(state, led, watching)
		}
		if follows && action != keymap.Quit && action != keymap.Copy {
			a.Notice("the presenter leads; " + a.keys.Name(keymap.Follow) + " lets you go on alone")
			return a, nil
		}
	case tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseWheelMsg:
		if follows {
			return a, nil
		}
	}
	_, command := a.Model.Update(msg)
	if leads && !a.took {
		if _, sized := msg.(tea.WindowSizeMsg); !sized {
			return a, command
		}
		a.took = true
		if shown {
			command = tea.Batch(command, a.show(state, true), a.Resume())
		}
	}
	if leads {
		if now := a.Scene(); !now.Same(a.before) {
			a.before = now
			a.stage.publish(a, now)
		}
	}
	return a, command
}

// toggle lets go of the presenter, or joins again.
func (a *actor) toggle(state tui.Scene, led bool, watching int) tea.Cmd {
	a.alone = !a.alone
	a.SetNote(a.note(led, false, true, watching))
	if !a.alone {
		return a.show(state, led)
	}
	a.Notice("you are on your own; " + a.keys.Name(keymap.Follow) + " follows the presenter again")
	return a.Resume()
}

// show shows the leader's state, the last one if there is no leader.
func (a *actor) show(state tui.Scene, led bool) tea.Cmd {
	if !led {
		state.Status = "the presenter has left; this is the last state; " + a.keys.Name(keymap.Follow) + " plays on from it"
	}
	if err := a.Show(state); err != nil {
		a.Notice(fmt.Sprintf("cannot follow: %v", err))
	}
	return a.CatchUp()
}

// note says who leads and how many watch.
func (a *actor) note(led, leads, shown bool, watching int) string {
	watch := fmt.Sprintf("%d watch", watching)
	if watching == 1 {
		watch = "1 watches"
	}
	switch {
	case leads:
		return "you lead, " + watch
	case a.alone:
		return "on your own (" + a.keys.Name(keymap.Follow) + ": follow), " + watch
	case led:
		return "presenter leads, " + watch
	case shown:
		return "presenter left, " + watch
	}
	return "nobody leads yet, " + watch
}
