package tui

import (
	"reflect"

	tea "charm.land/bubbletea/v2"
)

// mostChanges bounds what is kept for undo: two or three megabytes.
const mostChanges = 1500

// undoItem is a scene as it was before something was done.
type undoItem struct {
	before Scene
	done   string // what, in the words of the status line
	travel bool   // only the step changed
}

// undoStacks are what undo and redo go through.
type undoStacks struct {
	undo, redo []undoItem
	own, shown Scene // before what is being done: the user's scene, and what was shown over it
}

// recorded does something and keeps how the user's scene was before.
func (m *Model) recorded(do func() tea.Cmd) tea.Cmd {
	m.past.own, m.past.shown = m.own(), m.Scene()
	command := do()
	m.keepChanged()
	m.record(m.own(), m.Status.Text)
	return command
}

// record notes what the user's scene has become, and keeps what it was if the race
// or the view has changed. A run of steps along the race's time is one change.
func (m *Model) record(now Scene, done string) {
	p := &m.past
	before := p.own
	p.own = now
	raced, travelled := !now.Race.Same(before.Race) || now.problem != before.problem, now.Step != before.Step
	if !raced && !travelled && reflect.DeepEqual(now.View.Lasting(), before.View.Lasting()) {
		return
	}
	c := undoItem{before: before, done: done, travel: !raced && travelled}
	p.redo = nil
	if n := len(p.undo); c.travel && n > 0 && p.undo[n-1].travel {
		p.undo[n-1].done = c.done
		return
	}
	if len(p.undo) == mostChanges {
		p.undo = p.undo[1:]
	}
	p.undo = append(p.undo, c)
}

// undo puts the scene back as it was before the last change.
func (m *Model) undo() tea.Cmd { return m.restore(&m.past.undo, &m.past.redo, "undone") }

// redo takes the last undo back.
func (m *Model) redo() tea.Cmd { return m.restore(&m.past.redo, &m.past.undo, "done again") }

// restore goes to the last scene of a stack, and keeps the present one on another.
func (m *Model) restore(from, to *[]undoItem, word string) tea.Cmd {
	now := m.Scene()
	m.keep()
	if len(*from) == 0 {
		m.say("nothing more can be %s", word)
		return nil
	}
	last := (*from)[len(*from)-1]
	if err := m.become(last.before); err != nil {
		m.warn(err)
		return nil
	}
	m.past.own = m.Scene()
	*from = (*from)[:len(*from)-1]
	*to = append(*to, undoItem{before: now, done: last.done, travel: last.travel})
	m.say("%s: %s", word, last.done)
	return m.start()
}
