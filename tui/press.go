package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

func (m *Model) changeSpeed(by int) {
	m.Speed = min(max(m.Speed+by, 0), len(panel.Speeds)-1)
	if panel.Speeds[m.Speed] == 0 {
		m.say("as fast as it goes")
	} else {
		m.say("%s a second", param.Plural(panel.Speeds[m.Speed], "step"))
	}
}

func (m *Model) restartAsked() tea.Cmd {
	m.say("restarted")
	return m.restart()
}

// restartRandom races from a random start, and shows it.
func (m *Model) restartRandom() tea.Cmd {
	start := race.RandomStart(m.runner.Problem(), rand.Uint64())
	if !m.moveStart(start, 0) {
		return nil
	}
	if !m.Window.Has(start[m.Axes[0]], start[m.Axes[1]]) {
		m.Window = m.openingWindow()
	}
	return m.run()
}

func (m *Model) runPause() tea.Cmd {
	if m.Running {
		m.Running = false
		m.say("paused at step %d", m.runner.Step())
		return nil
	}
	if !m.runner.Running() {
		m.say("%s; %s restarts", m.OverText(), m.KeyOf(keymap.Restart))
		return nil
	}
	if m.runner.Step() >= m.lastStep() {
		m.sayEnd()
		return nil
	}
	if m.runner.AtLimit() {
		m.runner.SetSteps(0)
	}
	m.say("running")
	return m.run()
}

// run lets the race go on.
func (m *Model) run() tea.Cmd {
	m.Running = true
	return m.start()
}

// paused reports whether a race that could go on stands still: somebody wants to
// look at it.
func (m *Model) paused() bool { return !m.Running && !m.ended() }

// runUnless lets the race go on, unless it is to stay paused.
func (m *Model) runUnless(paused bool) tea.Cmd {
	m.Running = !paused
	return m.start()
}

// cancel ends what is under way, or closes what is open.
func (m *Model) cancel() tea.Cmd {
	switch {
	case m.tuned.tunings != nil:
		m.stopTuning("tuning stopped")
	case m.Help:
		m.Help = false
	case m.Inspector:
		m.Inspector = false
		m.sayInspector()
	case m.overlay != nil:
		return m.dropTuned()
	default:
		m.say("%s puts the old value back in the sweep (%s)", m.KeyOf(keymap.Cancel), m.KeyOf(keymap.Sweep))
	}
	return nil
}

// viewBy goes to another view.
func (m *Model) viewBy(by int) {
	m.Help, m.Inspector = false, false
	views := m.Views()
	m.Arrangement = views[(slices.Index(views, m.ShownView())+by+len(views))%len(views)]
	m.say("view: %s", m.ShownView())
}

func (m *Model) fit() {
	m.Window = m.raceWindow(m.runner)
	m.say("the surface is fitted to the race%s", m.elsewhere())
}

func (m *Model) nextArrows() {
	m.NextStep = (m.NextStep + 1) % panel.NextStepCount
	m.sayArrows()
}

func (m *Model) toggleInspector() {
	if m.sweep.Open {
		m.keep()
	}
	m.Inspector, m.Help = !m.Inspector, false
	m.sayInspector()
}

func (m *Model) nextOver() {
	m.Over = (m.Over + 1) % panel.OverCount
	m.say("curves over %s", m.Over)
}

// turnHelp opens the help, turns its page, and after the last one closes it.
func (m *Model) turnHelp() {
	if !m.Help {
		m.Help, m.HelpPage = true, 0
		return
	}
	m.HelpPage++
	if m.HelpPage >= len(panel.HelpPages(m.Keys, m.panels.Layout.Help)) {
		m.Help = false
	}
}

const zoomStep = 1.5

// zoom keeps the selected lane in its place, if it is in sight.
func (m *Model) zoom(factor float64) {
	theta := m.Lane().Theta()
	x, y := theta[m.Axes[0]], theta[m.Axes[1]]
	if !m.Window.Has(x, y) {
		x, y = (m.Window.X.Min+m.Window.X.Max)/2, (m.Window.Y.Min+m.Window.Y.Max)/2
	}
	m.Window = m.Window.Zoomed(factor, x, y)
	m.say("zoomed %s; %s fits the race%s", panel.Pick(factor < 1, "in", "out"), m.KeyOf(keymap.Fit), m.elsewhere())
}

