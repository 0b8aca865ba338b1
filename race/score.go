package race

import (
	"cmp"
	"math"
	"slices"

	"ravine/param"
)

// sameLoss is how near losses of one minimum are, relative to the problem's own. A
// lane stops where the gradient is small, so they differ somewhat.
const sameLoss = 1e-6

// counted is the loss that a cell counts with: where the path left the region,
// nothing that came after it counts as gained.
func (t *batchRuns) counted(c Cell) float64 {
	if c.Outside {
		return math.Max(c.Loss, t.startLoss)
	}
	return c.Loss
}

// failed reports whether a run diverged or left the region.
func (c Cell) failed() bool { return c.Status == Diverged || c.Outside }

// compare is negative where a is better. A run that diverged is the worst; then
// comes one with a higher loss, as it counts; of those that reached the tolerance
// at one minimum, one that took more steps. No run that diverged is better than
// another that did.
func (t *batchRuns) compare(a, b Cell) int {
	switch aDiverged, bDiverged := a.Status == Diverged, b.Status == Diverged; {
	case aDiverged && bDiverged:
		return 0
	case aDiverged:
		return 1
	case bDiverged:
		return -1
	}
	aLoss, bLoss := t.counted(a), t.counted(b)
	return cmp.Or(
		cmp.Compare(math.Round(aLoss/t.unit), math.Round(bLoss/t.unit)),
		cmp.Compare(a.Steps, b.Steps),
		cmp.Compare(aLoss, bLoss),
	)
}

// middle returns what becomes of a setting, from its runs, the own one first.
func (t *batchRuns) middle(cells []Cell) Cell {
	own := cells[0]
	slices.SortStableFunc(cells, t.compare)
	middle := cells[len(cells)/2]
	if t.muchWorse(own, middle) {
		return own
	}
	return middle
}

// A setting is fragile where one beside it, that is this much more or less on the
// keys' scales at most, is much worse: its luck is not to be built on.
const (
	besideRatio = 1.05 // of η or 1−γ
	worseTimes  = 10   // as far above the optimum
	worseAtOnce = 1e-3 // of the start's height above the optimum
)

// muchWorse reports whether a is much worse than b.
func (t *batchRuns) muchWorse(a, b Cell) bool {
	if a.failed() != b.failed() {
		return a.failed()
	}
	left := math.Max(0, t.counted(b)-t.best)
	return t.counted(a)-t.best > worseTimes*left+worseAtOnce*(t.startLoss-t.best)+t.unit
}

// candidate is a lane that was tried.
type candidate struct {
	spec    LaneSpec
	at      []float64 // positions of the keys' values on their scales
	cell    Cell
	index   int // in a sweep
	fragile bool
}

// candidate returns what becomes of a lane as one of many, for those keys.
func (t *batchRuns) candidate(spec LaneSpec, keys []param.Parameter, cell Cell) candidate {
	lane, err := t.lane(spec)
	if err != nil {
		panic("race: a trial that was not checked: " + err.Error())
	}
	s := candidate{spec: spec, cell: cell}
	for _, key := range keys {
		s.at = append(s.at, position(key.Scale, lane.values.hyper.Get(key.Key)))
	}
	return s
}

// neighbors returns the settings beside s along each of the keys.
func (s candidate) neighbors(keys []param.Parameter) []LaneSpec {
	var specs []LaneSpec
	for i, key := range keys {
		for _, by := range []float64{-1, 1} {
			at := s.at[i] + by*math.Log10(besideRatio)
			if key.Scale == param.LogComplement {
				at = max(at, 0)
			}
			if key.Kind != param.Batch && at != s.at[i] && param.Finite(at) {
				specs = append(specs, s.spec.With(Setting{Key: key.Key, Value: valueAt(key.Scale, at, besideDigits)}))
			}
		}
	}
	return specs
}

// besideDigits tell a setting from its neighbours.
const besideDigits = 4

// beside reports whether two settings are neighbours.
func (s candidate) beside(other candidate) bool {
	const rounding = 1.001
	for i, at := range s.at {
		if !(math.Abs(at-other.at[i]) <= math.Log10(besideRatio*rounding)) {
			return false
		}
	}
	return true
}

// choose returns the best of settings, which are ordered from the best on. A
// fragile one counts as the worst beside it, so a robust one that is better than
// that is chosen over it. What is beside settings are others of them and tried;
// missing are neighbours of the best that are not in tried, as if they were no
// worse.
func (t *batchRuns) choose(settings, tried []candidate, keys []param.Parameter) (best candidate, missing []LaneSpec) {
	var value Cell // what the best so far counts as
	for i, s := range settings {
		if i > 0 && t.compare(s.cell, value) >= 0 {
			break
		}
		counts := s.cell
		for _, others := range [][]candidate{settings, tried} {
			for _, other := range others {
				if t.muchWorse(other.cell, s.cell) && t.compare(other.cell, counts) > 0 && s.beside(other) {
					counts, s.fragile = other.cell, true
				}
			}
		}
		if i == 0 || t.compare(counts, value) < 0 {
			best, value = s, counts
		}
	}
	for _, neighbor := range best.neighbors(keys) {
		if !slices.ContainsFunc(tried, func(s candidate) bool { return s.spec.Equal(neighbor) }) {
			missing = append(missing, neighbor)
		}
	}
	return best, missing
}
