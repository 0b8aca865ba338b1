package race

import (
	"slices"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// batchesOf runs the lanes and returns the rows of each update of each lane.
func batchesOf(t *testing.T, seed uint64, steps int, problem string, lanes ...string) [][][]int32 {
	t.Helper()
	r := Race{Problem: parsed(t, problem), Seed: seed}
	for _, lane := range lanes {
		r.Lanes = append(r.Lanes, parsedLane(t, lane))
	}
	runner, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	batches := make([][][]int32, len(lanes))
	for range steps {
		runner.Advance(1)
		for i, lane := range runner.Lanes() {
			batches[i] = append(batches[i], slices.Clone(lane.rows))
		}
	}
	return batches
}

func parsed(t *testing.T, text string) param.Spec {
	t.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func parsedLane(t *testing.T, text string) LaneSpec {
	t.Helper()
	lane, err := ReadLane(parsed(t, text), optim.Slides)
	if err != nil {
		t.Fatal(err)
	}
	return lane
}

func sameBatches(a, b [][]int32) bool { return slices.EqualFunc(a, b, slices.Equal[[]int32]) }

func TestLanesOfOneBatchSizeSeeTheSameBatches(t *testing.T) {
	const steps = 70
	batches := batchesOf(t, 1, steps, "regression:n=23",
		"sgd:eta=1e-6", "adam:batch=1", "minibatch:batch=5,eta=1e-6", "nag:batch=5,eta=1e-7", "sgd:eta=1e-5")
	for i, most := range []int{1, 1, 5, 5, 1} {
		for step, rows := range batches[i] {
			if len(rows) == 0 || len(rows) > most {
				t.Fatalf("lane %d, step %d: a batch of %d rows, want 1 to %d", i, step, len(rows), most)
			}
		}
	}
	for _, pair := range [][2]int{{0, 1}, {0, 4}, {2, 3}} {
		if !sameBatches(batches[pair[0]], batches[pair[1]]) {
			t.Errorf("lanes %d and %d see different batches", pair[0], pair[1])
		}
	}
	if !sameBatches(batches[2], batchesOf(t, 1, steps, "regression:n=23", "lion:batch=5")[0]) {
		t.Error("a lane sees other batches in another race of the same seed")
	}
	if sameBatches(batches[2], batchesOf(t, 2, steps, "regression:n=23", "lion:batch=5")[0]) {
		t.Error("another seed deals the same batches")
	}
}

// TestEpochs checks that the batches of an epoch are every row once, the last
// batch short, and the order a new one in every epoch.
func TestEpochs(t *testing.T) {
	const examples, batch, epochs = 23, 5, 6
	const perEpoch = (examples + batch - 1) / batch
	rows := batchesOf(t, 1, epochs*perEpoch, "sparse:n=23", "adam:batch=5")[0]
	orders := map[string]bool{}
	for epoch := range epochs {
		var order []int32
		for i, dealt := range rows[epoch*perEpoch : (epoch+1)*perEpoch] {
			want := batch
			if i == perEpoch-1 {
				want = examples % batch
			}
			if len(dealt) != want {
				t.Errorf("epoch %d: batch %d has %d rows, want %d", epoch, i, len(dealt), want)
			}
			order = append(order, dealt...)
		}
		key := string(runes(order))
		if orders[key] {
			t.Errorf("epoch %d has the order of an earlier one", epoch)
		}
		orders[key] = true
		slices.Sort(order)
		for i, row := range order {
			if int(row) != i {
				t.Fatalf("epoch %d is not a permutation: %v", epoch, order)
			}
		}
	}
}

func runes(rows []int32) []rune { return rows }

// TestUpdatesAreOfTheirBatch follows a sampled lane with the rule written out.
func TestUpdatesAreOfTheirBatch(t *testing.T) {
	for _, reduce := range []string{"sum", "mean"} {
		r := Race{Problem: parsed(t, "regression:n=23,reduce="+reduce), Seed: 3, Lanes: []LaneSpec{parsedLane(t, "minibatch:batch=4,eta=1e-4")}}
		runner, err := New(r)
		if err != nil {
			t.Fatal(err)
		}
		lane, sampled := runner.Lanes()[0], runner.Problem().(problem.Sampled)
		gradient := make([]float64, 2)
		seen := 0
		for range 40 {
			want := slices.Clone(lane.Theta())
			runner.Advance(1)
			loss := sampled.EvaluateBatch(gradient, want, lane.rows)
			for i, g := range gradient {
				want[i] -= float64(1e-4 * g)
			}
			if !slices.Equal(lane.Theta(), want) {
				t.Fatalf("%s, step %d: θ is %v, want %v", reduce, lane.Step(), lane.Theta(), want)
			}
			seen += len(lane.rows)
			if reduce == "sum" {
				loss *= 23 / float64(len(lane.rows))
			}
			point := lane.History().Point(lane.History().Len() - 1)
			if point.Examples != seen || point.Batch != loss || point.Loss != sampled.Loss(want) {
				t.Fatalf("%s, step %d: history %+v; want %d examples, batch loss %v, loss %v",
					reduce, lane.Step(), point, seen, loss, sampled.Loss(want))
			}
		}
		if got := lane.Epoch(seen); got != float64(seen)/23 {
			t.Errorf("%d examples are %v epochs", seen, got)
		}
	}
}

func TestSamplerPeek(t *testing.T) {
	s := newSampler(10, 4)
	for i := range 25 {
		if want, got := slices.Clone(s.peek(3)), slices.Clone(s.next(3)); !slices.Equal(got, want) {
			t.Fatalf("batch %d: foreseen is %v, dealt is %v", i, want, got)
		}
	}
}
