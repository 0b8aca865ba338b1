package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The methods below are for whoever serves the model, on the goroutine that calls
// Update.

// Show shows what another playground does. The race stands until Show is called
// again, or Resume; CatchUp goes on with what there is to replay.
func (m *Model) Show(s Scene) error {
	if err := m.become(s); err != nil {
		return err
	}
	if s.Status != m.Status.Text {
		m.say("%s", s.Status)
	}
	return nil
}

// CatchUp goes on with a replay.
func (m *Model) CatchUp() tea.Cmd { return m.catchUp(false) }

// Resume lets the race go on from what is on screen, if it runs.
func (m *Model) Resume() tea.Cmd {
	m.dirty = true
	return m.start()
}

// Notice shows a sentence in the status line, marked.
func (m *Model) Notice(text string) {
	m.warn(errors.New(text))
	m.dirty = true
}

// Moves reports whether the race runs.
func (m *Model) Moves() bool { return m.Running }

// SetNote writes who leads, or nothing, into the head line.
func (m *Model) SetNote(note string) {
	m.dirty = m.dirty || note != m.Note
	m.Note = note
}

// SetStepTime bounds how long the race is stepped for one picture; it starts out
// as what one playground alone may take.
func (m *Model) SetStepTime(duration time.Duration) { m.stepTime = min(duration, frameBudget) }

// Welcome shows a card that says what is what, until a key or a click closes it.
// The key does what it always does.
func (m *Model) Welcome() {
	m.Card = true
	m.dirty = true
}

// Welcomes reports whether the card is open.
func (m *Model) Welcomes() bool { return m.Card }
