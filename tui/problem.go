package tui

import (
	"cmp"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
)

// left is a race that was left for another problem.
type left struct {
	race    race.Race
	problem problem.Problem // its data need not be read again
	lanes   []panel.LaneView
}

// switchProblem goes to the next problem: to the race that was left there, or
// else with the rules that race here, each with an η that suits it there.
func (m *Model) switchProblem(by int) tea.Cmd {
	kinds := problem.Kinds()
	m.keep()
	from := m.runner.Race()
	i := slices.IndexFunc(kinds, func(k problem.Kind) bool { return k.Name == from.Problem.Name })
	name := kinds[(i+by+len(kinds))%len(kinds)].Name
	there, visited := m.home[name]
	to := there.race
	if !visited {
		to = from
		to.Problem = param.Spec{Name: name}
		to.Start, to.RandomStart = nil, false
		to.Lanes = lanesFor(from, name)
	}
	to.Rules, to.Pace = from.Rules, from.Pace
	runner, err := newRunner(Options{Race: to, Problem: there.problem})
	if err != nil {
		m.warn(err)
		return nil
	}
	m.home[from.Problem.Name] = left{from, m.runner.Problem(), m.Lanes}
	paused := m.paused()
	views := there.lanes
	if !visited && slices.Equal(rulesOf(to.Lanes), rulesOf(from.Lanes)) {
		views = m.Lanes
	}
	m.Lanes = slices.Clone(views)
	for i := range m.Lanes {
		m.Lanes[i].Hidden = false
	}
	m.open(runner)
	m.say("%s: %s", name, m.runner.Kind().Summary)
	return m.runUnless(paused)
}

// lanesFor returns the lanes of a race for another problem: the same rules
// without what belongs to the old problem, or its own line-up if the old one's
// was not changed.
func lanesFor(from race.Race, name string) []race.LaneSpec {
	if slices.Equal(rulesOf(from.Lanes), rulesOf(race.DefaultLanes(from.Problem.Name))) {
		return race.DefaultLanes(name)
	}
	lanes := slices.Clone(from.Lanes)
	for i := range lanes {
		rule, err := lanes[i].Optimizer()
		opens := err == nil && rule.Opens()
		lanes[i] = lanes[i].Without(func(s race.Setting) bool {
			return s.Key == optim.Eta && opens || s.Key == optim.Batch || s.From > 0
		})
	}
	return lanes
}

func rulesOf(lanes []race.LaneSpec) (names []string) {
	for _, lane := range lanes {
		names = append(names, lane.Rule)
	}
	return names
}

// stepMain steps the problem's main parameter. The race is replayed on the new
// problem to the step on screen.
func (m *Model) stepMain(up bool) {
	r := m.runner.Race()
	kind := m.runner.Kind()
	parameter, ok := param.Find(kind.Parameters, kind.Main)
	if !ok {
		m.warn(fmt.Errorf("%s has no parameter to step", r.Problem.Name))
		return
	}
	name := cmp.Or(parameter.Symbol, parameter.Key)
	old, err := parameter.Number(r.Problem.Value(parameter.Key, parameter.Default))
	if err != nil {
		m.warn(err)
		return
	}
	value := parameter.Scale.Step(old, panel.Pick(up, 1, -1), 0)
	if parameter.Check(value) != nil || value == old {
		m.say("%s stays %s, the end of its range", name, parameter.Text(old))
		return
	}
	r.Problem = r.Problem.With(parameter.Key, parameter.Text(value))
	if m.raceAs(r, m.runner.Step()) {
		m.say("%s: %s → %s, replayed from the start", name, parameter.Text(old), parameter.Text(value))
	}
}

// raceAs races as r says, from now on and up to a step. On an error, which it
// shows, nothing is changed.
func (m *Model) raceAs(r race.Race, step int) bool {
	s := m.Scene()
	var err error
	reseeded := r.Seed != s.Race.Seed && r.Problem.Value("file", "") == "" // data of a file are not drawn
	if !r.Problem.Equal(s.Race.Problem) || reseeded {                      // a file is read once
		s.problem, err = problem.Build(r.Problem, r.Seed)
	}
	s.Race, s.Step = r, step
	if err == nil {
		err = m.assign(s)
	}
	if err != nil {
		m.warn(err)
	}
	return err == nil
}

