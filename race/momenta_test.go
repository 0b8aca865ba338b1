package race_test

import (
	"math"
	"testing"

	"ravine/race"
)

// TestMomenta: of the two steps from a lane's θ and v, that of its own rule is the one
// that the lane makes next, and the other takes the gradient where the other rule
// does.
func TestMomenta(t *testing.T) {
	for problem, lanes := range map[string][]string{
		"ravine":          {"momentum", "nag:gamma@5=0.5,eta@6=1e-3"},
		"rosenbrock":      {"momentum:gamma=0.5", "nag"},
		"regression:n=40": {"momentum", "nag", "momentum:batch=7", "nag:batch=7,gamma@5=0.5,eta@6=1e-7"},
	} {
		runner := newRunner(t, raceOn(t, problem, lanes...))
		for _, step := range []int{0, 1, 5, 6, 13} {
			runner.Seek(step)
			for _, lane := range runner.Lanes() {
				checkMomenta(t, lane)
			}
		}
	}
	for _, lane := range []string{"gd", "adam", "nadam"} {
		if _, ok := race.MomentaOf(newRunner(t, raceOn(t, "ravine", lane)).Lanes()[0]); ok {
			t.Errorf("%s is taken for Momentum or NAG", lane)
		}
	}
}

func checkMomenta(t *testing.T, lane *race.Lane) {
	t.Helper()
	before := state(lane)
	momenta, ok := race.MomentaOf(lane)
	if !ok || state(lane) != before {
		t.Fatalf("%s: nothing to compare, or the lane has changed", lane.Spec())
	}
	next := lane.Explain()
	own, other := momenta.Momentum, momenta.NAG
	if lane.Optimizer().Name == "nag" {
		own, other = other, own
	}
	same := true
	for i, step := range next.Step {
		size := math.Abs(momenta.Velocity[i]) + math.Abs(own[i]) + math.Abs(lane.Theta()[i])
		if math.Abs(momenta.Velocity[i]+own[i]-step) > 1e-14*size || math.Abs(momenta.Velocity[i]-next.Velocity[i]) > 1e-14*size {
			t.Errorf("%s at step %d: −γv = %v, −η∇J = %v, but the step is %v", lane.Spec(), lane.Step(), momenta.Velocity, own, next.Step)
		}
		same = same && own[i] == other[i]
	}
	if same != (lane.Step() == 0) {
		t.Errorf("%s at step %d: the gradients of both are the same: %v", lane.Spec(), lane.Step(), same)
	}
}
