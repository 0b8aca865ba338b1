package race_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"ravine/optim"
)

// reference is what testdata/trajectories.py worked out.
type reference struct {
	Steps []int
	Cases []struct {
		Problem, Rules, Opt string
		Thetas              [][]float64 // one a step of Steps
	}
}

func readReference(t *testing.T) reference {
	t.Helper()
	text, err := os.ReadFile("testdata/trajectories.json")
	if err != nil {
		t.Fatal(err)
	}
	var ref reference
	if err := json.Unmarshal(text, &ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

// distance is the largest difference of a coordinate, relative to its size
// where that is above 1.
func distance(got, want []float64) float64 {
	largest := 0.0
	for i := range want {
		d := math.Abs(got[i]-want[i]) / max(1, math.Abs(want[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		largest = max(largest, d)
	}
	return largest
}

// TestTrajectories compares every rule in both conventions with a program that
// shares nothing with this one: see testdata/trajectories.py.
func TestTrajectories(t *testing.T) {
	ref := readReference(t)
	ran := map[string]map[string]bool{} // problem → convention and rule
	for _, c := range ref.Cases {
		convention, err := optim.ParseConvention(c.Rules)
		if err != nil {
			t.Fatal(err)
		}
		r := raceOn(t, c.Problem, c.Opt)
		r.Rules = convention
		if strings.HasPrefix(c.Problem, "regression:file") {
			r.Start = []float64{8, 75} // the talk's, where the reference starts
		}
		runner := newRunner(t, r)
		for i, step := range ref.Steps {
			tolerance := 1e-12
			if step > 10 {
				tolerance = 1e-6
			}
			runner.Seek(step)
			lane := runner.Lanes()[0]
			if lane.Step() != step {
				t.Fatalf("%s %s %s: at step %d instead of %d", c.Problem, c.Rules, c.Opt, lane.Step(), step)
			}
			if d := distance(lane.Theta(), c.Thetas[i]); d > tolerance {
				t.Errorf("%s %s %s: θ at step %d is %v, want %v: %.1e off", c.Problem, c.Rules, c.Opt, step, lane.Theta(), c.Thetas[i], d)
				break
			}
		}
		if ran[c.Problem] == nil {
			ran[c.Problem] = map[string]bool{}
		}
		name, _, _ := strings.Cut(c.Opt, ":")
		ran[c.Problem][c.Rules+" "+name] = true
	}
	if len(ran) != 5 {
		t.Errorf("%d problems ran, want 5", len(ran))
	}
	for problem, lanes := range ran {
		if want := 2 * len(optim.All()); len(lanes) != want {
			t.Errorf("%s: %d of %d rules × conventions ran", problem, len(lanes), want)
		}
	}
}
