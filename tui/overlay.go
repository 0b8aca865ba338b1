package tui

import (
	"slices"

	"ravine/race"
)

// overlay is a scene that passes, shown over the user's own: the lane of an open
// sweep under its cursor, or every lane at its best.
type overlay struct {
	user, shown Scene  // when it began
	name        string // what is undone where it was kept
}

// own returns the user's scene: the one shown, without what an overlay changes in it.
func (m *Model) own() Scene {
	s, o := m.Scene(), m.overlay
	switch {
	case m.prompt.preview.open:
		return m.prompt.preview.before
	case o == nil:
		return s
	case m.sweep.Open:
		swept := o.user.View.Selected
		s.Race.Lanes[swept] = o.user.Race.Lanes[swept]
		return s
	}
	user := o.user // but looked at as the tuned lanes are
	user.View = s.View
	user.View.Running, user.View.Furthest = o.user.View.Running, o.user.View.Furthest
	if s.View.Window == o.shown.View.Window {
		user.View.Window = o.user.View.Window
	}
	return user
}

// drop shows the user's own scene again.
func (m *Model) drop() error {
	own := m.own()
	m.overlay = nil
	m.sweep.close()
	return m.assign(own)
}

// keep makes what an overlay shows the user's own: one change. The race's limit is
// its own again.
func (m *Model) keep() {
	o, p := m.overlay, &m.past
	if o == nil {
		return
	}
	m.overlay = nil
	m.sweep.close()
	m.runner.SetSteps(p.own.Race.Steps)
	p.shown.Race.Steps = p.own.Race.Steps
	m.record(p.shown, o.name)
}

// keepChanged keeps the tuned lanes if their race has been changed.
func (m *Model) keepChanged() {
	if m.overlay == nil || m.sweep.Open || m.prompt.preview.open {
		return
	}
	now := m.runner.Race()
	now.Steps = m.overlay.shown.Race.Steps
	if !now.Same(m.overlay.shown.Race) {
		m.keep()
	}
}

// sameRules reports whether two races are of the same rules on the same problem.
// What was begun for one line-up is of no use for another.
func sameRules(a, b race.Race) bool {
	return a.Problem.Equal(b.Problem) && a.Rules == b.Rules && a.Pace == b.Pace &&
		slices.Equal(rulesOf(a.Lanes), rulesOf(b.Lanes))
}
