package tui

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

// sweep is the loss of one lane over one or two of its hyperparameters. It is
// computed by commands, a few cells at a time and from coarse to fine, while the
// keys stay live.
type sweep struct {
	panel.Swept

	of     sweepInput
	chunk  int             // cells a command computes
	number int             // of the sweep; results of an older one are stale
	ctx    context.Context // ends with this sweep
	cancel context.CancelFunc
}

// sweepInput is all that the cells depend on; another one, another sweep.
type sweepInput struct {
	race  race.Race // of the lane without what is swept
	axes  []race.Axis
	trial race.Trial
}

// The most points along the axes, and how long one command may compute.
const (
	curvePoints             = 121
	sweepColumns, sweepRows = 64, 32
	sweepPatience           = 25 * time.Millisecond
)

// openSweep goes to the sweep of the selected lane; in it, to the next pair.
func (m *Model) openSweep() tea.Cmd {
	w := &m.sweep
	pairs := panel.SweepPairs(m.Lane())
	next := 0
	if w.Open {
		next = slices.IndexFunc(pairs, func(keys []string) bool { return slices.Equal(keys, w.keys()) }) + 1
	} else {
		m.keep()
		m.Running, m.Help, m.Inspector = false, false, false
		m.overSweep()
	}
	m.setSweepAxes(pairs[next%len(pairs)])
	if len(pairs) == 1 && next == 1 {
		m.say("%s has η alone to sweep; %s selects another lane", m.Lane().Optimizer().Title, m.KeyOf(keymap.NextLane))
		return m.renewSweep()
	}
	m.say("sweep: %s keeps the value, %s puts the old one back", m.KeyOf(keymap.Keep), m.KeyOf(keymap.Cancel))
	return m.renewSweep()
}

// overSweep opens the sweep over what is shown.
func (m *Model) overSweep() {
	m.sweep.Open = true
	m.overlay = &overlay{user: m.Scene(), name: "the sweep of " + m.Lane().Optimizer().Title}
}

// setSweepAxes chooses what is swept and puts the cursor at the lane's values.
func (m *Model) setSweepAxes(keys []string) {
	w := &m.sweep
	w.Axes, w.Values, w.Cursor = nil, [2][]float64{}, [2]int{}
	hyper := m.Lane().Hyper()
	for n, key := range keys {
		count := panel.Pick(len(keys) == 1, curvePoints, sweepColumns)
		if n == 1 {
			count = sweepRows
		}
		axis := race.DefaultAxis(m.Lane(), key, count)
		w.Axes = append(w.Axes, axis)
		w.Values[n] = axis.Values()
		w.Cursor[n] = nearestIndex(axis, w.Values[n], hyper.Get(key))
	}
}

func (w *sweep) keys() []string {
	keys := make([]string, len(w.Axes))
	for i, axis := range w.Axes {
		keys[i] = axis.Key
	}
	return keys
}

// renewSweep starts the computation again if what it depends on has changed.
func (m *Model) renewSweep() tea.Cmd {
	w := &m.sweep
	if !w.Open {
		return nil
	}
	if user := m.overlay.user; m.Selected != user.View.Selected || !sameRules(m.runner.Race(), user.Race) {
		m.keep()
		m.overSweep()
		m.setSweepAxes(panel.SweepPairs(m.Lane())[0])
	}
	w.Trial = m.trial()
	of := m.sweepInput()
	if reflect.DeepEqual(of, w.of) {
		return nil
	}
	w.stop()
	w.of, w.Refused = of, ""
	w.number++
	r := m.runner.Race()
	grid, err := race.NewSweep(m.runner.Problem(), r, m.Lane().Spec(), w.Axes, w.Trial)
	if err != nil {
		w.Grid, w.Refused = nil, err.Error()
		return nil
	}
	w.Grid, w.Order, w.Next, w.chunk = grid, grid.Order(), 0, 32
	w.Cells, w.Known = make([]race.Cell, grid.Len()), make([]bool, grid.Len())
	w.Found, w.Settled = false, false
	w.ctx, w.cancel = context.WithCancel(m.ctx)
	return w.compute()
}

func (m *Model) sweepInput() sweepInput {
	r := m.runner.Race()
	swept := m.sweep.keys()
	r.Lanes = []race.LaneSpec{m.Lane().Spec().Without(func(s race.Setting) bool { return slices.Contains(swept, s.Key) })}
	return sweepInput{r, m.sweep.Axes, m.sweep.Trial}
}

// sweepMsg brings computed cells.
type sweepMsg struct {
	number  int
	indices []int
	cells   []race.Cell
	took    time.Duration
}

// bestMsg says which of all cells is the best.
type bestMsg struct {
	number int
	best   race.Best
	ok     bool
}

// compute returns the command for the next cells, or for which is the best; nil
// when that is known.
func (w *sweep) compute() tea.Cmd {
	grid, number, ctx, count := w.Grid, w.number, w.ctx, len(w.Order)
	if w.Next == 2*count {
		cells := w.Cells
		return func() tea.Msg {
			best, ok := grid.Best(ctx, cells)
			return bestMsg{number, best, ok}
		}
	}
	if w.Next < count {
		grid = grid.Single()
	}
	from := w.Next % count
	indices := w.Order[from:min(from+w.chunk, count)]
	return func() tea.Msg {
		began := time.Now()
		cells := make([]race.Cell, len(indices))
		done := grid.Compute(ctx, indices, cells)
		return sweepMsg{number, indices[:done], cells[:done], time.Since(began)}
	}
}

