package race_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ravine/race"
)

// TestWayBack goes to and fro, in slices that are cut short by other wishes, and
// compares with the race that was stepped there straight from the start. The steps
// are those around which a history's points become longer, or a mark may be.
func TestWayBack(t *testing.T) {
	races := []race.Race{
		raceOn(t, "ravine", append(allLanes(""), "gd:eta=0.0801", "gd:eta@9000=0.1")...), // the last two diverge late
		raceOn(t, "regression:n=9", "adam:batch=2,batch@700=all,eta@5000=0.001", "sgd", "minibatch:batch=4", "nag:eta=1e-7"),
	}
	races[0].Tol = 1e-4 // some converge on the way
	races = append(races, raceOn(t, "regression:n=60", "adam:batch=2,batch@700=all", "gd:eta@3=1e300", "nag:eta=1e-7", "sgd"))
	races[2].Pace = race.ByExamples
	straight := map[int]*race.Runner{}
	rapid.Check(t, func(rt *rapid.T) {
		which := rapid.IntRange(0, len(races)-1).Draw(rt, "race")
		runner := newRunner(t, races[which])
		step := 0
		for range rapid.IntRange(1, 6).Draw(rt, "wishes") {
			step = rapid.SampledFrom([]int{0, 256, 1537, 20737, 41217}).Draw(rt, "near")
			step = max(0, step+rapid.IntRange(-2, 2).Draw(rt, "beside")+256*rapid.IntRange(-2, 2).Draw(rt, "marks"))
			runner.Aim(step)
			for range rapid.SampledFrom([]int{0, 1, 7, 1 << 30}).Draw(rt, "slices") {
				if runner.CatchUp(0, 1) {
					break
				}
			}
		}
		for !runner.CatchUp(0, 1) {
			if _, behind := runner.Behind(); !behind {
				rt.Fatal("lanes are not there, and not behind")
			}
		}
		if straight[which] == nil || straight[which].Step() > step {
			straight[which] = newRunner(t, races[which])
		}
		straight[which].Seek(step)
		if states(runner) != states(straight[which]) {
			rt.Fatalf("step %d is another one, after what went before", step)
		}
	})
}

// TestBackAcrossMerging goes back from where a history has just been merged, or is
// to be, to where its points were shorter, and to where they were not.
func TestBackAcrossMerging(t *testing.T) {
	value := raceOn(t, "ravine", "lion:eta=0.03", "adam:beta2=0.9,eta=0.1")
	straight := map[int]string{}
	for _, to := range []int{511, 512, 1000, 1535, 1536, 1537, 1791, 1792, 2815, 2816, 3000} {
		runner := newRunner(t, value)
		runner.Seek(to)
		straight[to] = states(runner)
	}
	for to, want := range straight {
		for _, from := range []int{1535, 1536, 1537, 1793, 2816, 2817, 3073, 5376} {
			runner := newRunner(t, value)
			runner.Seek(from)
			if runner.Seek(to); states(runner) != want {
				t.Errorf("step %d is another one after step %d", to, from)
			}
		}
	}
}

// A lane whose next step leaves the numbers shows that when it tries it, and not
// before.
func TestBackToTheLastStep(t *testing.T) {
	for _, last := range []int{0, 300} {
		runner := newRunner(t, raceOn(t, "ravine", fmt.Sprintf("gd:eta=0.01,eta@%d=1e300", last)))
		for _, want := range []struct {
			step   int
			status race.Status
		}{{last + 1, race.Diverged}, {last, race.Running}, {last + 2, race.Diverged}, {last + 1, race.Diverged}} {
			runner.Seek(want.step)
			if lane := runner.Lanes()[0]; lane.Step() != last || lane.Status() != want.status {
				t.Errorf("at step %d the lane has %s at %d, want %s at %d", want.step, lane.Status(), lane.Step(), want.status, last)
			}
		}
	}
}

// TestStepBackIsShort counts what a lane is replayed for a step back, late in a race.
func TestStepBackIsShort(t *testing.T) {
	for _, steps := range []int{30_000, 300_000} {
		runner := newRunner(t, raceOn(t, "ravine", "lion:eta=0.03", "adam:beta2=0.9,eta=0.1"))
		runner.Seek(steps)
		for range 20 {
			runner.Aim(runner.Step() - 1)
			if at, _ := runner.Behind(); runner.Step()-at > max(256, steps/40) {
				t.Fatalf("a step back to %d replays all from %d", runner.Step(), at)
			}
			runner.Seek(runner.Step())
		}
	}
}

// Lanes that are behind go on together: the last one first.
func TestCatchUpIsEven(t *testing.T) {
	runner := newRunner(t, raceOn(t, "ravine", "lion:eta=0.03", "adam", "gd"))
	runner.Aim(100_000)
	for runner.Lanes()[0].Step() < 50_000 {
		runner.CatchUp(0, 1)
	}
	steps := []int{}
	for _, lane := range runner.Lanes() {
		steps = append(steps, lane.Step())
	}
	if slices.Max(steps)-slices.Min(steps) > 128 {
		t.Errorf("lanes that are behind are at %v", steps)
	}
}
