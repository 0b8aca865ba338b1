package race_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"ravine/problem"
	"ravine/race"
)

// built returns the race's problem.
func built(t testing.TB, r race.Race) problem.Problem {
	t.Helper()
	p, err := problem.Build(r.Problem, r.Seed)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newSweep sweeps the race's first lane.
func newSweep(t testing.TB, r race.Race, steps int, axes ...race.Axis) *race.Sweep {
	t.Helper()
	sweep, err := race.NewSweep(built(t, r), r, r.Lanes[0], axes, race.Trial{Steps: steps, Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return sweep
}

// computed returns all cells, by index.
func computed(t testing.TB, sweep *race.Sweep) []race.Cell {
	t.Helper()
	cells, indices := make([]race.Cell, sweep.Len()), make([]int, sweep.Len())
	for i := range indices {
		indices[i] = i
	}
	if done := sweep.Compute(context.Background(), indices, cells); done != len(cells) {
		t.Fatalf("%d of %d cells are done", done, len(cells))
	}
	return cells
}

// sameCell compares to the bit.
func sameCell(a, b race.Cell) bool {
	return math.Float64bits(a.Loss) == math.Float64bits(b.Loss) && a.Status == b.Status && a.Steps == b.Steps
}

// procs sets the number of cores until the test ends.
func procs(t testing.TB, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// TestCellIsASingleRun compares each cell with a race of one lane, written by
// hand from the lane's other values.
func TestCellIsASingleRun(t *testing.T) {
	eta := race.Axis{Key: "eta", From: 1e-5, To: 10, Count: 9}
	tests := []struct {
		name, problem, lane, alone string // alone: the lane without what is swept
		axes                       []race.Axis
		tol                        float64
		fates                      []race.Status
		pace                       race.Pace
	}{
		{"one axis", "ravine", "gd", "gd", []race.Axis{eta}, 1e-4,
			[]race.Status{race.Running, race.Converged, race.Diverged}, race.ByUpdates},
		{"own values give way", "ravine", "momentum:eta=3,gamma=0.5", "momentum",
			[]race.Axis{eta, {Key: "gamma", From: 0, To: 0.999, Count: 5}}, 1e-4,
			[]race.Status{race.Running, race.Converged, race.Diverged}, race.ByUpdates},
		{"other values stay", "beale", "adam:beta1=0.5,eps=1e-3", "adam:beta1=0.5,eps=1e-3",
			[]race.Axis{{Key: "beta2", From: 0, To: 0.9999, Count: 6}, eta}, 1e-3, []race.Status{race.Running, race.Converged}, race.ByUpdates},
		{"edits of swept keys are dropped", "rosenbrock", "nag:eta@3=1,gamma@20=0.5,eta@40=1e9", "nag:gamma@20=0.5",
			[]race.Axis{eta}, 0, []race.Status{race.Running, race.Diverged}, race.ByUpdates},
		{"edits of others stay", "ravine", "rmsprop:eta@30=0.001,gamma=0.3", "rmsprop:eta@30=0.001",
			[]race.Axis{{Key: "gamma", From: 0.1, To: 0.99, Count: 7}}, 1e-9, []race.Status{race.Running}, race.ByUpdates},
		{"sampled", "regression:n=40,noise=0,reduce=mean", "adam:batch=7,batch@50=3,batch@90=all", "adam:batch=7,batch@50=3,batch@90=all",
			[]race.Axis{eta, {Key: "beta1", From: 0, To: 0.99, Count: 3}}, 1e-2, []race.Status{race.Running, race.Converged}, race.ByUpdates},
		{"sampled, diverging", "regression:n=40", "sgd", "sgd", []race.Axis{eta}, 0, []race.Status{race.Running, race.Diverged}, race.ByUpdates},
		{"batches, with the η that suits each", "sparse:n=50", "minibatch", "minibatch",
			[]race.Axis{{Key: "batch", From: 1, To: 0, Count: 6}}, 1e-9, []race.Status{race.Running}, race.ByUpdates},
		{"batches, of equal examples", "regression:n=60,noise=0,standardize=true,reduce=mean", "gd:eta=0.5", "gd:eta=0.5",
			[]race.Axis{{Key: "batch", From: 1, To: 0, Count: 6}}, 1e-3, []race.Status{race.Running, race.Converged}, race.ByExamples},
		{"diverging at once", "rosenbrock", "gd", "gd", []race.Axis{{Key: "eta", From: 1e100, To: 1e300, Count: 3}}, 0, []race.Status{race.Diverged}, race.ByUpdates},
		{"decay from 0", "himmelblau", "adamw", "adamw", []race.Axis{{Key: "decay", From: 0, To: 1, Count: 4}}, 1e-9, []race.Status{race.Running}, race.ByUpdates},
		{"one value", "saddle", "lion", "lion", []race.Axis{{Key: "eta", From: 0.01, To: 0.01, Count: 1}}, 1e-9, []race.Status{race.Running}, race.ByUpdates},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			const steps = 150
			r := raceOn(t, test.problem, test.lane)
			r.Tol, r.Steps, r.Seed, r.Pace = test.tol, 10, 7, test.pace // the race's own limit does not matter
			sweep := newSweep(t, r, steps, test.axes...)
			fates := map[race.Status]bool{}
			for index, cell := range computed(t, sweep) {
				alone := r
				alone.Steps = 0
				single := laneSpec(t, test.alone)
				for i, value := range sweep.Values(index) {
					single = single.With(race.Setting{Key: test.axes[i].Key, Value: value})
				}
				alone.Lanes = []race.LaneSpec{single}
				if want := cellOf(t, alone, steps); !sameCell(cell, want) {
					t.Errorf("%s: %+v, alone %+v", single, cell, want)
				}
				fates[cell.Status] = true
			}
			for _, fate := range test.fates {
				if !fates[fate] {
					t.Errorf("no cell is %s", fate)
				}
			}
		})
	}
}

// cellOf is what a race of one lane comes to in so many steps.
func cellOf(t *testing.T, alone race.Race, steps int) race.Cell {
	t.Helper()
	runner := newRunner(t, alone)
	runner.Seek(steps)
	lane := runner.Lanes()[0]
	cell := race.Cell{Loss: lane.Loss(), Status: lane.Status(), Steps: lane.RaceStep()}
	if lane.Status() == race.Running {
		cell.Steps = steps
	}
	return cell
}

// TestSpecIsTheCell: the lane that a cell names runs to the cell.
func TestSpecIsTheCell(t *testing.T) {
	r := raceOn(t, "regression:n=30", "adam:beta1=0.5,beta1@9=0.1,batch=4,eta@5=1")
	sweep := newSweep(t, r, 60, race.Axis{Key: "beta1", From: 0, To: 0.99, Count: 3}, race.Axis{Key: "batch", From: 1, To: 0, Count: 4})
	if got, want := sweep.Spec(sweep.Index(2, 3)).String(), "adam:beta1=0.99,batch=30,eta@5=1"; got != want {
		t.Errorf("the last cell's lane is %s, want %s", got, want)
	}
	for index, cell := range computed(t, sweep) {
		runner, err := race.NewOn(built(t, r), race.Race{Problem: r.Problem, Seed: r.Seed, Lanes: []race.LaneSpec{sweep.Spec(index)}})
		if err != nil {
			t.Fatal(err)
		}
		runner.Seek(60)
		if lane := runner.Lanes()[0]; !sameCell(cell, race.Cell{Loss: lane.Loss(), Status: lane.Status(), Steps: lane.Step()}) {
			t.Errorf("%s: the cell is %+v, the lane %s with %g", sweep.Spec(index), cell, lane.Status(), lane.Loss())
		}
	}
}

// TestCellsDependOnNothing: neither on cores, nor on order, nor on company.
func TestCellsDependOnNothing(t *testing.T) {
	r := raceOn(t, "regression:n=40,noise=0", "momentum:batch=7,eta@20=0.0001,batch@100=all")
	r.Tol = 1e-3
	sweep := newSweep(t, r, 300, race.Axis{Key: "eta", From: 1e-6, To: 1, Count: 17}, race.Axis{Key: "gamma", From: 0, To: 0.999, Count: 6})
	procs(t, 1)
	want := computed(t, sweep)
	runtime.GOMAXPROCS(4)
	rapid.Check(t, func(t *rapid.T) {
		indices := rapid.SliceOfN(rapid.IntRange(0, sweep.Len()-1), 0, 40).Draw(t, "indices")
		cells := make([]race.Cell, len(indices))
		if done := sweep.Compute(context.Background(), indices, cells); done != len(indices) {
			t.Fatalf("%d of %d are done", done, len(indices))
		}
		for k, index := range indices {
			if !sameCell(cells[k], want[index]) {
				t.Fatalf("cell %d is %+v on four cores, %+v on one", index, cells[k], want[index])
			}
		}
	})
}

func TestOrder(t *testing.T) {
	r := raceOn(t, "ravine", "adam")
	for _, shape := range [][2]int{{64, 32}, {1, 1}, {8, 8}, {9, 17}, {3, 50}, {50, 1}, {100, 0}} {
		axes := []race.Axis{{Key: "eta", From: 1e-5, To: 1, Count: shape[0]}}
		if shape[1] > 0 {
			axes = append(axes, race.Axis{Key: "beta1", From: 0, To: 0.99, Count: shape[1]})
		}
		sweep := newSweep(t, r, 1, axes...)
		order := sweep.Order()
		for place, index := range slices.Sorted(slices.Values(order)) {
			if place != index {
				t.Fatalf("%v: not a permutation: %v", shape, order)
			}
		}
		if len(order) != sweep.Len() {
			t.Fatalf("%v: %d indices, %d cells", shape, len(order), sweep.Len())
		}
		columns := max(1, shape[1])
		coarser := 8
		for _, index := range order {
			i, j := index/columns, index%columns
			if sweep.Index(i, j) != index {
				t.Fatalf("%v: Index(%d, %d) is %d, want %d", shape, i, j, sweep.Index(i, j), index)
			}
			stride := 8
			for i%stride != 0 || j%stride != 0 {
				stride /= 2
			}
			if stride > coarser {
				t.Fatalf("%v: (%d, %d), of stride %d, comes after stride %d", shape, i, j, stride, coarser)
			}
			coarser = stride
		}
	}
}

// cancelling is a problem that ends a context at its n-th evaluation.
type cancelling struct {
	problem.Problem
	left   atomic.Int64
	cancel func()
}

func (c *cancelling) Evaluate(gradient, theta []float64) float64 {
	if c.left.Add(-1) == 0 {
		c.cancel()
	}
	return c.Problem.Evaluate(gradient, theta)
}

// TestCancel: what is said to be done is, and a run is cut short in its middle.
func TestCancel(t *testing.T) {
	const steps = 100_000
	procs(t, 1) // for the counter
	r := raceOn(t, "ravine", "gd")
	axis := race.Axis{Key: "eta", From: 1e-9, To: 1e-7, Count: 5}
	want := computed(t, newSweep(t, r, steps, axis))
	for _, test := range []struct {
		evaluations int64
		done        int
	}{{100, 0}, {2*steps + steps/2, 2}, {6 * steps, 5}} {
		ctx, cancel := context.WithCancel(context.Background())
		p := &cancelling{Problem: built(t, r), cancel: cancel}
		p.left.Store(test.evaluations)
		sweep, err := race.NewSweep(p, r, r.Lanes[0], []race.Axis{axis}, race.Trial{Steps: steps, Starts: 1})
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]race.Cell, 5)
		done := sweep.Compute(ctx, []int{0, 1, 2, 3, 4}, cells)
		if done != test.done {
			t.Errorf("ended after %d evaluations: %d cells are done, want %d", test.evaluations, done, test.done)
		}
		if beyond := -p.left.Load(); beyond > 200 && done < 5 {
			t.Errorf("%d evaluations after the end", beyond)
		}
		for i, cell := range cells {
			if i < done && !sameCell(cell, want[i]) || i >= done && cell != (race.Cell{}) {
				t.Errorf("ended after %d evaluations: cell %d is %+v", test.evaluations, i, cell)
			}
		}
		cancel()
	}
}

