package race_test

import (
	"testing"

	"ravine/optim"
	"ravine/problem"
	"ravine/race"
)

// TestDefaultsAreGood races every rule on every problem with the values it opens
// with: none may diverge, and over all data the loss must have fallen.
func TestDefaultsAreGood(t *testing.T) {
	ran := 0
	for _, kind := range problem.Kinds() {
		for _, convention := range []optim.Convention{optim.Slides, optim.Papers} {
			r := raceOn(t, kind.Name, allLanes("")...)
			r.Rules = convention
			runner := newRunner(t, r)
			start := runner.Problem().Loss(runner.Start())
			runner.Advance(200)
			for _, lane := range runner.Lanes() {
				ran++
				if lane.Status() == race.Diverged {
					t.Errorf("%s %s %s, η = %g, diverges at step %d", kind.Name, convention, lane.Spec(), lane.Hyper().Eta, lane.Step())
				}
				if lane.Hyper().Batch == 0 && !(lane.Loss() < start) {
					t.Errorf("%s %s %s, η = %g, ends at loss %g, from %g", kind.Name, convention, lane.Spec(), lane.Hyper().Eta, lane.Loss(), start)
				}
			}
		}
	}
	if want := 2 * len(problem.Kinds()) * len(optim.All()); ran != want || ran < 9*14*2 {
		t.Errorf("%d lanes ran, want %d", ran, want)
	}
}

func TestDefaultScenes(t *testing.T) {
	for _, kind := range problem.Kinds() {
		r := raceOn(t, kind.Name)
		r.Lanes = race.DefaultLanes(kind.Name)
		runner := newRunner(t, r)
		_, sampled := runner.Problem().(problem.Sampled)
		samples := false
		for _, lane := range runner.Lanes() {
			samples = samples || lane.Hyper().Batch != 0
		}
		if samples != sampled {
			t.Errorf("%s: has data %t, lanes that sample %t", kind.Name, sampled, samples)
		}
	}
	newRunner(t, race.Default())
}