// elsewhere says how to get to the surface, where it is not on screen.
func (m *Model) elsewhere() string {
	if !m.panels.Layout.Surface.Empty() {
		return ""
	}
	return " on the surface (" + m.KeyOf(keymap.NextView) + ")"
}

// sayArrows says whether the next step is shown or, where it cannot be, why.
func (m *Model) sayArrows() {
	lane, why := 0, ""
	switch m.NextStep {
	case panel.StepShown:
		why = m.WhyNoArrows(m.Selected)
	case panel.StepCompared:
		if lane, why = m.Compared(); why != "" {
			m.NextStep = panel.StepHidden
		}
	}
	switch {
	case why != "":
		m.say("%s", why)
	case m.NextStep == panel.StepCompared:
		m.say("Momentum and NAG from the θ and v of %s%s", m.runner.Lanes()[lane].Optimizer().Title, m.elsewhere())
	default:
		m.say("the next step of the selected lane is %s%s", panel.Pick(m.NextStep == panel.StepShown, "shown", "hidden"), m.elsewhere())
	}
}

func (m *Model) sayInspector() {
	switch {
	case !m.Inspector:
		m.say("inspector closed")
	case m.Lane().Status() != race.Running:
		m.say("inspector open: %s %s, no step follows", m.Lane().Optimizer().Title, m.Lane().Status().Predicate())
	case m.runner.ExamplesPerStep() > 0:
		m.say("inspector open: the next update of %s", m.Lane().Optimizer().Title)
	default:
		m.say("inspector open: %s makes the step it shows", m.KeyOf(keymap.StepOn))
	}
}

// copyCommand copies the command line that opens what is on screen.
func (m *Model) copyCommand() tea.Cmd {
	shown := m.runner.Race()
	words := slices.Clone(m.program)
	switch shown.Steps {
	case 0: // the playground's own default
		shown.Steps = race.DefaultSteps
	case race.DefaultSteps: // run's default, which play has not
		words = append(words, "--steps", strconv.Itoa(shown.Steps))
	}
	words = append(words, shown.Args()...)
	if m.runner.Step() > 0 {
		words = append(words, "--at", strconv.Itoa(m.runner.Step()))
	}
	if view := m.viewText(); view != "" {
		words = append(words, "--view", view)
	}
	command := race.Command(words...)
	m.say("copied: %s", command)
	return tea.SetClipboard(command)
}

// nextAxes shows another plane: where the selected lane is beside the one shown,
// first that which shows it, and then those in their order.
func (m *Model) nextAxes() {
	names := m.runner.Problem().Names()
	if len(names) == 2 {
		m.say("%s has two parameters, both shown", m.runner.Race().Problem.Name)
		return
	}
	none, why := [2]int{}, ""
	i, beside := m.BesidePlane()
	switch {
	case m.Detour != none:
		m.Detour, m.Axes = none, nextPair(m.Detour, len(names))
	case beside:
		far := m.Farthest()
		j := panel.Pick(far[0] == i, far[1], far[0])
		m.Detour, m.Axes = m.Axes, [2]int{min(i, j), max(i, j)}
		why = fmt.Sprintf(": %s is beside the optimum there", m.Title(m.Selected))
	default:
		m.Axes = nextPair(m.Axes, len(names))
	}
	m.Window = m.openingWindow()
	m.say("the surface shows %s and %s%s", names[m.Axes[0]], names[m.Axes[1]], why)
}

// nextPair returns the pair of parameters after one, out of so many.
func nextPair(pair [2]int, count int) [2]int {
	i, j := pair[0], pair[1]+1
	if j == count {
		i, j = i+1, i+2
	}
	if j >= count {
		return [2]int{0, 1}
	}
	return [2]int{i, j}
}
