package tui

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// press does what a key stands for.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	action, ok := m.keys.Action(msg)
	if m.sweep.open && m.pressSweep(action, msg.String()) || !ok {
		return nil
	}
	if key, up, ok := tuning(action); ok {
		return m.tune(key, up)
	}
	switch action {
	case keymap.Quit:
		return tea.Quit
	case keymap.Suspend:
		return tea.Suspend
	case keymap.Copy:
		return m.copyCommand()
	case keymap.StepOn, keymap.StepBack, keymap.TenOn, keymap.TenBack, keymap.ToStart, keymap.ToFurthest, keymap.ScrubBack, keymap.ScrubOn:
		m.travel(action)
	case keymap.RunPause, keymap.Faster, keymap.Slower, keymap.Restart, keymap.RestartRandom:
		return m.pressRace(action)
	case keymap.NextLane, keymap.PreviousLane, keymap.ToggleLane, keymap.DuplicateLane, keymap.RemoveLane, keymap.PreviousRule, keymap.NextRule:
		m.pressLanes(action)
	case keymap.TuneAll, keymap.WhatIf, keymap.Hints:
		m.pressMode(action)
	case keymap.Theory:
		m.setTheoryBest()
	case keymap.TuneRace:
		return m.toggleTuned()
	case keymap.Sweep:
		return m.openSweep()
	case keymap.Cancel:
		m.cancel()
	case keymap.PreviousProblem, keymap.NextProblem, keymap.MainDown, keymap.MainUp, keymap.Convention:
		return m.pressProblem(action)
	case keymap.StartLeft, keymap.StartRight, keymap.StartUp, keymap.StartDown:
		m.nudgeStart(action)
	default:
		m.pressView(action)
	}
	return nil
}

// tuning returns the hyperparameter that an action steps, and which way.
func tuning(action keymap.Action) (key string, up, ok bool) {
	switch action {
	case keymap.EtaDown, keymap.EtaUp:
		return "eta", action == keymap.EtaUp, true
	case keymap.GammaDown, keymap.GammaUp:
		return "gamma", action == keymap.GammaUp, true
	case keymap.Beta1Down, keymap.Beta1Up:
		return "beta1", action == keymap.Beta1Up, true
	case keymap.Beta2Down, keymap.Beta2Up:
		return "beta2", action == keymap.Beta2Up, true
	case keymap.BatchDown, keymap.BatchUp:
		return "batch", action == keymap.BatchUp, true
	}
	return "", false, false
}

// tune steps a hyperparameter of the selected lane, or of all that have it.
func (m *Model) tune(key string, up bool) tea.Cmd {
	if !m.tuneAll {
		return m.tuneLane(m.selected, key, up)
	}
	var command tea.Cmd
	tuned := 0
	for i, lane := range m.runner.Lanes() {
		if _, ok := param.Find(lane.Parameters(), key); !ok {
			continue
		}
		if command = m.tuneLane(i, key, up); m.status.bad {
			return nil
		}
		tuned++
	}
	if tuned == 0 {
		m.warn(fmt.Errorf("no lane has %s", symbolOf(key)))
		return nil
	}
	m.flash.lane = -1
	m.say("%s %s on %d lanes, %s", symbolOf(key), pick(up, "raised", "lowered"), tuned, m.since())
	return command
}

func (m *Model) tuneLane(i int, key string, up bool) tea.Cmd {
	lane := m.runner.Lanes()[i]
	title := lane.Optimizer().Title
	parameter, ok := param.Find(lane.Parameters(), key)
	if !ok {
		m.warn(fmt.Errorf("%s has no %s", title, symbolOf(key)))
		return nil
	}
	if key == "batch" && !lane.Samples() {
		m.warn(fmt.Errorf("%s has no data to take batches from", m.runner.Race().Problem.Name))
		return nil
	}
	if !m.whatIf && lane.Status() != race.Running {
		m.warn(fmt.Errorf("%s has stopped; with what-if on (w) it can be tuned from the start", title))
		return nil
	}
	hyper := lane.Hyper()
	old := hyper.Get(key)
	value := parameter.Scale.Step(old, pick(up, 1, -1), lane.Examples())
	if value == old {
		m.say("%s of %s stays %s, the end of its scale", symbolOf(key), title, parameter.Text(old))
		return nil
	}
	if err := m.runner.Tune(i, key, value, m.whatIf); err != nil {
		m.warn(err)
		return nil
	}
	m.say("%s of %s: %s → %s, %s", symbolOf(key), title, setting(old), parameter.Text(value), m.since())
	m.flash = flash{lane: i, key: key, until: time.Now().Add(flashTime)}
	return tea.Tick(flashTime, func(time.Time) tea.Msg { return wakeMsg{} })
}

