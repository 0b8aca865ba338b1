package race

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"ravine/param"
	"ravine/problem"
)

// Sweep is the loss over a grid of one or two hyperparameters of one lane. It
// does not change; its cells may be computed from several goroutines at once.
type Sweep struct {
	trials *batchRuns
	lane   LaneSpec // without edits of the swept keys
	keys   []param.Parameter
	axes   []Axis
	values [][]float64 // of each axis
}

// NewSweep prepares trials of a lane over one or two axes, whatever the race's
// own limit is; the race's lanes do not matter. What the axes name takes the place of the lane's own values and of its edits in
// mid-run. p is the race's problem.
//
// The error says which axis is wrong, or what of the lane or the start.
func NewSweep(p problem.Problem, race Race, lane LaneSpec, axes []Axis, trial Trial) (*Sweep, error) {
	if len(axes) < 1 || len(axes) > 2 {
		return nil, fmt.Errorf("a sweep over %d hyperparameters; want one or two", len(axes))
	}
	if len(axes) == 2 && axes[0].Key == axes[1].Key {
		return nil, fmt.Errorf("%s is swept twice; want two different keys", axes[0].Key)
	}
	optimizer, err := lane.Optimizer()
	if err != nil {
		return nil, err
	}
	s := &Sweep{lane: lane, axes: slices.Clone(axes)}
	for i := range s.axes {
		axis := &s.axes[i]
		parameter, ok := param.Find(optimizer.Parameters(race.Rules), axis.Key)
		if !ok {
			return nil, optimizer.UnknownKey(axis.Key, race.Rules)
		}
		if err := axis.resolve(parameter, p); err != nil {
			return nil, err
		}
		s.addValues(axis, parameter)
	}
	if cells := float64(s.axes[0].Count) * float64(s.axes[len(axes)-1].Count); len(axes) == 2 && cells > MaxCells {
		return nil, fmt.Errorf("%d × %d cells are too many; want at most %d", s.axes[0].Count, s.axes[1].Count, MaxCells)
	}
	if s.trials, err = newBatchRuns(p, race, s.Spec(0), trial); err != nil {
		return nil, err
	}
	if trial.Starts == 1 {
		s.trials = s.trials.single()
	}
	// Every value lies between the first and the last.
	if _, err = s.trials.lane(s.Spec(s.Len() - 1)); err != nil {
		return nil, err
	}
	return s, nil
}

// Single returns the same sweep from the race's own start alone, so that each cell
// is one run, and no look is taken at where it leads.
func (s *Sweep) Single() *Sweep {
	single := *s
	single.trials = s.trials.single()
	return &single
}

// resolve checks an axis and gives a batch of all data its number.
func (a *Axis) resolve(parameter param.Parameter, p problem.Problem) error {
	if parameter.Kind == param.Batch {
		sampled, ok := p.(problem.Sampled)
		if !ok {
			return fmt.Errorf("batch cannot be swept: the problem has no data to sample")
		}
		all := float64(sampled.Examples())
		if a.From == 0 && a.To == 0 {
			a.From = all
		}
		if a.To == 0 {
			a.To = all
		}
	}
	for _, end := range []float64{a.From, a.To} {
		if err := parameter.Check(end); err != nil {
			return err
		}
	}
	if a.Count < 1 || a.Count > MaxCells {
		return fmt.Errorf("%s: %d values; want 1 to %d", a.Key, a.Count, MaxCells)
	}
	if a.From > a.To {
		return fmt.Errorf("%s: FROM %s is above TO %s; want FROM ≤ TO", a.Key, param.Format(a.From), param.Format(a.To))
	}
	return nil
}

// addValues works out the values of the next axis.
func (s *Sweep) addValues(axis *Axis, parameter param.Parameter) {
	values := axis.Values()
	axis.Count = len(values)
	s.keys = append(s.keys, parameter)
	s.values = append(s.values, values)
	s.lane = s.lane.retuned(Setting{Key: axis.Key, Value: values[0]})
}

// Axes returns the axes, with the number of examples for a batch of all data and
// with the number of distinct values as Count.
func (s *Sweep) Axes() []Axis { return slices.Clone(s.axes) }

// Len returns the number of cells, the product of the axes' counts.
func (s *Sweep) Len() int {
	rows, columns := s.shape()
	return rows * columns
}

// shape returns the axes' counts, 1 for a second axis that is not there.
func (s *Sweep) shape() (rows, columns int) {
	if len(s.axes) == 1 {
		return s.axes[0].Count, 1
	}
	return s.axes[0].Count, s.axes[1].Count
}

// Index returns the place of the cell with the i-th value of the first axis and
// the j-th of the second, 0 if there is none.
func (s *Sweep) Index(i, j int) int {
	_, columns := s.shape()
	return i*columns + j
}

