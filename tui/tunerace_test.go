package tui

import (
	"strings"
	"testing"
)

// T tunes every lane, races them at their best, and puts the hand-set values back.
func TestTuneRace(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.001", "momentum:eta=0.001", "adam:eta=0.001"), 60)
	byHand := m.Runner().Race().Args()
	losses := make([]float64, len(m.lanes))
	for i, lane := range m.Runner().Lanes() {
		losses[i] = lane.Loss()
	}
	command := press(m, "T")
	if !strings.Contains(statusOf(m), "gradient evaluations") {
		t.Errorf("no budget on screen: %q", statusOf(m))
	}
	settle(t, m, command)
	if m.tuned.tunings != nil || m.Runner().Step() != 0 || !m.running {
		t.Fatalf("the race did not begin again: step %d, running %v", m.Runner().Step(), m.running)
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
	} {
		m := openModel(t, playRace(t, test.problem, test.lane), 10)
		press(m, "o")
		if spec := m.lane().Spec().String(); spec != test.spec || !strings.Contains(statusOf(m), test.status) {
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
	m.status.at = m.status.at.Add(-statusTime)
	m.dirty = true
	hint := statusOf(m)
	if !strings.HasPrefix(hint, "hint: ") || !strings.Contains(hint, "(E)") {
		t.Errorf("no hint with its key: %q", hint)
	}
	press(m, "h")
	m.status.at = m.status.at.Add(-statusTime)
	m.dirty = true
	if strings.Contains(statusOf(m), "hint: ") {
		t.Error("hints are still on")
	}
}
