package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/param"
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
	of      Scene // whose lanes are tuned
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
	if m.overlay != nil && !m.sweep.Open {
		return m.dropTuned()
	}
	m.keep()
	trial := m.trial()
	t.of = m.Scene()
	t.tunings = make([]*race.Tuning, len(m.Lanes))
	for i, lane := range t.of.Race.Lanes {
		tuning, err := race.NewTuning(t.of.problem, t.of.Race, lane, trial, tuningSettings*trial.Starts*trial.Steps)
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
	if now := m.runner.Race(); !sameRules(now, t.of.Race) || !slices.Equal(now.Start, t.of.Race.Start) {
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
	m.keep() // of a sweep
	user := m.Scene()
	best := m.runner.Race()
	best.Steps = t.of.View.TrialSteps
	var fragile []string
	for i, tuning := range t.tunings {
		best.Lanes[i] = tuning.Best()
		if tuning.Fragile() {
			fragile = append(fragile, m.runner.Lanes()[i].Optimizer().Title)
		}
	}
	t.stop()
	if !m.raceAs(best, 0) {
		return nil
	}
	m.showAll(best.Steps)
	m.overlay = &overlay{user, m.Scene(), "each at its best for " + param.Plural(best.Steps, "step")}
	warning := ""
	if len(fragile) > 0 {
		warning = " (fragile: " + strings.Join(fragile, ", ") + ")"
	}
	m.say("%s%s; %s puts the values set by hand back", m.overlay.name, warning, m.KeyOf(keymap.TuneRace))
	return m.restart()
}

// dropTuned races with the values set by hand again.
func (m *Model) dropTuned() tea.Cmd {
	if err := m.drop(); err != nil {
		m.warn(err)
		return nil
	}
	m.say("the values set by hand")
	return m.restart()
}

// sayTuning shows the progress.
func (m *Model) sayTuning() {
	t := &m.tuned
	spent, budget := t.tunings[t.lane].Spent()
	m.say("tuning %s for %s, %d%% of %d gradient evaluations a lane: %s; %s stops", m.runner.Lanes()[t.lane].Optimizer().Title,
		param.Plural(t.of.View.TrialSteps, "step"), 100*spent/max(budget, 1), budget, race.TuningMethod, m.KeyOf(keymap.Cancel))
}

func (m *Model) stopTuning(text string) {
	m.tuned.stop()
	m.say("%s", text)
}

// stop ends what is under way.
func (t *tuneRace) stop() {
	if t.cancel != nil {
		t.cancel()
	}
	t.tunings = nil
}

// restart races from the start.
func (m *Model) restart() tea.Cmd {
	m.runner.Seek(0)
	m.Furthest = 0
	return m.run()
}
