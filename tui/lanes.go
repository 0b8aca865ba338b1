package tui

import (
	"fmt"
	"slices"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

// selectBy selects the next lane, or the one before.
func (m *Model) selectBy(by int) {
	m.Selected = (m.Selected + by + len(m.Lanes)) % len(m.Lanes)
	m.saySelected()
}

func (m *Model) toggleLane() {
	lane := &m.Lanes[m.Selected]
	lane.Hidden = !lane.Hidden
	m.say("%s is %s", m.Lane().Optimizer().Title, panel.Pick(lane.Hidden, "off", "on"))
}

func (m *Model) removeLane() {
	if len(m.Lanes) == 1 {
		m.warn(fmt.Errorf("the last lane stays"))
		return
	}
	title := m.Lane().Optimizer().Title
	m.runner.RemoveLane(m.Selected)
	m.Lanes = slices.Delete(m.Lanes, m.Selected, m.Selected+1)
	m.Selected = min(m.Selected, len(m.Lanes)-1)
	m.say("%s removed", title)
}

// saySelected says which lane is selected, why it has stopped, which it hides, and what
// of it is a function of t.
func (m *Model) saySelected() {
	text := m.LaneName(m.Selected) + " selected"
	if why := m.WhyStopped(m.Selected); why != "" {
		text += "; it " + why
	}
	if twin, ok := m.runner.Twin(m.Selected); ok {
		text += "; the same steps as " + m.LaneName(twin)
	}
	for _, key := range param.Keys(m.Lane().Parameters()) {
		if course, ok := m.Lane().Course(key); ok {
			text += "; " + panel.SymbolOf(key) + " is " + course
		}
	}
	m.say("%s", text)
}

// changeRule puts the next optimizer into the selected lane, with an η that
// suits it.
func (m *Model) changeRule(by int) {
	all := optim.All()
	i := slices.IndexFunc(all, func(o optim.Optimizer) bool { return o.Name == m.Lane().Spec().Rule })
	next := all[(i+by+len(all))%len(all)]
	variant := m.FreeVariant(next.Name)
	if err := m.runner.SetLane(m.Selected, race.LaneSpec{Rule: next.Name}); err != nil {
		m.warn(err)
		return
	}
	m.Lanes[m.Selected].Variant = variant
	m.runner.KeepEtas()
	summary := next.Summary
	if batch, ok := param.Find(m.Lane().Parameters(), optim.Batch); ok && batch.Default != param.All && !m.Lane().Samples() {
		summary = "no data to sample here: same as GD"
	}
	m.say("%s in this lane: %s", next.Title, summary)
}

// mostLanes bounds the lanes that duplication makes.
const mostLanes = 24

func (m *Model) duplicate() {
	title := m.Lane().Optimizer().Title
	if len(m.Lanes) >= mostLanes {
		m.warn(fmt.Errorf("%d lanes are the most", mostLanes))
		return
	}
	variant := m.FreeVariant(m.Lane().Spec().Rule)
	if err := m.runner.InsertLane(m.Selected+1, m.Lane().Spec()); err != nil {
		m.warn(err)
		return
	}
	m.Lanes = slices.Insert(m.Lanes, m.Selected+1, panel.LaneView{Variant: variant})
	m.Selected++
	m.say("%s duplicated; the copy is selected", title)
}
