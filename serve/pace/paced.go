// Package pace draws a visitor's playground as often as their line and the server can
// take: a picture is drawn when the one before has arrived.
package pace

import (
	"runtime/debug"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Model is the visitor's model as the program sees it: the playground, drawn only
// when the line and the server have room for a picture, and kept from taking the
// server with it when it panics.
type Model struct {
	Inner  tea.Model
	Pacer  *Pacer
	Share  func() float64 // of a processor that this session's pictures may take
	Send   func(tea.Msg)
	Broken func(where string, value any, stack []byte)
	Notify func(m tea.Model, text string)
	News   func(msg tea.Msg) bool // whether a message tells of another visitor's step
	Settle func(m tea.Model)      // called before each update

	view     tea.View
	late     time.Duration // by how much the latest timer's message was
	free     time.Time     // from when the server has time for the next picture
	urgent   bool          // a key waits to be seen
	failed   bool
	partial  partialFrame
	withheld atomic.Bool // a picture waits for room
	timer    *time.Timer // set for wakeAt, if that is not zero
	wakeAt   time.Time
}

// Messages of the model itself; NoticeMsg shows the visitor a sentence.
type (
	redrawMsg struct{}
	wakeMsg   struct{ due time.Time } // a timer's
	brokenMsg struct{}
	NoticeMsg struct{ Text string }
)

const (
	// longestPause bounds how long a busy server lets a picture wait that shows no key.
	longestPause = 2 * time.Second
	// Messages come late when there is more to do than the processors can. The
	// pause is so many times as long, and the lateness, which keys feel, stays short.
	reserve = 10
)

// moves reports whether a race runs and the next picture will come by itself.
func moves(model tea.Model) bool {
	m, ok := model.(interface{ Moves() bool })
	return ok && m.Moves()
}

// Init starts the playground and asks whether pictures can be shown whole.
func (m *Model) Init() (command tea.Cmd) {
	defer m.recover("Init", &command)
	return tea.Batch(tea.Raw(ansi.RequestModeSynchronizedOutput), m.guarded(m.Inner.Init()))
}

// Update passes messages on.
func (m *Model) Update(msg tea.Msg) (model tea.Model, command tea.Cmd) {
	model = m
	if m.failed {
		return m, tea.Quit
	}
	defer m.recover("Update", &command)
	switch msg := msg.(type) {
	case redrawMsg:
		return m, nil
	case wakeMsg:
		m.wakeAt, m.late = time.Time{}, time.Since(msg.due)
		return m, nil
	case brokenMsg:
		return m, tea.Quit
	case NoticeMsg:
		m.urgent = true
		m.Notify(m.Inner, msg.Text)
		return m, nil
	case tea.KeyPressMsg, tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseWheelMsg, tea.WindowSizeMsg:
		m.urgent = true
	}
	m.Settle(m.Inner)
	m.Inner, command = m.Inner.Update(msg)
	if m.News(msg) && !moves(m.Inner) {
		m.urgent = true // the presenter's step, not a picture of many
	}
	return m, m.guarded(command)
}

// View returns the latest picture, or the one before where there is no room for
// it yet.
func (m *Model) View() (view tea.View) {
	defer func() {
		if value := recover(); value != nil {
			m.Broken("View", value, debug.Stack())
			m.failed = true
			go m.Send(brokenMsg{})
			view = m.view
		}
	}()
	if m.failed {
		return m.view
	}
	now := time.Now()
	ok, again := m.Pacer.room(now)
	if ok && !m.urgent && now.Before(m.free) {
		ok, again = false, m.free.Sub(now)
	}
	if !ok {
		m.withheld.Store(true)
		m.wake(now.Add(again))
		return m.view
	}
	m.withheld.Store(false)
	m.urgent = false
	drawn := m.Inner.View()
	if m.Pacer.slow() {
		content, whole := m.partial.blend(m.view.Content, drawn.Content)
		drawn.Content = content
		m.withheld.Store(!whole)
	}
	if drawn.Content != m.view.Content {
		m.Pacer.hand()
		pause := max(time.Duration(float64(time.Since(now))/m.Share()), reserve*m.late)
		m.free = now.Add(min(longestPause, pause))
		m.wake(m.free) // even if nothing waits then: it tells how late messages come
	}
	m.view = drawn
	return m.view
}

// Answered draws what waits for room. It may be called by any goroutine.
func (m *Model) Answered() {
	if m.withheld.Load() {
		m.Send(redrawMsg{})
	}
}

// wake looks again at a time, or before.
func (m *Model) wake(at time.Time) {
	if !m.wakeAt.IsZero() && !at.Before(m.wakeAt) {
		return
	}
	if m.timer != nil {
		m.timer.Stop()
	}
	m.wakeAt = at
	m.timer = time.AfterFunc(time.Until(at), func() { m.Send(wakeMsg{at}) })
}

// recover ends the session, and it alone, after a panic.
func (m *Model) recover(where string, command *tea.Cmd) {
	if value := recover(); value != nil {
		m.failed = true
		m.Broken(where, value, debug.Stack())
		*command = tea.Quit
	}
}

// guarded returns the command, with its panics caught.
func (m *Model) guarded(command tea.Cmd) tea.Cmd {
	if command == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if value := recover(); value != nil {
				m.Broken("a command", value, debug.Stack())
				msg = brokenMsg{}
			}
		}()
		msg = command()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = m.guarded(batch[i])
			}
		}
		return msg
	}
}