// since says from when a tuned value holds.
func (m *Model) since() string {
	if m.whatIf || m.runner.Step() == 0 {
		return "from the start"
	}
	return fmt.Sprintf("from step %d on", m.runner.Step())
}

// symbolOf returns a hyperparameter's symbol.
func symbolOf(key string) string {
	symbols := map[string]string{"eta": "η", "gamma": "γ", "beta1": "β₁", "beta2": "β₂", "batch": "batch size"}
	return symbols[key]
}

func pick[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// pressRace runs, pauses and steps the race.
func (m *Model) pressRace(action keymap.Action) tea.Cmd {
	switch action {
	case keymap.RunPause:
		return m.runPause()
	case keymap.Faster, keymap.Slower:
		m.speed = min(max(m.speed+pick(action == keymap.Faster, 1, -1), 0), len(speeds)-1)
		if speeds[m.speed] == 0 {
			m.say("as fast as it goes")
		} else {
			m.say("%d steps a second", speeds[m.speed])
		}
	case keymap.Restart:
		m.runner.Seek(0)
		m.furthest = 0
		m.say("restarted")
		return m.run()
	case keymap.RestartRandom:
		start := race.RandomStart(m.runner.Problem(), rand.Uint64())
		if !m.moveStart(start) {
			return nil
		}
		m.runner.Seek(0)
		return m.run()
	}
	return nil
}

func (m *Model) runPause() tea.Cmd {
	if m.running {
		m.running = false
		m.say("paused at step %d", m.runner.Step())
		return nil
	}
	if !m.runner.Running() {
		m.say("%s; r restarts", overText(m.runner))
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
	m.running = true
	return m.start()
}

// pressLanes selects, shows, copies and removes lanes.
func (m *Model) pressLanes(action keymap.Action) {
	count := len(m.lanes)
	title := m.lane().Optimizer().Title
	switch action {
	case keymap.NextLane:
		m.selected = (m.selected + 1) % count
		m.say("%s selected", m.lane().Optimizer().Title)
	case keymap.PreviousLane:
		m.selected = (m.selected + count - 1) % count
		m.say("%s selected", m.lane().Optimizer().Title)
	case keymap.ToggleLane:
		m.lanes[m.selected].hidden = !m.lanes[m.selected].hidden
		m.say("%s is %s", title, pick(m.lanes[m.selected].hidden, "off", "on"))
	case keymap.DuplicateLane:
		m.duplicate(title)
	case keymap.RemoveLane:
		if count == 1 {
			m.warn(fmt.Errorf("the last lane stays"))
			return
		}
		m.runner.RemoveLane(m.selected)
		m.lanes = slices.Delete(m.lanes, m.selected, m.selected+1)
		m.selected = min(m.selected, len(m.lanes)-1)
		m.say("%s removed", title)
	case keymap.PreviousRule, keymap.NextRule:
		m.changeRule(pick(action == keymap.NextRule, 1, -1))
	}
}

// changeRule puts the next optimizer into the selected lane, with an η that
// suits it.
func (m *Model) changeRule(by int) {
	all := optim.All()
	i := slices.IndexFunc(all, func(o optim.Optimizer) bool { return o.Name == m.lane().Spec().Name })
	next := all[(i+by+len(all))%len(all)]
	if err := m.runner.SetLane(m.selected, param.Spec{Name: next.Name}); err != nil {
		m.warn(err)
		return
	}
	m.pinEta(m.selected)
	m.say("%s in this lane: %s", next.Title, next.Summary)
}

// pressMode changes what tuning keys act on, and from when.
func (m *Model) pressMode(action keymap.Action) {
	if action == keymap.TuneAll {
		m.tuneAll = !m.tuneAll
		m.say("tuning keys act on %s", pick(m.tuneAll, "all lanes", "the selected lane"))
		return
	}
	if action == keymap.Hints {
		m.hints = !m.hints
		m.say("hints %s", pick(m.hints, "on", "off"))
		return
	}
	m.whatIf = !m.whatIf
	m.say("%s", pick(m.whatIf, "what-if: tuning replays the lane from the start", "tuning holds from the step shown; the curve marks where"))
}

// mostLanes bounds the lanes that duplication makes.
const mostLanes = 24

func (m *Model) duplicate(title string) {
	if len(m.lanes) >= mostLanes {
		m.warn(fmt.Errorf("%d lanes are the most", mostLanes))
		return
	}
	if err := m.runner.InsertLane(m.selected+1, m.lane().Spec()); err != nil {
		m.warn(err)
		return
	}
	color := 0
	for slices.ContainsFunc(m.lanes, func(l laneView) bool { return l.color == color }) {
		color++
	}
	m.lanes = slices.Insert(m.lanes, m.selected+1, laneView{color: color})
	m.selected++
	m.say("%s duplicated; the copy is selected", title)
}

// setTheoryBest gives the selected lane the best values that theory knows.
func (m *Model) setTheoryBest() {
	title := m.lane().Optimizer().Title
	theory, ok := race.TheoryOf(m.lane())
	if !ok || theory.Bound == 0 {
		m.warn(fmt.Errorf("theory knows no best values for %s on %s", title, m.runner.Race().Problem.Name))
		return
	}
	if err := m.runner.Tune(m.selected, "eta", typeable(theory.BestEta), true); err != nil {
		m.warn(err)
		return
	}
	if !math.IsNaN(theory.BestGamma) {
		if err := m.runner.Tune(m.selected, "gamma", typeable(theory.BestGamma), true); err != nil {
			m.warn(err)
			return
		}
	}
	m.say("%s at the theory's best: %s (%s)", title, theory.BestText, theory.Source)
}

// cancel ends what is under way, or closes what is open.
func (m *Model) cancel() {
	switch {
	case m.tuned.tunings != nil:
		m.stopTuning("tuning stopped")
	default:
		m.help, m.inspector = false, false
	}
}

// pressView changes what is shown and how.
func (m *Model) pressView(action keymap.Action) {
	switch action {
	case keymap.NextView, keymap.PreviousView:
		m.help, m.inspector = false, false
		count := len(m.views())
		m.view = (m.view + pick(action == keymap.NextView, 1, count-1)) % count
	case keymap.ZoomIn, keymap.ZoomOut:
		m.zoom(pick(action == keymap.ZoomIn, 1/zoomStep, zoomStep))
	case keymap.Fit:
		m.window = m.raceWindow(m.runner)
		m.say("the surface is fitted to the race")
	case keymap.NextAxis:
		m.nextAxes()
	case keymap.NextStep:
		m.arrows = !m.arrows
		m.say("the next step of the selected lane is %s", pick(m.arrows, "shown", "hidden"))
	case keymap.Inspector:
		m.inspector, m.help = !m.inspector, false
		m.say("inspector %s", pick(m.inspector, "open: n makes the step it shows", "closed"))
	case keymap.Epochs:
		m.over = (m.over + 1) % overCount
		m.say("curves over %s", m.over)
	case keymap.Help:
		m.turnHelp()
	}
}

// turnHelp opens the help, turns its page, and after the last one closes it.
func (m *Model) turnHelp() {
	if !m.help {
		m.help, m.helpPage = true, 0
		return
	}
	m.helpPage++
	if m.helpPage >= len(helpPages(m.keys, m.layout.help)) {
		m.help = false
	}
}

const zoomStep = 1.5

// zoom keeps the selected lane in its place, if it is in sight.
func (m *Model) zoom(factor float64) {
	theta := m.lane().Theta()
	x, y := theta[m.axes[0]], theta[m.axes[1]]
	if !m.window.has(x, y) {
		x, y = (m.window.x.Min+m.window.x.Max)/2, (m.window.y.Min+m.window.y.Max)/2
	}
	m.window = m.window.zoomed(factor, x, y)
	m.say("zoomed %s; 0 fits the race", pick(factor < 1, "in", "out"))
}

func (m *Model) nextAxes() {
	names := m.runner.Problem().Names()
	if len(names) == 2 {
		m.say("%s has two parameters, both shown", m.runner.Race().Problem.Name)
		return
	}
	i, j := m.axes[0], m.axes[1]+1
	if j == len(names) {
		i, j = i+1, i+2
	}
	if j >= len(names) {
		i, j = 0, 1
	}
	m.axes = [2]int{i, j}
	m.window = m.openingWindow()
	m.say("the surface shows %s and %s", names[i], names[j])
}

// copyCommand copies the command line that opens what is on screen.
func (m *Model) copyCommand() tea.Cmd {
	shown := m.runner.Race()
	for i := len(m.lanes) - 1; i >= 0; i-- {
		if m.lanes[i].hidden && len(shown.Lanes) > 1 {
			shown.Lanes = slices.Delete(shown.Lanes, i, i+1)
		}
	}
	words := []string{"ravine"}
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
	command := race.Command(words...)
	m.say("copied: %s", command)
	return tea.SetClipboard(command)
}