// TestCancelLeavesNoGap: one run has no end and all others diverge at once. They
// may be complete, but they come after the one that is not.
func TestCancelLeavesNoGap(t *testing.T) {
	procs(t, 4)
	r := raceOn(t, "ravine", "gd")
	r.Tol = 0
	for endless := range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		p := &cancelling{Problem: built(t, r), cancel: cancel}
		p.left.Store(20_000)
		sweep, err := race.NewSweep(p, r, r.Lanes[0], []race.Axis{{Key: "eta", From: 1e-9, To: 1e30, Count: 2}}, race.Trial{Steps: math.MaxInt, Starts: 1})
		if err != nil {
			t.Fatal(err)
		}
		indices := slices.Repeat([]int{1}, 30)
		indices[endless] = 0
		cells := make([]race.Cell, len(indices))
		// Fewer are done where a worker had no processor until the end came.
		if done := sweep.Compute(ctx, indices, cells); done > endless {
			t.Errorf("%d cells are done without a gap, want at most %d", done, endless)
		}
		cancel()
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := raceOn(t, "ravine", "gd")
	sweep := newSweep(t, r, math.MaxInt, race.Axis{Key: "eta", From: 1e-9, To: 1e-7, Count: 500})
	indices := sweep.Order()
	if done := sweep.Compute(ctx, indices, make([]race.Cell, len(indices))); done != 0 {
		t.Errorf("%d cells are done", done)
	}
	if cells, err := sweep.Cells(ctx); err != context.Canceled || cells != nil {
		t.Errorf("Cells: %v, %d of them", err, len(cells))
	}
	if best, ok := sweep.Best(ctx, make([]race.Cell, sweep.Len())); ok {
		t.Errorf("the best is %+v", best)
	}
}

