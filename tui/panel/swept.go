package panel

import (
	"fmt"
	"strings"

	"ravine/param"
	"ravine/race"
)

// Swept is what is known so far of the loss of one lane over one or two of its
// hyperparameters.
type Swept struct {
	Open    bool
	Axes    []race.Axis
	Trial   race.Trial
	BySteps bool // shows the steps to the tolerance instead of the loss
	Cursor  [2]int

	Grid    *race.Sweep  // nil where there is none
	Values  [2][]float64 // along each axis
	Order   []int        // in which the cells are computed
	Next    int          // place in order: first of the runs from the race's own start, then of all
	Cells   []race.Cell
	Known   []bool
	Settled bool // all is known, and which is the best
	Found   bool // whether any is the best of those that are known: not all diverge
	Best    race.Best
	Refused string // why there is no sweep
}

// Title says what is swept.
func (w *Swept) Title(lane string) string {
	symbols := make([]string, len(w.Axes))
	for i, axis := range w.Axes {
		symbols[i] = SymbolOf(axis.Key)
	}
	over := strings.Join(symbols, " × ")
	if w.BySteps {
		return fmt.Sprintf("steps to converge ≤ %d: %s, %s", w.Trial.Steps, lane, over)
	}
	return fmt.Sprintf("loss of %s after %s over %s", lane, param.Plural(w.Trial.Steps, "step"), over)
}

// CellAt returns the outcome under the cursor, if it is known.
func (w *Swept) CellAt(cursor [2]int) (race.Cell, bool) {
	if w.Grid == nil {
		return race.Cell{}, false
	}
	index := w.Grid.Index(cursor[0], cursor[1])
	return w.Cells[index], w.Known[index]
}
