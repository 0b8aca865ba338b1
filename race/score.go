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
func (t *trials) counted(c Cell) float64 {
	if c.Outside {
		return math.Max(c.Loss, t.startLoss)
	}
	return c.Loss
}

// compare is negative where a is better. A run that diverged is the worst; then
// comes one with a higher loss, as it counts; of those that reached the tolerance
// at one minimum, one that took more steps. No run that diverged is better than
// another that did.
func (t *trials) compare(a, b Cell) int {
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
func (t *trials) middle(cells []Cell) Cell {
	own := cells[0]
	slices.SortStableFunc(cells, t.compare)
	middle := cells[len(cells)/2]
	if t.muchWorse(own, middle) {
		return own
	}
	return middle
}

// A setting is fragile where one that is this much more or less on a key's scale
// is much worse: its luck is not to be built on.
const (
	nearbyRatio = 1.05 // of η or 1−γ
	worseTimes  = 10   // as far above the optimum
	worseAtOnce = 1e-3 // of the start's height above the optimum
)

// muchWorse reports whether a is much worse than b.
func (t *trials) muchWorse(a, b Cell) bool {
	if a.Status == Diverged || b.Status == Diverged {
		return b.Status != Diverged
	}
	left := math.Max(0, t.counted(b)-t.best)
	return t.counted(a)-t.best > worseTimes*left+worseAtOnce*(t.startLoss-t.best)+t.unit
}

// neighbors returns the settings next to that of a lane, along each of the keys.
func (t *trials) neighbors(spec param.Spec, keys []param.Parameter) []param.Spec {
	var specs []param.Spec
	for i, value := range t.values(spec, keys) {
		key := keys[i]
		for _, by := range []float64{-1, 1} {
			at := position(key.Scale, value) + by*math.Log10(nearbyRatio)
			if key.Scale == param.LogComplement {
				at = max(at, 0)
			}
			moved := valueAt(key.Scale, at, neighborDigits)
			if key.Kind != param.Batch && moved != value && finite(at) {
				specs = append(specs, spec.With(key.Key, key.Text(moved)))
			}
		}
	}
	return specs
}

// values returns a lane's values of those keys.
func (t *trials) values(spec param.Spec, keys []param.Parameter) []float64 {
	lane, err := t.lane(spec)
	if err != nil {
		panic("race: a trial that was not checked: " + err.Error())
	}
	values := make([]float64, len(keys))
	for i, key := range keys {
		values[i] = lane.values.hyper.Get(key.Key)
	}
	return values
}

// setting is a lane that was tried.
type setting struct {
	spec    param.Spec
	cell    Cell
	index   int // in a sweep
	fragile bool
}

// choose returns the best of settings, which are ordered from the best on. A
// fragile one counts as the worst of its neighbours, so a robust one that is
// better than that is chosen over it. tried has what became of neighbours;
// missing are those of the best that are not among them, as if they were no worse.
func (t *trials) choose(settings []setting, keys []param.Parameter, tried map[string]Cell) (best setting, missing []param.Spec) {
	var value Cell // what the best so far counts as
	for i, s := range settings {
		if i > 0 && t.compare(s.cell, value) >= 0 {
			break
		}
		counts, unknown := s.cell, []param.Spec(nil)
		for _, neighbor := range t.neighbors(s.spec, keys) {
			cell, ok := tried[neighbor.String()]
			if !ok {
				unknown = append(unknown, neighbor)
			} else if t.muchWorse(cell, s.cell) && t.compare(cell, counts) > 0 {
				counts, s.fragile = cell, true
			}
		}
		if i == 0 || t.compare(counts, value) < 0 {
			best, value, missing = s, counts, unknown
		}
	}
	return best, missing
}

// neighborDigits tell a setting from its neighbours.
const neighborDigits = 4
