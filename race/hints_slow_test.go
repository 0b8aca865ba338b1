package race_test

import (
	"testing"

	"ravine/race"
)

// TestAdviceForSlowLanes: η far below its best is told so until the loss has
// halved, and descent that creeps along a ravine at the largest η that holds is
// told of momentum; descent that gets on is told nothing.
func TestAdviceForSlowLanes(t *testing.T) {
	tests := []struct {
		problem, lane string
		step          int
		key, rule     string
	}{
		{"ravine", "gd:eta=0.0001", 184, "eta", ""},
		{"ravine", "gd:eta=0.0005", 81, "eta", ""},
		{"ravine:kappa=1000", "gd:eta=0.0019", 175, "", "momentum"},
		{"ravine:kappa=2", "gd:eta=0.6", 12, "", ""},
		{"ravine:kappa=9", "gd:eta=0.19", 40, "", ""},
	}
	for _, test := range tests {
		r := raceOn(t, test.problem, test.lane)
		runner := newRunner(t, r)
		runner.Seek(test.step)
		hint, _ := race.Advise(runner.Lanes()[0])
		if hint.Key != test.key || hint.Rule != test.rule {
			t.Errorf("%s on %s at step %d: %+v", test.lane, test.problem, test.step, hint)
		}
	}
}
