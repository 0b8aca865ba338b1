package race_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"ravine/race"
)

// TestEqualExamples counts each lane's batches by hand: at every step of a race by
// examples it has made all updates whose batches its share holds, the shares are
// equal, and each lane is what its number of updates makes it by any pace.
func TestEqualExamples(t *testing.T) {
	const count, perStep, steps = 90, 4, 60 // 90/25, rounded up
	tests := []struct {
		lane  string
		batch func(update int) int
	}{
		{"gd:eta=1e-5", func(int) int { return count }},
		{"sgd:eta=1e-5", func(int) int { return 1 }},
		{"minibatch:eta=1e-5,batch=32", func(update int) int { return []int{32, 32, 26}[update%3] }},
		{"adam:batch=7,batch@2=all,eta@5=0.1,batch@4=1", func(update int) int {
			return []int{7, 7, count, count, 1}[min(update, 4)]
		}},
	}
	r := raceOn(t, fmt.Sprintf("regression:n=%d", count))
	for _, test := range tests {
		r.Lanes = append(r.Lanes, laneSpec(t, test.lane))
	}
	r.Pace = race.ByExamples
	byExamples := newRunner(t, r)
	if got := byExamples.ExamplesPerStep(); got != perStep {
		t.Fatalf("%d examples a step, want %d", got, perStep)
	}
	r.Pace = race.ByUpdates
	byUpdates := newRunner(t, r)
	updates, seen := make([]int, len(tests)), make([]int, len(tests))
	for step := range steps + 1 {
		byExamples.Seek(step)
		for i, test := range tests {
			for seen[i]+test.batch(updates[i]) <= step*perStep {
				seen[i] += test.batch(updates[i])
				updates[i]++
			}
			byUpdates.Seek(updates[i])
			got, want := byExamples.Lanes()[i], byUpdates.Lanes()[i]
			if got.Step() != updates[i] || state(got) != state(want) {
				t.Fatalf("step %d, %s: %s\nwant after %d updates: %s", step, test.lane, firstLine(state(got)), updates[i], firstLine(state(want)))
			}
		}
	}
}

// TestPaceWithoutData: where there is nothing to see, a step is an update.
func TestPaceWithoutData(t *testing.T) {
	var written [2]bytes.Buffer
	for pace := range written {
		r := raceOn(t, "ravine", "gd", "adam")
		r.Steps, r.Pace = 30, race.Pace(pace)
		runner := newRunner(t, r)
		if runner.ExamplesPerStep() != 0 {
			t.Errorf("by %s: %d examples a step", r.Pace, runner.ExamplesPerStep())
		}
		runner.Seek(30)
		written[pace].WriteString(states(runner))
	}
	if written[0].String() != written[1].String() {
		t.Error("without data, the paces differ")
	}
}

// TestEditIsOfTheLane: by examples, a value changed now holds from the lane's own
// next update on.
func TestEditIsOfTheLane(t *testing.T) {
	r := raceOn(t, "regression:n=50", "sgd:eta=1e-4", "gd:eta=1e-6")
	r.Pace = race.ByExamples
	runner := newRunner(t, r)
	runner.Seek(30)
	for i, want := range []string{"sgd:eta=0.0001,eta@60=0.001", "gd:eta=1e-06,eta@1=0.001"} {
		before := fmt.Sprintf("%x", runner.Lanes()[i].Theta())
		if err := runner.Tune(i, "eta", 0.001, false); err != nil {
			t.Fatal(err)
		}
		lane := runner.Lanes()[i]
		if got := lane.Spec().String(); got != want || fmt.Sprintf("%x", lane.Theta()) != before {
			t.Errorf("%s, want %s where it was", got, want)
		}
	}
}

// TestTuningByExamples: one budget is as many epochs for every lane, whatever its
// batches.
func TestTuningByExamples(t *testing.T) {
	for _, lane := range []string{"gd", "sgd"} {
		r := raceOn(t, "regression:n=50,reduce=mean", lane)
		r.Pace = race.ByExamples
		const steps, budget = 50, 50 * 40
		tuning, err := race.NewTuning(built(t, r), r, r.Lanes[0], race.Trial{Steps: steps, Starts: 1}, budget)
		if err != nil {
			t.Fatal(err)
		}
		for !tuning.Done() {
			tuning.Advance(t.Context(), budget)
		}
		if spent, _ := tuning.Spent(); spent > budget || spent < budget/2 {
			t.Errorf("%s: %d of %d spent", lane, spent, budget)
		}
	}
}

func TestPaceByName(t *testing.T) {
	for _, pace := range []race.Pace{race.ByUpdates, race.ByExamples} {
		if got, err := race.ParsePace(pace.String()); err != nil || got != pace {
			t.Errorf("%s reads as %s, %v", pace, got, err)
		}
	}
	if _, err := race.ParsePace("example"); err == nil || !strings.Contains(err.Error(), `"examples"`) {
		t.Errorf("the error is %v", err)
	}
}
