package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/race"
)

// tuneRace finds each lane's best values with one budget of gradient
// evaluations, in commands, while the keys stay live.
type tuneRace struct {
	tunings []*race.Tuning // nil when none is under way
	lane    int            // whose turn it is
	number  int            // results of an older one are stale
	cancel  context.CancelFunc
	ctx     context.Context
	byHand  []race.LaneSpec // the lanes as set by hand, while the tuned ones race
	steps   int             // of each run
	limit   int             // the race's own, while the tuned lanes stop at steps
	rules   string          // that all this is of
	start   []float64       // where the runs under way start
	windows [2]Window       // what the surface showed before, and with the tuned lanes
}

// The budget of a lane is that many settings' worth.
const (
	tuningSettings = 500
	tuningSlice    = 10_000 // gradient evaluations a command spends
)

// tuneMsg says that a slice of tuning is done.
type tuneMsg struct{ number int }

// toggleTuned tunes every lane; again, it puts the values set by hand back.
func (m *Model) toggleTuned() tea.Cmd {
	t := &m.tuned
	if t.tunings != nil {
		m.stopTuning("tuning stopped")
		return nil
	}
	if t.byHand != nil && t.rules == m.rulesKey() {
		m.setLanes(t.byHand, t.limit)
		t.byHand = nil
		if m.Window == t.windows[1] && slices.Equal(t.start, m.runner.Start()) {
			m.Window = t.windows[0]
		}
		m.say("the values set by hand")
		return m.restart()
	}
	m.sweep.close()
	trial := m.trial()
	m.runner.SetSteps(m.ownLimit())
	t.steps, t.limit, t.rules, t.byHand = trial.Steps, m.runner.Race().Steps, m.rulesKey(), nil
	t.start = slices.Clone(m.runner.Start())
	t.tunings = make([]*race.Tuning, len(m.Lanes))
	for i, lane := range m.runner.Lanes() {
		tuning, err := race.NewTuning(m.runner.Problem(), m.runner.Race(), lane.Spec(), trial, tuningSettings*trial.Starts*trial.Steps)
		if err != nil {
			t.tunings = nil
			m.warn(err)
			return nil
		}
		t.tunings[i] = tuning
	}
	m.Running = false
	t.lane = 0
	t.number++
	t.ctx, t.cancel = context.WithCancel(m.ctx)
	m.sayTuning()
	return t.command()
}

// command spends the next slice.
func (t *tuneRace) command() tea.Cmd {
	tuning, ctx, number := t.tunings[t.lane], t.ctx, t.number
	return func() tea.Msg {
		tuning.Advance(ctx, tuningSlice)
		return tuneMsg{number}
	}
}

// takeTuning goes on to the next slice, lane, or to the race.
func (m *Model) takeTuning(msg tuneMsg) tea.Cmd {
	t := &m.tuned
	if msg.number != t.number || t.tunings == nil || t.ctx.Err() != nil {
		return nil
	}
	if t.rules != m.rulesKey() || !slices.Equal(t.start, m.runner.Start()) {
		m.stopTuning("tuning stopped: this is another race")
		return nil
	}
	if t.tunings[t.lane].Done() {
		t.lane++
	}
	if t.lane < len(t.tunings) {
		m.sayTuning()
		return t.command()
	}
	best := make([]race.LaneSpec, len(t.tunings))
	byHand := make([]race.LaneSpec, len(t.tunings))
	var fragile []string
	for i, tuning := range t.tunings {
		lane := m.runner.Lanes()[i]
		best[i], byHand[i] = tuning.Best(), lane.Spec()
		if tuning.Fragile() {
			fragile = append(fragile, lane.Optimizer().Title)
		}
	}
	t.stop()
	m.setLanes(best, t.steps)
	t.byHand = byHand
	t.windows[0] = m.Window
	m.showAll(t.steps)
	t.windows[1] = m.Window
	warning := ""
	if len(fragile) > 0 {
		warning = " (fragile: " + strings.Join(fragile, ", ") + ")"
	}
	m.say("each at its best for %s%s; %s puts the values set by hand back", plural(t.steps, "step"), warning, m.keyOf(keymap.TuneRace))
	return m.restart()
}

// ownLimit returns the race's limit of steps, without that of tuned lanes.
func (m *Model) ownLimit() int {
	if m.tuned.byHand != nil {
		return m.tuned.limit
	}
	return m.runner.Race().Steps
}

// leaveTuned forgets the values set by hand once the lanes are others.
func (m *Model) leaveTuned() {
	if m.tuned.byHand != nil && m.tuned.rules != m.rulesKey() {
		m.runner.SetSteps(m.ownLimit())
		m.tuned.byHand = nil
	}
}

// sayTuning shows the progress.
func (m *Model) sayTuning() {
	t := &m.tuned
	spent, budget := t.tunings[t.lane].Spent()
	m.say("tuning %s for %s, %d%% of %d gradient evaluations a lane: %s; %s stops", m.runner.Lanes()[t.lane].Optimizer().Title,
		plural(t.steps, "step"), 100*spent/max(budget, 1), budget, race.TuningMethod, m.keyOf(keymap.Cancel))
}

func (m *Model) stopTuning(text string) {
	m.tuned.stop()
	m.say("%s", text)
}

// stop ends what is under way and forgets the values set by hand.
func (t *tuneRace) stop() {
	if t.cancel != nil {
		t.cancel()
	}
	t.tunings, t.byHand = nil, nil
}

// setLanes races other lanes of the same rules, so many steps at most.
func (m *Model) setLanes(specs []race.LaneSpec, steps int) {
	r := m.runner.Race()
	r.Lanes, r.Steps = specs, steps
	m.raceAs(r, 0)
}

// restart races from the start.
func (m *Model) restart() tea.Cmd {
	m.runner.Seek(0)
	m.Furthest = 0
	return m.run()
}