func (m *Model) switchConvention() {
	r := m.runner.Race()
	r.Rules = panel.Pick(r.Rules == optim.Slides, optim.Papers, optim.Slides)
	if m.raceAs(r, m.runner.Step()) {
		m.say("the rules as in the %s, replayed from the start", r.Rules)
	}
}

// moveStart races from another start, and goes to that step.
func (m *Model) moveStart(start []float64, step int) bool {
	r := m.runner.Race()
	r.Start, r.RandomStart = start, false
	if !m.raceAs(r, step) {
		return false
	}
	if step == 0 {
		m.Furthest = 0
	}
	names := m.runner.Problem().Names()
	m.say("start: %s = %s, %s = %s", names[m.Axes[0]], panel.Number(start[m.Axes[0]]), names[m.Axes[1]], panel.Number(start[m.Axes[1]]))
	return true
}

// nudgeStart moves the start by a small part of what the surface shows.
func (m *Model) nudgeStart(right, up float64) {
	const parts = 40
	start := slices.Clone(m.runner.Start())
	i, j := m.Axes[0], m.Axes[1]
	dx := (m.Window.X.Max - m.Window.X.Min) / parts
	dy := (m.Window.Y.Max - m.Window.Y.Min) / parts
	start[i] += right * dx
	start[j] += up * dy
	start[i], start[j] = panel.Shortest(start[i], dx), panel.Shortest(start[j], dy)
	m.moveStart(start, m.runner.Step())
}

// click on the surface races from there; on a lane's row or curve it selects the
// lane, and on the timeline it goes to a step.
func (m *Model) click(msg tea.MouseClickMsg) tea.Cmd {
	mouse := msg.Mouse()
	m.dragging = false
	if mouse.Button != tea.MouseLeft {
		return nil
	}
	m.Entry = panel.Entry{}
	if m.clickTimeline(mouse.X, mouse.Y) || m.clickCurve(mouse.X, mouse.Y) {
		return nil
	}
	if lanes := m.panels.Layout.Lanes; lanes.Contains(mouse.X, mouse.Y) && mouse.Y > lanes.Y {
		row := panel.FirstRow(len(m.Lanes), lanes.Height-1, m.Selected) + mouse.Y - lanes.Y - 1
		m.Selected = min(row, len(m.Lanes)-1)
		m.say("%s selected", m.Lane().Optimizer().Title)
		if key := panel.ColumnAt(&m.State, lanes, mouse.X); key != "" && panel.LaneValue(m.Lane(), key) != panel.None {
			m.lastTuned = key
			m.say("%s selected; a digit begins a new %s", m.Lane().Optimizer().Title, panel.SymbolOf(key))
		}
		return nil
	}
	if m.panels.Layout.Sweep.Contains(mouse.X, mouse.Y) {
		m.clickSweep(mouse.X, mouse.Y)
		return nil
	}
	plot := m.panels.Surface.Plot
	if m.panels.Layout.Surface.Empty() || plot == nil || !plot.Area.Contains(mouse.X, mouse.Y) {
		return nil
	}
	start := slices.Clone(m.runner.Start())
	x, y := plot.Data(mouse.X, mouse.Y)
	dx := (m.Window.X.Max - m.Window.X.Min) / float64(plot.Area.Width)
	dy := (m.Window.Y.Max - m.Window.Y.Min) / float64(plot.Area.Height)
	start[m.Axes[0]], start[m.Axes[1]] = panel.Shortest(x, dx), panel.Shortest(y, dy)
	paused := m.paused()
	if !m.moveStart(start, 0) {
		return nil
	}
	return m.runUnless(paused)
}

// wheel zooms about the pointer.
func (m *Model) wheel(msg tea.MouseWheelMsg) {
	mouse, plot := msg.Mouse(), m.panels.Surface.Plot
	if m.panels.Layout.Surface.Empty() || plot == nil || !plot.Area.Contains(mouse.X, mouse.Y) {
		return
	}
	x, y := plot.Data(mouse.X, mouse.Y)
	switch mouse.Button {
	case tea.MouseWheelUp:
		m.Window = m.Window.Zoomed(1/zoomStep, x, y)
	case tea.MouseWheelDown:
		m.Window = m.Window.Zoomed(zoomStep, x, y)
	}
}
