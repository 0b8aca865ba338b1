package serve

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// paced is the visitor's model as the program sees it: the playground, drawn only
// when the line and the server have room for a picture, and kept from taking the
// server with it when it panics.
type paced struct {
	inner  tea.Model
	pacer  *pacer
	share  func() float64 // of a processor that this session's pictures may take
	send   func(tea.Msg)
	broken func(where string, value any, stack []byte)
	notify func(m tea.Model, text string)
	settle func(m tea.Model) // called before each update

	view     tea.View
	late     time.Duration // by how much the latest timer's message was
	free     time.Time     // from when the server has time for the next picture
	urgent   bool          // a key waits to be seen
	failed   bool
	parts    parts
	withheld atomic.Bool // a picture waits for room
	timer    *time.Timer // set for wakeAt, if that is not zero
	wakeAt   time.Time
}

// Messages of paced itself.
type (
	redrawMsg struct{}
	wakeMsg   struct{ due time.Time } // a timer's
	brokenMsg struct{}
	noticeMsg struct{ text string }
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
func (m *paced) Init() (command tea.Cmd) {
	defer m.recover("Init", &command)
	return tea.Batch(tea.Raw(ansi.RequestModeSynchronizedOutput), m.guarded(m.inner.Init()))
}

// Update passes messages on.
func (m *paced) Update(msg tea.Msg) (model tea.Model, command tea.Cmd) {
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
	case noticeMsg:
		m.urgent = true
		m.notify(m.inner, msg.text)
		return m, nil
	case tea.KeyPressMsg, tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseWheelMsg, tea.WindowSizeMsg:
		m.urgent = true
	}
	m.settle(m.inner)
	m.inner, command = m.inner.Update(msg)
	if _, ok := msg.(newsMsg); ok && !moves(m.inner) {
		m.urgent = true // the presenter's step, not a picture of many
	}
	return m, m.guarded(command)
}

// View returns the latest picture, or the one before where there is no room for
// it yet.
func (m *paced) View() (view tea.View) {
	defer func() {
		if value := recover(); value != nil {
			m.broken("View", value, debug.Stack())
			m.failed = true
			go m.send(brokenMsg{})
			view = m.view
		}
	}()
	if m.failed {
		return m.view
	}
	now := time.Now()
	ok, again := m.pacer.room(now)
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
	drawn := m.inner.View()
	if m.pacer.slow() {
		content, whole := m.parts.blend(m.view.Content, drawn.Content)
		drawn.Content = content
		m.withheld.Store(!whole)
	}
	if drawn.Content != m.view.Content {
		m.pacer.hand()
		pause := max(time.Duration(float64(time.Since(now))/m.share()), reserve*m.late)
		m.free = now.Add(min(longestPause, pause))
		m.wake(m.free) // even if nothing waits then: it tells how late messages come
	}
	m.view = drawn
	return m.view
}

// answered draws what waits for room. It may be called by any goroutine.
func (m *paced) answered() {
	if m.withheld.Load() {
		m.send(redrawMsg{})
	}
}

// wake looks again at a time, or before.
func (m *paced) wake(at time.Time) {
	if !m.wakeAt.IsZero() && !at.Before(m.wakeAt) {
		return
	}
	if m.timer != nil {
		m.timer.Stop()
	}
	m.wakeAt = at
	m.timer = time.AfterFunc(time.Until(at), func() { m.send(wakeMsg{at}) })
}

// recover ends the session, and it alone, after a panic.
func (m *paced) recover(where string, command *tea.Cmd) {
	if value := recover(); value != nil {
		m.failed = true
		m.broken(where, value, debug.Stack())
		*command = tea.Quit
	}
}

// guarded returns the command, with its panics caught.
func (m *paced) guarded(command tea.Cmd) tea.Cmd {
	if command == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if value := recover(); value != nil {
				m.broken("a command", value, debug.Stack())
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

// panicText says what a panic was about, on one line.
func panicText(value any) string { return clean(fmt.Sprint(value), 200) }
