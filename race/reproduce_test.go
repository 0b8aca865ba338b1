package race_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/race"
)

// mixed is a race with lanes of every fate: sampled and not, retuned in
// mid-run, converging, diverging. One diverges at step 60 so that it is turned
// back there: at step 60 it still runs, after it it has stopped there.
func mixed(t testing.TB) race.Race {
	r := raceOn(t, "regression:n=40,noise=0,reduce=mean",
		"gd:eta=0.01",
		"gd:eta=0.0145,eta@30=0.5",
		"gd:eta=0.01,eta@60=1e200",
		"momentum:gamma=0.5",
		"sgd:eta=0.001",
		"sgd:eta=0.001",
		"minibatch:batch=7,eta=0.004,eta@50=0.01,batch@20=3",
		"adam:eta=2,batch@35=16,batch@70=all,batch@71=16",
		"nag:eta=0.002,batch=39,gamma@10=0.99",
		"lion:batch=1",
		"adagrad:eta=0",
	)
	r.Tol = 4e-3
	return r
}

func TestSameRaceSameBytes(t *testing.T) {
	var written [2]bytes.Buffer
	for i := range written {
		r := mixed(t)
		r.Steps, r.RandomStart = 120, true
		if err := race.WriteCSV(&written[i], newRunner(t, r), 1); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(written[0].Bytes(), written[1].Bytes()) {
		t.Error("two runs of one race differ")
	}
}

// TestEveryKthStep: what is recorded at every K-th step are rows of those recorded
// at each: of the steps that K divides, and every lane's last, in their order.
func TestEveryKthStep(t *testing.T) {
	for _, pace := range []race.Pace{race.ByUpdates, race.ByExamples} {
		r := mixed(t)
		r.Steps, r.Pace, r.Tol = 120, pace, 0.05
		r.Lanes = append(r.Lanes, laneSpec(t, "sgd:eta=0.001,eta@70=1e200"), laneSpec(t, "sgd:eta=0.003"), laneSpec(t, "gd:eta=0.01,eta@10=1e200"))
		written := func(every int) []string {
			var text bytes.Buffer
			if err := race.WriteCSV(&text, newRunner(t, r), every); err != nil {
				t.Fatal(err)
			}
			return strings.Split(strings.TrimSpace(text.String()), "\n")
		}
		all := written(1)
		lane := func(row string) string { return strings.Split(row, ",")[1] }
		last := map[string]int{}
		for i, row := range all {
			last[lane(row)] = i
		}
		for _, every := range []int{2, 7, 60, 61, 1000} {
			var want []string
			for i, row := range all {
				step, err := strconv.Atoi(strings.Split(row, ",")[0])
				if err != nil || step%every == 0 || last[lane(row)] == i {
					want = append(want, row)
				}
			}
			if got := written(every); !slices.Equal(got, want) {
				t.Errorf("%s, every %d: %d rows, want %d:\n%s\n\n%s", pace, every, len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// TestSeek goes back and forth at random; wherever it stops, every lane is what
// a straight run to there makes it.
func TestSeek(t *testing.T) {
	for _, pace := range []race.Pace{race.ByUpdates, race.ByExamples} {
		t.Run(pace.String(), func(t *testing.T) { testSeek(t, pace) })
	}
}

func testSeek(t *testing.T, pace race.Pace) {
	const last = 110
	var straight [last + 1]string
	fates := map[race.Status]bool{}
	r := mixed(t)
	if r.Pace = pace; pace == race.ByExamples { // a few epochs, in which batches of all come to no edit
		r.Lanes = append(r.Lanes, laneSpec(t, "sgd:eta=0.001,eta@70=1e200"), laneSpec(t, "sgd:eta=0.003"), laneSpec(t, "minibatch:eta=0.008,batch=2"))
		r.Tol = 0.05
	}
	for step := range straight {
		runner := newRunner(t, r)
		for range step {
			runner.Advance(1)
		}
		straight[step] = states(runner)
		for _, lane := range runner.Lanes() {
			if lane.Step() > 0 {
				fates[lane.Status()] = true
			}
		}
	}
	if len(fates) != 3 {
		t.Fatalf("the lanes end %v; want running, converged and diverged", fates)
	}
	runner := newRunner(t, r)
	rapid.Check(t, func(t *rapid.T) {
		anywhere := rapid.OneOf(rapid.IntRange(0, last), rapid.IntRange(59, 61))
		for _, step := range rapid.SliceOfN(anywhere, 1, 8).Draw(t, "steps") {
			runner.Seek(step)
			if runner.Step() != step {
				t.Fatalf("Seek(%d) leads to %d", step, runner.Step())
			}
			if got := states(runner); got != straight[step] {
				t.Fatalf("step %d is not what a straight run leads to", step)
			}
		}
	})
}

func TestSeekStaysInside(t *testing.T) {
	r := raceOn(t, "ravine", "gd")
	r.Steps = 20
	runner := newRunner(t, r)
	for _, test := range []struct{ to, want int }{{-5, 0}, {12, 12}, {21, 20}, {math.MaxInt, 20}, {-1, 0}} {
		runner.Seek(test.to)
		if runner.Step() != test.want || runner.Lanes()[0].Step() != test.want {
			t.Errorf("Seek(%d) leads to %d, the lane to %d; want %d", test.to, runner.Step(), runner.Lanes()[0].Step(), test.want)
		}
	}
	runner.Advance(-3)
	if runner.Step() != 0 {
		t.Errorf("Advance(-3) from the start leads to %d", runner.Step())
	}
}

// drawLane draws a lane for a problem with 40 examples.
func drawLane(t *rapid.T) string {
	lane := rapid.SampledFrom(allLanes("")).Draw(t, "optimizer")
	lane += fmt.Sprintf(":eta=%g", rapid.SampledFrom([]float64{0, 1e-5, 1e-3, 0.1, 10}).Draw(t, "eta"))
	lane += ",batch=" + rapid.SampledFrom([]string{"1", "7", "39", "40", "all"}).Draw(t, "batch")
	if rapid.Bool().Draw(t, "edited") {
		lane += fmt.Sprintf(",eta@%d=0.002", rapid.IntRange(0, 60).Draw(t, "eta@"))
		lane += fmt.Sprintf(",batch@%d=5", rapid.IntRange(0, 60).Draw(t, "batch@"))
	}
	return lane
}

// TestLanesAreIndependent changes a race at random. Every lane must be, to the
// bit, what it is in a race of its own.
func TestLanesAreIndependent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := raceOn(t, "regression:n=40", drawLane(rt), drawLane(rt))
		r.Tol = 1e-6
		r.Pace = rapid.SampledFrom([]race.Pace{race.ByUpdates, race.ByExamples}).Draw(rt, "pace")
		runner := newRunner(t, r)
		for range rapid.IntRange(1, 12).Draw(rt, "operations") {
			changeRace(t, rt, runner)
		}
		runner.Seek(runner.Step())
		if len(runner.Race().Lanes) != len(runner.Lanes()) {
			rt.Fatalf("%d lanes, %d specs", len(runner.Lanes()), len(runner.Race().Lanes))
		}
		for i, lane := range runner.Lanes() {
			alone := r
			alone.Lanes = slices.Clone(runner.Race().Lanes[i : i+1])
			other, err := race.NewOn(runner.Problem(), alone)
			if err != nil {
				rt.Fatal(err)
			}
			other.Seek(runner.Step())
			if got, want := state(lane), states(other); got != want {
				rt.Fatalf("lane %d is not what it is alone:\n%s\n%s", i, firstLine(got), firstLine(want))
			}
		}
	})
}

// changeRace does one thing that a user can.
func changeRace(t *testing.T, rt *rapid.T, runner *race.Runner) {
	at := rapid.IntRange(0, len(runner.Lanes())).Draw(rt, "lane")
	operation := rapid.IntRange(0, 7).Draw(rt, "operation")
	if at == len(runner.Lanes()) && operation > 2 && operation < 6 {
		operation = 2
	}
	var err error
	switch operation {
	case 0:
		runner.Advance(rapid.IntRange(1, 50).Draw(rt, "steps"))
	case 1:
		runner.Seek(rapid.IntRange(0, 90).Draw(rt, "step"))
	case 6:
		runner.Aim(rapid.IntRange(0, 90).Draw(rt, "step"))
	case 7:
		runner.CatchUp(0, 1)
	case 2:
		err = runner.InsertLane(at, laneSpec(t, drawLane(rt)))
	case 3:
		runner.RemoveLane(at)
	case 4:
		err = runner.SetLane(at, laneSpec(t, drawLane(rt)))
	case 5:
		key := rapid.SampledFrom([]string{"eta", "batch"}).Draw(rt, "key")
		err = runner.Tune(at, key, rapid.SampledFrom([]float64{1, 2, 9}).Draw(rt, "value"), rapid.Bool().Draw(rt, "from start"))
	}
	if err != nil {
		rt.Fatal(err)
	}
}

func TestSameBatchesSameWay(t *testing.T) {
	r := raceOn(t, "sparse:n=50", "sgd:eta=0.01", "adam:batch=1", "sgd:eta=0.01", "gd:eta=0.01,batch=1", "minibatch:eta=0.01,batch=1")
	runner := newRunner(t, r)
	runner.Advance(333)
	lanes := runner.Lanes()
	for _, i := range []int{2, 3, 4} {
		if got, want := fmt.Sprintf("%x", lanes[i].Theta()), fmt.Sprintf("%x", lanes[0].Theta()); got != want {
			t.Errorf("lane %d, the same rule on the same batches, is at %s, want %s", i, got, want)
		}
	}
}

// What a shell would expand is quoted.
func TestCommandQuotes(t *testing.T) {
	for word, want := range map[string]string{
		"ravine:kappa=25,angle=-3.5": "ravine:kappa=25,angle=-3.5", "a b": "'a b'", "~x": "'~x'", "*": "'*'", "a$b": "'a$b'", "it's": `'it'\''s'`, "": "''",
	} {
		if got := race.Command(word); got != want {
			t.Errorf("%q is written %s, want %s", word, got, want)
		}
	}
}