// Places returns the cell's place on each axis, the inverse of Index.
func (s *Sweep) Places(index int) (places [2]int) {
	copy(places[:], s.places(index))
	return places
}

// Compare is negative where cell a is better than b, by Tuning's rule.
func (s *Sweep) Compare(a, b Cell) int { return s.trials.compare(a, b) }

// places returns the cell's place on each axis.
func (s *Sweep) places(index int) []int {
	if len(s.axes) == 1 {
		return []int{index}
	}
	_, columns := s.shape()
	return []int{index / columns, index % columns}
}

// Values returns the axes' values of a cell, in a new slice.
func (s *Sweep) Values(index int) []float64 {
	places := s.places(index)
	values := make([]float64, len(places))
	for axis, place := range places {
		values[axis] = s.values[axis][place]
	}
	return values
}

// Spec returns the lane of a cell: a single run of it is the cell.
func (s *Sweep) Spec(index int) LaneSpec {
	spec := s.lane
	for axis, value := range s.Values(index) {
		spec = spec.With(Setting{Key: s.axes[axis].Key, Value: value})
	}
	return spec
}

// Order returns all indices from coarse to fine: every eighth cell along both
// axes, then every fourth, second and the rest.
func (s *Sweep) Order() []int { return coarseToFine(s.shape()) }

func coarseToFine(rows, columns int) []int {
	const coarsest = 8
	order := make([]int, 0, rows*columns)
	for stride := coarsest; stride >= 1; stride /= 2 {
		for i := 0; i < rows; i += stride {
			for j := 0; j < columns; j += stride {
				if known := 2 * stride; stride == coarsest || i%known != 0 || j%known != 0 {
					order = append(order, i*columns+j)
				}
			}
		}
	}
	return order
}

// Compute tries the cells of those indices on all cores; cells, of the same
// length, takes them in the same order. It returns how many, from the first on
// without a gap, were complete when ctx ended. What a cell is depends on nothing
// but its index.
func (s *Sweep) Compute(ctx context.Context, indices []int, cells []Cell) (done int) {
	return s.trials.run(ctx, len(indices),
		func(k int) LaneSpec { return s.Spec(indices[k]) },
		func(k int, cell Cell, _ int) { cells[k] = cell })
}

// Best is which of a sweep's cells is the best.
type Best struct {
	Index   int
	Fragile bool // whether settings beside it are much worse
	Lowest  int  // a cell that would be the best if it were not fragile, or Index
}

// Best looks for the best of the cells, by Tuning's rule, which takes a few more
// trials. It is false where ctx ends first.
func (s *Sweep) Best(ctx context.Context, cells []Cell) (Best, bool) {
	settings := make([]candidate, len(cells))
	for i, cell := range cells {
		settings[i] = s.trials.candidate(s.Spec(i), s.keys, cell)
		settings[i].index = i
	}
	slices.SortStableFunc(settings, func(a, b candidate) int { return s.trials.compare(a.cell, b.cell) })
	var neighbors []candidate
	for {
		best, missing := s.trials.choose(settings, neighbors, s.keys)
		if len(missing) == 0 {
			return Best{best.index, best.fragile, settings[0].index}, true
		}
		found := make([]Cell, len(missing))
		done := s.trials.checks.run(ctx, len(missing),
			func(k int) LaneSpec { return missing[k] },
			func(k int, cell Cell, _ int) { found[k] = cell })
		if done < len(missing) {
			return Best{}, false
		}
		for k, neighbor := range missing {
			neighbors = append(neighbors, s.trials.candidate(neighbor, s.keys, found[k]))
		}
	}
}

// Cells tries all cells, in the order of their indices. The error is ctx's, if it
// ends first.
func (s *Sweep) Cells(ctx context.Context) ([]Cell, error) {
	indices, cells := make([]int, s.Len()), make([]Cell, s.Len())
	for i := range indices {
		indices[i] = i
	}
	if s.Compute(ctx, indices, cells) < len(cells) {
		return nil, ctx.Err()
	}
	return cells, nil
}

// WriteCSV writes all cells, a row each: the swept keys, then loss, status and
// steps, and with more starts than one outside; the first key outermost.
func (s *Sweep) WriteCSV(w io.Writer, cells []Cell) error {
	out := csv.NewWriter(w)
	var row []string
	for _, axis := range s.axes {
		row = append(row, axis.Key)
	}
	row = append(row, "loss", "status", "steps")
	robust := len(s.trials.races) > 1
	if robust {
		row = append(row, "outside")
	}
	err := out.Write(row)
	for index, cell := range cells {
		row = row[:0]
		for axis, value := range s.Values(index) {
			row = append(row, s.keys[axis].Text(value))
		}
		row = append(row, param.Format(cell.Loss), cell.Status.String(), strconv.Itoa(cell.Steps))
		if robust {
			row = append(row, strconv.FormatBool(cell.Outside))
		}
		if err == nil {
			err = out.Write(row)
		}
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}