func TestSweepErrors(t *testing.T) {
	eta := race.Axis{Key: "eta", From: 0.01, To: 1, Count: 3}
	tests := []struct {
		name, problem, lane string
		axes                []race.Axis
		says                []string
	}{
		{"no axis", "ravine", "gd", nil, []string{"0 hyperparameters", "one or two"}},
		{"three", "ravine", "gd", []race.Axis{eta, eta, eta}, []string{"3 hyperparameters"}},
		{"twice", "ravine", "gd", []race.Axis{eta, eta}, []string{"eta is swept twice"}},
		{"unknown", "ravine", "gd", []race.Axis{{Key: "etta", From: 1, To: 1, Count: 1}}, []string{`"etta"`, `did you mean "eta"`, "eta batch"}},
		{"of another rule", "ravine", "gd", []race.Axis{{Key: "gamma", From: 0, To: 0.9, Count: 2}}, []string{`"gamma"`, "eta batch"}},
		{"out of range", "ravine", "adam", []race.Axis{{Key: "beta1", From: 0, To: 1, Count: 2}}, []string{"beta1=1", "0 ≤ beta1 < 1"}},
		{"not a number", "ravine", "adam", []race.Axis{{Key: "eta", From: 0, To: math.NaN(), Count: 2}}, []string{"eta=NaN"}},
		{"downwards", "ravine", "gd", []race.Axis{{Key: "eta", From: 1, To: 0.1, Count: 2}}, []string{"FROM 1", "TO 0.1"}},
		{"no values", "ravine", "gd", []race.Axis{{Key: "eta", From: 0.1, To: 1}}, []string{"0 values"}},
		{"too many cells", "ravine", "adam", []race.Axis{{Key: "eta", From: 0.1, To: 1, Count: 1001}, {Key: "beta1", From: 0.1, To: 0.9, Count: 1000}},
			[]string{"1001 × 1000", "1000000"}},
		{"no data", "ravine", "gd", []race.Axis{{Key: "batch", From: 1, To: 0, Count: 2}}, []string{"no data"}},
		{"batch beyond the data", "regression:n=40", "gd", []race.Axis{{Key: "batch", From: 1, To: 41, Count: 2}}, []string{"batch=41", "40"}},
		{"broken batch", "regression:n=40", "gd", []race.Axis{{Key: "batch", From: 1.5, To: 4, Count: 2}}, []string{"batch=1.5", "whole"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := raceOn(t, test.problem)
			sweep, err := race.NewSweep(built(t, r), r, laneSpec(t, test.lane), test.axes, race.Trial{Steps: 10, Starts: 1})
			if err == nil {
				t.Fatalf("no error; %d cells", sweep.Len())
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
		})
	}
	r := raceOn(t, "ravine")
	if _, err := race.NewSweep(built(t, r), r, withGamma, []race.Axis{eta}, race.Trial{Steps: 1, Starts: 1}); err == nil || !strings.Contains(err.Error(), "gamma") {
		t.Errorf("γ of GD: %v", err)
	}
	if _, err := race.NewSweep(built(t, r), r, laneSpec(t, "gd"), []race.Axis{eta}, race.Trial{Steps: -1, Starts: 1}); err == nil || !strings.Contains(err.Error(), "steps=-1") {
		t.Errorf("steps -1: %v", err)
	}
	r.Start = []float64{1}
	if _, err := race.NewSweep(built(t, r), r, laneSpec(t, "gd"), []race.Axis{eta}, race.Trial{Steps: 1, Starts: 1}); err == nil || !strings.Contains(err.Error(), "start 1") {
		t.Errorf("start of one value: %v", err)
	}
}

// BenchmarkSweep is the map of the playground's sweep: 64 × 32 runs of 1,000 steps.
func BenchmarkSweep(b *testing.B) {
	for _, lane := range []string{"momentum", "adam"} {
		for _, cores := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/cores=%d", lane, cores), func(b *testing.B) {
				procs(b, cores)
				r := raceOn(b, "ravine", lane)
				r.Tol = 0
				// Of values that do not diverge, so that each run is of 1,000 steps.
				second := race.Axis{Key: map[string]string{"momentum": "gamma", "adam": "beta1"}[lane], From: 0, To: 0.999, Count: 32}
				sweep := newSweep(b, r, 1000, race.Axis{Key: "eta", From: 1e-5, To: 0.07, Count: 64}, second)
				indices := sweep.Order()
				cells := make([]race.Cell, len(indices))
				b.ReportAllocs()
				for b.Loop() {
					sweep.Compute(context.Background(), indices, cells)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(indices)*1000), "ns/step")
			})
		}
	}
}
