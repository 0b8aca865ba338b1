package race

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"ravine/param"
	"ravine/problem"
)

// trialsOf returns the problem, the race's lane and its trials from n starts.
func trialsOf(t *testing.T, name, lane string, n int) (problem.Problem, Race, *batchRuns) {
	t.Helper()
	r := Race{Problem: parsed(t, name), Lanes: []LaneSpec{parsedLane(t, lane)}, Seed: 7, Tol: DefaultTol}
	p, err := problem.Build(r.Problem, r.Seed)
	if err != nil {
		t.Fatal(err)
	}
	trials, err := newBatchRuns(p, r, r.Lanes[0], Trial{Steps: 60, Starts: n})
	if err != nil {
		t.Fatal(err)
	}
	return p, r, trials
}

// The starts are the race's own and others close by, the same whenever they are
// drawn and however many there are.
func TestNearby(t *testing.T) {
	for _, name := range []string{"ravine", "rosenbrock", "sparse:features=3", "regression:n=40"} {
		p, r, five := trialsOf(t, name, "gd", 5)
		_, _, nine := trialsOf(t, name, "gd", 9)
		if !reflect.DeepEqual(five.races, nine.races[:5]) {
			t.Errorf("%s: the first five of nine are others", name)
		}
		if !reflect.DeepEqual(five.checks.races[0], five.races[0]) || len(five.checks.races) != 5 {
			t.Errorf("%s: the checks are from %d starts, the first is %+v", name, len(five.checks.races), five.checks.races[0])
		}
		if own := five.races[0]; own.Seed != r.Seed || !slices.Equal(own.Start, p.Start()) {
			t.Errorf("%s: the first is %+v", name, own)
		}
		for k, race := range five.races[1:] {
			if race.Seed == five.races[k].Seed || slices.Equal(race.Start, five.races[k].Start) {
				t.Errorf("%s: start %d is the one before", name, k+1)
			}
			if slices.ContainsFunc(five.checks.races[1:], func(check Race) bool { return check.Seed == race.Seed }) {
				t.Errorf("%s: start %d is that of a check too", name, k+1)
			}
			for i, side := range p.View() {
				if off := math.Abs(race.Start[i]-p.Start()[i]) / (side.High - side.Low); off > jitter || off == 0 {
					t.Errorf("%s: start %d is %g of the view away", name, k+1, off)
				}
			}
		}
	}
}

// What becomes of a setting is what becomes of the middle one of single races.
func TestCellIsTheMiddleRun(t *testing.T) {
	for _, test := range []struct{ problem, lane string }{
		{"ravine", "gd:eta=0.01"}, {"ravine", "momentum:eta=0.03"}, {"regression:n=40", "sgd"}, {"neuron:n=20", "adam:batch=3"}, {"saddle", "gd:eta=0.3"},
	} {
		for _, starts := range []int{1, 3, 5, 8} {
			p, r, trials := trialsOf(t, test.problem, test.lane, starts)
			cells := make([]Cell, 1)
			trials.run(context.Background(), 1, func(int) LaneSpec { return r.Lanes[0] }, func(_ int, cell Cell, _ int) { cells[0] = cell })
			var losses []float64
			for _, race := range trials.races {
				runner, err := NewOn(p, race)
				if err != nil {
					t.Fatal(err)
				}
				runner.Seek(60)
				losses = append(losses, runner.Lanes()[0].Loss())
			}
			own := losses[0]
			slices.Sort(losses)
			middle := losses[starts/2]
			if trials.muchWorse(Cell{Loss: own}, Cell{Loss: middle}) {
				middle = own
			}
			if cells[0].Loss != middle {
				t.Errorf("%s of %s from %d starts has %g, want %g of %g", test.lane, test.problem, starts, cells[0].Loss, middle, losses)
			}
		}
	}
}

// An η that is not given is the one that suits the race's own start, from all.
func TestTrialsHaveOneEta(t *testing.T) {
	const often = 8 // so that lanes are used again
	var cells [2 * often]Cell
	for i, lane := range []string{"adam", "adam:eta=0.4"} {
		_, r, trials := trialsOf(t, "ravine", lane, 5)
		trials.run(context.Background(), often, func(int) LaneSpec { return r.Lanes[0] }, func(k int, cell Cell, _ int) { cells[i*often+k] = cell })
	}
	for k, cell := range cells {
		if cell != cells[len(cells)-1] {
			t.Errorf("%d: %+v, with η given %+v", k, cell, cells[len(cells)-1])
		}
	}
}

