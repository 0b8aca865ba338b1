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
	restored   int    // how often either was used
	open       *Scene // before the sweep that is open: all that is done in it is one change
}

// recorded does something and keeps how it was before, unless that was an undo.
func (m *Model) recorded(do func() tea.Cmd) tea.Cmd {
	before, restored := m.Scene(), m.past.restored
	command := do()
	if m.past.restored == restored {
		m.record(before)
	}
	return command
}

// record keeps the scene before a key or the mouse did something, if that changed
// the race or the view. A run of steps along the race's time is one change.
func (m *Model) record(before Scene) {
	p := &m.past
	if m.sweep.open {
		if p.open == nil {
			p.open = &before
		}
		return
	}
	if p.open != nil {
		before, p.open = *p.open, nil
	}
	now := m.Scene()
	raced, travelled := !now.Race.Same(before.Race) || now.problem != before.problem, now.Step != before.Step
	if !raced && !travelled && reflect.DeepEqual(now.View.lasting(), before.View.lasting()) {
		return
	}
	c := undoItem{before: before, done: m.status.text, travel: !raced && travelled}
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

// lasting is the view without the help, and without what the race itself changes.
func (v View) lasting() View {
	v.Running, v.Furthest = false, 0
	v.Help, v.HelpPage = false, 0
	return v
}

// undo puts the scene back as it was before the last change.
func (m *Model) undo() tea.Cmd { return m.restore(&m.past.undo, &m.past.redo, "undone") }

// redo takes the last undo back.
func (m *Model) redo() tea.Cmd { return m.restore(&m.past.redo, &m.past.undo, "done again") }

// restore goes to the last scene of a stack, and keeps the present one on another.
func (m *Model) restore(from, to *[]undoItem, word string) tea.Cmd {
	if m.past.open != nil { // what was done in the sweep is the last change
		m.sweep.close()
		m.record(m.Scene())
	}
	if len(*from) == 0 {
		m.say("nothing more can be %s", word)
		return nil
	}
	last := (*from)[len(*from)-1]
	now := m.Scene()
	if err := m.become(last.before); err != nil {
		m.warn(err)
		return nil
	}
	m.past.restored++
	*from = (*from)[:len(*from)-1]
	*to = append(*to, undoItem{before: now, done: last.done, travel: last.travel})
	m.say("%s: %s", word, last.done)
	return m.start()
}
