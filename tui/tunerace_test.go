package tui

import (
	"slices"
	"strings"
	"testing"

	"ravine/race"
	"ravine/tui/panel"
)

// T tunes every lane, races them at their best, and puts the hand-set values back.
func TestTuneRace(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.001", "momentum:eta=0.001", "adam:eta=0.001"), 60)
	byHand := m.Runner().Race().Args()
	losses := make([]float64, len(m.Lanes))
	for i, lane := range m.Runner().Lanes() {
		losses[i] = lane.Loss()
	}
	command := press(m, "T")
	if !strings.Contains(statusOf(m), "gradient evaluations") {
		t.Errorf("no budget on screen: %q", statusOf(m))
	}
	settle(t, m, command)
	if m.tuned.tunings != nil || m.Runner().Step() != 0 || !m.Running {
		t.Fatalf("the race did not begin again: step %d, running %v", m.Runner().Step(), m.Running)
	}
	m.Runner().Seek(60)
	for i, lane := range m.Runner().Lanes() {
		if lane.Loss() > losses[i]/10 {
			t.Errorf("%s is hardly better: %v, was %v", lane.Spec(), lane.Loss(), losses[i])
		}
	}
	press(m, "T")
	if got := m.Runner().Race().Args(); strings.Join(got, " ") != strings.Join(byHand, " ") {
		t.Errorf("the values set by hand came back as %v, were %v", got, byHand)
	}
}

// What T shows passes: esc and T drop it, what is changed in it is kept, and undo
// takes it back as one change.
func TestTunedLanesPass(t *testing.T) {
	for _, test := range []struct{ keys, lanes, said string }{
		{"esc", "by hand", "the values set by hand"},
		{"j z T", "by hand", "the values set by hand"},
		{"U", "by hand", "undone: each at its best for 100 steps"},
		{"U ctrl+r", "tuned", "done again: each at its best for 100 steps"},
		{"E", "other", "η of Momentum"},
		{"E U", "tuned", "undone: η of Momentum"},
		{"E U U", "by hand", "undone: each at its best"},
		{"E T", "other", "gradient evaluations"},
		{"s right right esc", "tuned", "as it was: "},
		{"s right right U", "tuned", "undone: the sweep of Momentum"},
	} {
		m := openModel(t, playRace(t, "ravine", "momentum", "gd"), 20)
		m.TrialSteps = 100
		first := m.Scene()
		settle(t, m, press(m, "T"))
		tuned := m.Scene()
		if first.Race.Same(tuned.Race) || m.own().View.Window != first.View.Window {
			t.Fatal("T changes nothing, or the user's scene")
		}
		press(m, strings.Fields(test.keys)...)
		lanes := "other"
		switch now := m.runner.Race(); {
		case now.Same(first.Race):
			lanes = "by hand"
		case slices.EqualFunc(now.Lanes, tuned.Race.Lanes, race.LaneSpec.Equal):
			lanes = "tuned"
		}
		if lanes != test.lanes || !strings.Contains(m.Status.Text, test.said) {
			t.Errorf("%s: %s, %q; want %s, %q", test.keys, lanes, m.Status.Text, test.lanes, test.said)
		}
	}
}

// With the values set by hand the surface shows again what it showed with them,
// unless it was zoomed or the start moved since.
func TestTuneRaceWindow(t *testing.T) {
	for _, test := range []struct {
		keys  []string
		shows bool
	}{{nil, true}, {[]string{"z"}, false}, {[]string{"shift+left"}, false}} {
		m := openModel(t, playRace(t, "ravine", "adagrad"), 23)
		before := m.Window
		settle(t, m, press(m, "T"))
		if m.Window == before {
			t.Fatal("the tuned lanes need no other window")
		}
		press(m, append(test.keys, "T")...)
		if shows := m.Window == before; shows != test.shows {
			t.Errorf("%v: the window of before is there: %v, want %v", test.keys, shows, test.shows)
		}
	}
}

// The tuned lanes stop at the step that they were tuned for.
func TestTunedLanesStop(t *testing.T) {
	m := openModel(t, playRace(t, "rosenbrock", "gd", "momentum"), 60)
	m.TrialSteps = 60
	settle(t, m, press(m, "T"))
	for range 200 {
		m.Update(tickMsg{m.clock})
	}
	if m.runner.Step() != 60 || m.Running {
		t.Errorf("at step %d, running %v, want step 60", m.runner.Step(), m.Running)
	}
	press(m, "T", "space")
	if limit := m.runner.Race().Steps; limit != 0 {
		t.Errorf("the race by hand has a limit of %d steps", limit)
	}
}