// take notes computed cells and asks for more.
func (w *sweep) take(msg sweepMsg) tea.Cmd {
	if msg.number != w.number || !w.Open || w.ctx.Err() != nil {
		return nil
	}
	for i, index := range msg.indices {
		w.Cells[index], w.Known[index] = msg.cells[i], true
	}
	w.Next += len(msg.indices)
	w.Found = false
	for i, cell := range w.Cells {
		if w.Known[i] && cell.Status != race.Diverged && (!w.Found || w.Grid.Compare(cell, w.Cells[w.Best.Index]) < 0) {
			w.Found, w.Best = true, race.Best{Index: i, Lowest: i}
		}
	}
	switch {
	case msg.took < sweepPatience/2:
		w.chunk *= 2
	case msg.took > sweepPatience:
		w.chunk = max(2, w.chunk/2)
	}
	return w.compute()
}

// settle notes which of all cells is the best.
func (w *sweep) settle(msg bestMsg) {
	if msg.ok && msg.number == w.number && w.Open {
		w.Settled, w.Best = true, msg.best
	}
}

func (w *sweep) stop() {
	if w.cancel != nil {
		w.cancel()
		w.cancel = nil
	}
}

func (w *sweep) close() {
	w.stop()
	w.Open, w.of, w.Grid = false, sweepInput{}, nil
}

// pressSweep does what a key stands for in the sweep, and reports whether it
// means anything of its own there.
func (m *Model) pressSweep(action keymap.Action, key string) bool {
	w := &m.sweep
	switch {
	case action == keymap.Keep:
		m.say("kept: %s", m.Lane().Spec())
		m.keep()
	case action == keymap.Cancel:
		if err := m.drop(); err != nil {
			m.warn(err)
			return true
		}
		m.say("as it was: %s", m.Lane().Spec())
	case action == keymap.Epochs:
		w.BySteps = !w.BySteps
		m.say("%s", w.Title(m.Lane().Optimizer().Title))
	case action == keymap.Best:
		m.toBest()
	case key == "left" || key == "right":
		m.moveCursor(0, panel.Pick(key == "right", 1, -1))
	case key == "up" || key == "down":
		if len(w.Axes) == 1 {
			m.say("one value is swept here: ← → move it")
			return true
		}
		m.moveCursor(1, panel.Pick(key == "up", 1, -1))
	default:
		return false
	}
	return true
}

// moveCursor goes to the neighbouring value, and the lane follows.
func (m *Model) moveCursor(axis, by int) {
	w := &m.sweep
	w.Cursor[axis] = min(max(w.Cursor[axis]+by, 0), len(w.Values[axis])-1)
	m.followCursor()
}

// toBest goes to the best value that is known.
func (m *Model) toBest() {
	w := &m.sweep
	if w.Grid == nil || !w.Found {
		m.say("%s", panel.Pick(w.Settled, "all of these diverge", "no best value is known yet"))
		return
	}
	w.Cursor = w.Grid.Places(w.Best.Index)
	m.followCursor()
	m.say("best%s: %s", panel.Pick(w.Settled, panel.Pick(w.Best.Fragile, ", fragile", ""), " so far"), m.Status.Text)
}

// clickSweep goes to the value whose mark stands nearest to a cell of the screen.
func (m *Model) clickSweep(x, y int) {
	w, plot := &m.sweep, m.panels.Sweep.Plot
	if w.Grid == nil || plot == nil || !plot.Area.Contains(x, y) {
		return
	}
	for axis := range w.Axes {
		away := func(i int) int {
			column, row, _ := plot.Cell(panel.Pick(axis == 0, w.Position(axis, i), plot.X.Min), panel.Pick(axis == 1, w.Position(axis, i), plot.Y.Min))
			by := panel.Pick(axis == 0, column-x, row-y)
			return max(by, -by)
		}
		for i := range w.Values[axis] {
			if away(i) < away(w.Cursor[axis]) {
				w.Cursor[axis] = i
			}
		}
	}
	m.followCursor()
}

// followCursor gives the lane the values under the cursor.
func (m *Model) followCursor() {
	w := &m.sweep
	values := make([]float64, len(w.Axes))
	for n, axis := range w.Axes {
		values[n] = w.Values[n][w.Cursor[n]]
		if err := m.runner.Tune(m.Selected, axis.Key, values[n], true); err != nil {
			m.warn(err)
			return
		}
	}
	text := w.Describe(values, m.Lane())
	if cell, ok := w.CellAt(w.Cursor); ok {
		text += fmt.Sprintf(": loss %s, %s, %s%s%s", panel.Number(cell.Loss), cell.Status, param.Plural(cell.Steps, "step"),
			panel.Pick(cell.Outside, ", leaves the picture", ""), panel.Pick(w.Settled, fmt.Sprintf(", the middle of %d starts", w.Trial.Starts), ""))
	}
	m.say("%s", text)
}

// nearestIndex returns the place of the value nearest to x, on the axis' scale.
func nearestIndex(axis race.Axis, values []float64, x float64) int {
	best, at := -1.0, axis.Position(x)
	nearest := 0
	if math.IsInf(at, 1) { // a batch of all
		return len(values) - 1
	}
	for i, value := range values {
		d := at - axis.Position(value)
		if d*d < best || best < 0 {
			best, nearest = d*d, i
		}
	}
	return nearest
}