// One run of luck among others does not count, nor does bad luck elsewhere; but
// what the race itself shows may not be much worse than what is promised.
func TestMiddle(t *testing.T) {
	_, _, trials := trialsOf(t, "ravine", "gd", 5)
	good, fair, poor := Cell{Loss: 1e-9, Steps: 60}, Cell{Loss: 1e-3, Steps: 60}, Cell{Loss: 30, Steps: 60}
	diverged, outside := Cell{Status: Diverged}, Cell{Loss: 1e-9, Outside: true, Steps: 60}
	for name, test := range map[string]struct {
		cells []Cell // the race's own first
		want  Cell
	}{
		"one good":                 {[]Cell{good, fair, fair, fair, fair}, fair},
		"one bad":                  {[]Cell{fair, diverged, fair, fair, outside}, fair},
		"most bad":                 {[]Cell{fair, diverged, fair, diverged, diverged}, diverged},
		"most leave":               {[]Cell{good, outside, outside, outside, good}, outside},
		"own diverges":             {[]Cell{diverged, fair, fair, fair, fair}, diverged},
		"own leaves":               {[]Cell{outside, fair, fair, fair, fair}, outside},
		"own leaves, none is good": {[]Cell{outside, poor, poor, poor, poor}, outside},
		"own is much worse":        {[]Cell{poor, fair, fair, fair, fair}, poor},
		"own is somewhat worse":    {[]Cell{fair, good, good, good, good}, good},
		"of an even number":        {[]Cell{good, fair}, fair},
		"nothing but the race's":   {[]Cell{poor}, poor},
	} {
		if got := trials.middle(slices.Clone(test.cells)); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// A fragile setting counts as the worst of its neighbours: a robust one that is
// better than that is chosen over it, and where none is, it is marked.
func TestChoose(t *testing.T) {
	_, r, trials := trialsOf(t, "ravine", "gd", 3)
	lane, err := trials.lane(r.Lanes[0])
	if err != nil {
		t.Fatal(err)
	}
	eta, _ := param.Find(lane.Parameters(), "eta")
	keys := []param.Parameter{eta}
	at := func(eta, loss float64) candidate {
		cell := Cell{Loss: loss, Steps: 60}
		if math.IsInf(loss, 1) {
			cell.Status = Diverged
		}
		return trials.candidate(r.Lanes[0].With(Setting{Key: "eta", Value: eta}), keys, cell)
	}
	best, robust, bad := at(0.07, 1e-9), at(0.03, 1e-2), at(0.001, 30)
	for name, test := range map[string]struct {
		settings []candidate
		beside   map[float64]float64 // the loss at neighbours, +Inf where they diverge
		want     float64
		fragile  bool
		missing  int
	}{
		"nothing is known":         {[]candidate{best, robust}, nil, 0.07, false, 2},
		"one side is known":        {[]candidate{best, robust}, map[float64]float64{0.0735: 1e-8}, 0.07, false, 1},
		"robust":                   {[]candidate{best, robust}, map[float64]float64{0.0735: 1e-8, 0.06667: 1e-3}, 0.07, false, 0},
		"one side diverges":        {[]candidate{best, robust}, map[float64]float64{0.0735: math.Inf(1), 0.06667: 1e-8, 0.0315: 1e-2, 0.02857: 2e-2}, 0.03, false, 0},
		"much worse":               {[]candidate{best, robust}, map[float64]float64{0.0735: 20, 0.06667: 1e-8, 0.0315: 1e-2, 0.02857: 2e-2}, 0.03, false, 0},
		"the next is not tried":    {[]candidate{best, robust}, map[float64]float64{0.0735: 20, 0.06667: 1e-8}, 0.03, false, 2},
		"even so better than all":  {[]candidate{best, bad}, map[float64]float64{0.0735: 20, 0.06667: 1e-8}, 0.07, true, 0},
		"nothing else":             {[]candidate{best}, map[float64]float64{0.0735: math.Inf(1), 0.06667: 1e-8}, 0.07, true, 0},
		"the less fragile of two":  {[]candidate{best, robust}, map[float64]float64{0.0735: 40, 0.06667: 1e-8, 0.0315: 20, 0.02857: 1e-2}, 0.03, true, 0},
		"beside another of them":   {[]candidate{at(0.0695, 1e-10), best, robust, at(0.0705, 5)}, nil, 0.03, false, 2},
		"not beside any":           {[]candidate{best, at(0.075, 5)}, nil, 0.07, false, 2},
		"the first of two as good": {[]candidate{best, best}, map[float64]float64{0.0735: 1e-9, 0.06667: 1e-9}, 0.07, false, 0},
	} {
		var tried []candidate
		for value, loss := range test.beside {
			tried = append(tried, at(value, loss))
		}
		got, missing := trials.choose(test.settings, tried, keys)
		if eta, _ := got.spec.Value("eta"); eta != test.want || got.fragile != test.fragile || len(missing) != test.missing {
			t.Errorf("%s: %s, fragile %t, %d missing; want η = %v, %t, %d", name, got.spec, got.fragile, len(missing), test.want, test.fragile, test.missing)
		}
	}
}
