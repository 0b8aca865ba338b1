package tui

import (
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/panel"
)

// openingSteps is how far a race is looked ahead to frame it.
const openingSteps = 200

// openingWindow frames what the race is going to be, before it has begun.
func (m *Model) openingWindow() panel.Window {
	return m.raceWindow(m.ahead(openingSteps))
}

// ahead returns the race as it is going to be at a step.
func (m *Model) ahead(step int) *race.Runner {
	ahead, err := race.NewOn(m.runner.Problem(), m.runner.Race())
	if err != nil {
		return m.runner
	}
	const updates = 100_000
	ahead.Seek(min(step, updates/max(1, ahead.ExamplesPerStep())))
	return ahead
}

// raceWindow frames the paths of the lanes shown, the start and the optimum. A
// lane that left for the horizon is followed no further than its start allows.
func (m *Model) raceWindow(runner *race.Runner) panel.Window {
	var f panel.Framing
	i, j := m.Axes[0], m.Axes[1]
	m.addLandmarks(&f)
	limit := m.horizonWindow()
	for _, k := range m.DrawingOrder() {
		history := runner.Lanes()[k].History()
		for n := range history.Len() {
			theta := history.Theta(n)
			if limit.Has(theta[i], theta[j]) {
				f.Add(theta[i], theta[j])
			}
		}
	}
	return m.Unstretched(f.Framed())
}

// horizonWindow is as far as paths are followed: as far as tuned ones go.
func (m *Model) horizonWindow() panel.Window {
	region := race.Region(m.runner.Problem(), m.runner.Start())
	x, y := region[m.Axes[0]], region[m.Axes[1]]
	return panel.Window{X: chart.Range{Min: x.Low, Max: x.High}, Y: chart.Range{Min: y.Low, Max: y.High}}
}

// showAll fits the window to that many steps of the race, unless it shows them
// all already.
func (m *Model) showAll(steps int) {
	ahead := m.ahead(steps)
	for _, k := range m.DrawingOrder() {
		history := ahead.Lanes()[k].History()
		for n := range history.Len() {
			if theta := history.Theta(n); !m.Window.Has(theta[m.Axes[0]], theta[m.Axes[1]]) {
				m.Window = m.raceWindow(ahead)
				return
			}
		}
	}
}

// addLandmarks adds the start and the optima, as far as the problem itself has
// them in its view.
func (m *Model) addLandmarks(f *panel.Framing) {
	i, j := m.Axes[0], m.Axes[1]
	f.Add(m.runner.Start()[i], m.runner.Start()[j])
	view := m.runner.Problem().View()
	inside := panel.Window{X: chart.Range{Min: view[i].Low, Max: view[i].High}, Y: chart.Range{Min: view[j].Low, Max: view[j].High}}
	for _, optimum := range m.runner.Problem().Optima() {
		if x, y := optimum.Theta[i], optimum.Theta[j]; inside.Has(x, y) {
			f.Add(x, y)
		}
	}
}