// What was tuned for one line-up is not put into another.
func TestTuningOfOtherLanes(t *testing.T) {
	for _, keys := range [][]string{{"D"}, {"d"}, {"]"}, {"}"}, {"u"}, {"C"}} {
		m := openDefault(t, 60)
		command := press(m, "T")
		press(m, keys...)
		before := stateOf(m.Runner())
		settle(t, m, command)
		if m.tuned.tunings != nil || m.overlay != nil || stateOf(m.Runner()) != before {
			t.Errorf("%v: tuning went on: %q", keys, statusOf(m))
		}

		m = openDefault(t, 60)
		settle(t, m, press(m, "T"))
		press(m, keys...)
		before = strings.Join(m.Runner().Race().Args(), " ")
		command = press(m, "T")
		if m.tuned.tunings == nil || strings.Join(m.Runner().Race().Args(), " ") != before {
			t.Errorf("%v: T put values of other lanes back: %q", keys, statusOf(m))
		}
		press(m, "esc")
		settle(t, m, command)
	}
}

// A playground that follows another drops its own tuning and sweep.
func TestShowDropsWhatIsUnderWay(t *testing.T) {
	other := openModel(t, playRace(t, "rosenbrock", "adam"), 3)
	for _, key := range []string{"T", "s"} {
		m := openDefault(t, 60)
		command := press(m, key)
		follow(t, m, other)
		settle(t, m, command)
		if got, want := stateOf(m.Runner()), stateOf(other.Runner()); got != want {
			t.Errorf("%s: shows\n%s\nwant\n%s", key, got, want)
		}
		if command := press(m, "s"); command == nil {
			t.Errorf("%s: s does not open a sweep afterwards", key)
		}
	}
}

// esc stops the tuning and leaves the lanes alone.
func TestTuneRaceStops(t *testing.T) {
	m := openDefault(t, 60)
	before := stateOf(m.Runner())
	command := press(m, "T")
	_, command = m.Update(command())
	press(m, "esc")
	settle(t, m, command)
	if m.tuned.tunings != nil || stateOf(m.Runner()) != before {
		t.Errorf("tuning went on, or changed the race: %q", statusOf(m))
	}
}

// o sets the theory's best where there is a theory, and says so where not.
func TestTheoryKey(t *testing.T) {
	for _, test := range []struct{ problem, lane, spec, status string }{
		{"ravine:kappa=9", "gd", "gd:eta=0.2", "theory's best"},
		{"ravine:kappa=9", "momentum", "momentum:eta=0.25,gamma=0.25", "Polyak"},
		{"ravine", "adam:eta=0.1", "adam:eta=0.1", "theory knows no best"},
		{"rosenbrock", "gd:eta=0.001", "gd:eta=0.001", "theory knows no best"},
		{"ravine", "adamw:eta=0.1", "adamw:eta=0.1", "theory knows no best"},
		{"regression", "gd:eta=1e-6,batch@50=1", "gd:eta=1e-06,batch@50=1", "theory knows no best"},
	} {
		m := openModel(t, playRace(t, test.problem, test.lane), 10)
		press(m, "o")
		if spec := m.Lane().Spec().String(); spec != test.spec || !strings.Contains(statusOf(m), test.status) {
			t.Errorf("%s on %s: %s, %q", test.lane, test.problem, spec, statusOf(m))
		}
	}
}

// A lane that is going to blow up is marked before it does.
func TestWarnsBeforeItDiverges(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.0801"), 5)
	if !strings.Contains(textOf(m), "η too big") {
		t.Error("no warning above 2/λmax")
	}
	press(m, "e", "e")
	if strings.Contains(textOf(m), "η too big") {
		t.Error("a warning below 2/λmax")
	}
}

// A hint comes with the key that follows it, and h turns hints off.
func TestHints(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=1e-5"), 100)
	m.Status.At = m.Status.At.Add(-panel.StatusTime)
	m.dirty = true
	hint := statusOf(m)
	if !strings.HasPrefix(hint, "hint (E): ") {
		t.Errorf("no hint with its key: %q", hint)
	}
	press(m, "h")
	m.Status.At = m.Status.At.Add(-panel.StatusTime)
	m.dirty = true
	if strings.Contains(statusOf(m), "hint") && !strings.Contains(statusOf(m), "hints off") {
		t.Error("hints are still on")
	}
}

// Following a hint to another rule, key by key, arrives at that rule.
func TestHintedRule(t *testing.T) {
	m := openModel(t, playRace(t, "sparse", "gd"), 100)
	m.Status.At = m.Status.At.Add(-panel.StatusTime)
	m.dirty = true
	if hint := statusOf(m); !strings.HasPrefix(hint, "hint (} ×5): ") {
		t.Fatalf("%q", hint)
	}
	press(m, "}", "}", "}", "}", "}")
	if name := m.Lane().Optimizer().Name; name != "adagrad" {
		t.Errorf("the keys lead to %s", name)
	}
}

// A hint on a race that stands still comes by itself.
func TestHintComesWhenNothingMoves(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.0001"), 300)
	press(m, "space")
	command := press(m, "space")
	m.Status.At = m.Status.At.Add(-panel.StatusTime)
	if command == nil {
		t.Fatal("nothing wakes the picture")
	}
	m.Update(wakeMsg{})
	m.View()
	if !strings.Contains(statusOf(m), "hint") {
		t.Errorf("status %q", statusOf(m))
	}
}
