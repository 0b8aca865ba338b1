// Package lecture lets one visitor lead and the others follow: who leads, what is shown to
// whom, and whose keys act.
package lecture

import (
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/tui"
)

// Lecture is where one visitor leads and the others follow. What travels are
// values, the latest only: who is late skips what is in between.
type Lecture struct {
	mu           sync.Mutex
	leader       *Participant
	state        tui.Scene
	shown        bool // there is a state
	participants map[*Participant]bool
	left         func() // called when a presenter has
}

// New returns a lecture that nobody leads yet. left is called when a presenter has.
func New(left func()) *Lecture {
	return &Lecture{participants: map[*Participant]bool{}, left: left}
}

// Participant is a visitor's playground at a lecture. Its methods that tea.Model does not
// have may be called by any goroutine.
type Participant struct {
	*tui.Model
	lecture *Lecture
	keys    keymap.Map
	News    chan struct{} // holds one where the lecture has changed
	lost    string        // why it leads no more; guarded by the lecture's mutex

	// Of the goroutine that calls Update.
	detached bool // has let go
	took     bool // as the leader, has gone on from what was shown
	told     bool // that it leads no more
	before   tui.Scene
}

// view is what one visitor sees of a lecture.
type view struct {
	state    tui.Scene
	shown    bool   // there is a state
	led      bool   // by whomever
	leads    bool   // the visitor does
	lost     string // why the visitor leads no more, if it did
	watching int
}

// NewsMsg says that the lecture has changed.
type NewsMsg struct{}

// Enter brings a visitor in. Whoever may lead takes over from who leads.
func (l *Lecture) Enter(model *tui.Model, keys keymap.Map, leads bool) *Participant {
	p := &Participant{Model: model, lecture: l, keys: keys, News: make(chan struct{}, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.participants[p] = true
	if leads {
		if l.leader != nil {
			l.leader.lost = "another presenter has come"
		}
		l.leader = p
	}
	l.tellLocked()
	return p
}

// Leave takes a visitor away. The state stays when the presenter goes.
func (l *Lecture) Leave(p *Participant) {
	l.mu.Lock()
	delete(l.participants, p)
	l.mu.Unlock()
	l.Depose(p, "")
}

// Depose takes the lead from a visitor who has it, which it reports. Whoever has
// not left follows from then on.
func (l *Lecture) Depose(p *Participant, why string) (led bool) {
	l.mu.Lock()
	if led = l.leader == p; led {
		l.leader, l.state, p.lost = nil, l.state.Paused(), why
	}
	l.tellLocked()
	l.mu.Unlock()
	if led {
		l.left()
	}
	return led
}

// Leads reports whether a visitor does.
func (l *Lecture) Leads(p *Participant) bool { return p != nil && l.snapshot(p).leads }

func (l *Lecture) tellLocked() {
	for p := range l.participants {
		select {
		case p.News <- struct{}{}:
		default:
		}
	}
}

// publish shows a leader's state to all others.
func (l *Lecture) publish(p *Participant, state tui.Scene) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.leader == p {
		l.state, l.shown = state, true
		l.tellLocked()
	}
}

// snapshot returns what there is to see for one visitor.
func (l *Lecture) snapshot(p *Participant) view {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := view{l.state, l.shown, l.leader != nil, l.leader == p, p.lost, len(l.participants)}
	if seen.led {
		seen.watching--
	}
	return seen
}

// Update lets the leader's keys act on the race; a follower's do when it has let
// go.
func (p *Participant) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	seen := p.lecture.snapshot(p)
	follows := seen.shown && !seen.leads && !p.detached
	switch msg := msg.(type) {
	case NewsMsg:
		p.SetNote(p.note(seen))
		if !follows {
			return p, nil
		}
		command := p.show(seen)
		if seen.lost != "" && !p.told {
			p.told = true
			p.Notice(seen.who())
		}
		return p, command
	case tea.KeyPressMsg:
		action, _ := p.keys.Action(msg)
		if action == keymap.Follow && seen.shown && !seen.leads {
			return p, p.toggle(seen)
		}
		if action == keymap.Follow && seen.leads {
			p.Notice("you lead: " + p.keys.Name(keymap.Follow) + " is for those who follow")
			return p, nil
		}
		if follows && action != keymap.Quit && action != keymap.Copy {
			p.Notice(seen.who() + "; " + p.keys.Name(keymap.Follow) + " lets you go on alone")
			return p, nil
		}
	case tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseReleaseMsg, tea.MouseWheelMsg:
		if follows {
			return p, nil
		}
	}
	_, command := p.Model.Update(msg)
	if !seen.leads {
		return p, command
	}
	if !p.took {
		if _, sized := msg.(tea.WindowSizeMsg); !sized {
			return p, command
		}
		p.took = true
		if seen.shown {
			command = tea.Batch(command, p.show(seen), p.Resume())
		}
	}
	if now := p.Scene(); !now.Same(p.before) {
		p.before = now
		p.lecture.publish(p, now)
	}
	return p, command
}

// toggle lets go of the presenter, or joins again.
func (p *Participant) toggle(seen view) tea.Cmd {
	p.detached = !p.detached
	p.SetNote(p.note(seen))
	if !p.detached {
		return p.show(seen)
	}
	p.Notice("you are on your own; " + p.keys.Name(keymap.Follow) + " follows the presenter again")
	return p.Resume()
}

// show shows the leader's state, the last one if there is no leader.
func (p *Participant) show(seen view) tea.Cmd {
	if !seen.led {
		seen.state.Status = seen.who() + "; this is the last state; " + p.keys.Name(keymap.Follow) + " plays on from it"
	}
	if err := p.Show(seen.state); err != nil {
		p.Notice(fmt.Sprintf("cannot follow: %v", err))
	}
	return p.CatchUp()
}

// who says whether someone leads, to one who does not.
func (v view) who() string {
	switch {
	case v.lost != "":
		return "you lead no more: " + v.lost
	case v.led:
		return "the presenter leads"
	}
	return "the presenter has left"
}

// note says who leads and how many watch.
func (p *Participant) note(seen view) string {
	watch := fmt.Sprintf("%d watch", seen.watching)
	if seen.watching == 1 {
		watch = "1 watches"
	}
	switch {
	case seen.leads:
		return "you lead, " + watch
	case p.detached:
		return "on your own (" + p.keys.Name(keymap.Follow) + ": follow), " + watch
	case seen.lost != "":
		return "you lead no more, " + watch
	case seen.led:
		return "presenter leads, " + watch
	case seen.shown:
		return "presenter left, " + watch
	}
	return "nobody leads yet, " + watch
}
