package tui

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// sweep is the loss of one lane over one or two of its hyperparameters. It is
// computed by commands, a few cells at a time and from coarse to fine, while the
// keys stay live.
type sweep struct {
	open    bool
	axes    []race.Axis
	trial   race.Trial
	bySteps bool // shows the steps to the tolerance instead of the loss
	cursor  [2]int

	of      sweepInput
	grid    *race.Sweep
	values  [2][]float64 // along each axis
	order   []int
	next    int // place in order: first of the runs from the race's own start, then of all
	chunk   int // cells a command computes
	cells   []race.Cell
	known   []bool
	settled bool // all is known, and which is the best
	found   bool // whether any is the best of those that are known: not all diverge
	best    race.Best
	number  int             // of the sweep; results of an older one are stale
	ctx     context.Context // ends with this sweep
	cancel  context.CancelFunc
	refused string // why there is no sweep
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

// sweepPairs returns what can be swept on a lane: one hyperparameter, and pairs.
// A batch is swept with η alone, since its best value is little without η's.
func sweepPairs(lane *race.Lane) [][]string {
	var others []string
	for _, h := range tunable() {
		if canTune(lane, h.Key) && h.Key != optim.Eta && h.Key != optim.Batch {
			others = append(others, h.Key)
		}
	}
	pairs := [][]string{{optim.Eta}}
	for i, first := range append([]string{optim.Eta}, others...) {
		for _, second := range others[i:] {
			pairs = append(pairs, []string{first, second})
		}
	}
	for _, key := range others {
		pairs = append(pairs, []string{key})
	}
	if canTune(lane, optim.Batch) {
		pairs = append(pairs, []string{optim.Eta, optim.Batch}, []string{optim.Batch})
	}
	return pairs
}

// openSweep goes to the sweep of the selected lane; in it, to the next pair.
func (m *Model) openSweep() tea.Cmd {
	w := &m.sweep
	pairs := sweepPairs(m.lane())
	next := 0
	if w.open {
		next = slices.IndexFunc(pairs, func(keys []string) bool { return slices.Equal(keys, w.keys()) }) + 1
	} else {
		m.keep()
		m.Running, m.Help, m.Inspector = false, false, false
		m.overSweep()
	}
	m.setSweepAxes(pairs[next%len(pairs)])
	if len(pairs) == 1 && next == 1 {
		m.say("%s has η alone to sweep; %s selects another lane", m.lane().Optimizer().Title, m.keyOf(keymap.NextLane))
		return m.renewSweep()
	}
	m.say("sweep: %s keeps the value, %s puts the old one back", m.keyOf(keymap.Keep), m.keyOf(keymap.Cancel))
	return m.renewSweep()
}

// overSweep opens the sweep over what is shown.
func (m *Model) overSweep() {
	m.sweep.open = true
	m.overlay = &overlay{user: m.Scene(), name: "the sweep of " + m.lane().Optimizer().Title}
}

// setSweepAxes chooses what is swept and puts the cursor at the lane's values.
func (m *Model) setSweepAxes(keys []string) {
	w := &m.sweep
	w.axes, w.values, w.cursor = nil, [2][]float64{}, [2]int{}
	hyper := m.lane().Hyper()
	for n, key := range keys {
		count := pick(len(keys) == 1, curvePoints, sweepColumns)
		if n == 1 {
			count = sweepRows
		}
		axis := race.DefaultAxis(m.lane(), key, count)
		w.axes = append(w.axes, axis)
		w.values[n] = axis.Values()
		w.cursor[n] = nearestIndex(axis, w.values[n], hyper.Get(key))
	}
}

func (w *sweep) keys() []string {
	keys := make([]string, len(w.axes))
	for i, axis := range w.axes {
		keys[i] = axis.Key
	}
	return keys
}

// title says what is swept.
func (w *sweep) title(lane string) string {
	symbols := make([]string, len(w.axes))
	for i, axis := range w.axes {
		symbols[i] = symbolOf(axis.Key)
	}
	over := strings.Join(symbols, " × ")
	if w.bySteps {
		return fmt.Sprintf("steps to converge ≤ %d: %s, %s", w.trial.Steps, lane, over)
	}
	return fmt.Sprintf("loss of %s after %s over %s", lane, plural(w.trial.Steps, "step"), over)
}

// renewSweep starts the computation again if what it depends on has changed.
func (m *Model) renewSweep() tea.Cmd {
	w := &m.sweep
	if !w.open {
		return nil
	}
	if user := m.overlay.user; m.Selected != user.View.Selected || !sameRules(m.runner.Race(), user.Race) {
		m.keep()
		m.overSweep()
		m.setSweepAxes(sweepPairs(m.lane())[0])
	}
	w.trial = m.trial()
	of := m.sweepInput()
	if reflect.DeepEqual(of, w.of) {
		return nil
	}
	w.stop()
	w.of, w.refused = of, ""
	w.number++
	r := m.runner.Race()
	grid, err := race.NewSweep(m.runner.Problem(), r, m.lane().Spec(), w.axes, w.trial)
	if err != nil {
		w.grid, w.refused = nil, err.Error()
		return nil
	}
	w.grid, w.order, w.next, w.chunk = grid, grid.Order(), 0, 32
	w.cells, w.known = make([]race.Cell, grid.Len()), make([]bool, grid.Len())
	w.found, w.settled = false, false
	w.ctx, w.cancel = context.WithCancel(m.ctx)
	return w.compute()
}

func (m *Model) sweepInput() sweepInput {
	r := m.runner.Race()
	swept := m.sweep.keys()
	r.Lanes = []race.LaneSpec{m.lane().Spec().Without(func(s race.Setting) bool { return slices.Contains(swept, s.Key) })}
	return sweepInput{r, m.sweep.axes, m.sweep.trial}
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
	grid, number, ctx, count := w.grid, w.number, w.ctx, len(w.order)
	if w.next == 2*count {
		cells := w.cells
		return func() tea.Msg {
			best, ok := grid.Best(ctx, cells)
			return bestMsg{number, best, ok}
		}
	}
	if w.next < count {
		grid = grid.Single()
	}
	from := w.next % count
	indices := w.order[from:min(from+w.chunk, count)]
	return func() tea.Msg {
		began := time.Now()
		cells := make([]race.Cell, len(indices))
		done := grid.Compute(ctx, indices, cells)
		return sweepMsg{number, indices[:done], cells[:done], time.Since(began)}
	}
}

// take notes computed cells and asks for more.
func (w *sweep) take(msg sweepMsg) tea.Cmd {
	if msg.number != w.number || !w.open || w.ctx.Err() != nil {
		return nil
	}
	for i, index := range msg.indices {
		w.cells[index], w.known[index] = msg.cells[i], true
	}
	w.next += len(msg.indices)
	w.found = false
	for i, cell := range w.cells {
		if w.known[i] && cell.Status != race.Diverged && (!w.found || w.grid.Compare(cell, w.cells[w.best.Index]) < 0) {
			w.found, w.best = true, race.Best{Index: i, Lowest: i}
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
	if msg.ok && msg.number == w.number && w.open {
		w.settled, w.best = true, msg.best
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
	w.open, w.of, w.grid = false, sweepInput{}, nil
}

// pressSweep does what a key stands for in the sweep, and reports whether it
// means anything of its own there.
func (m *Model) pressSweep(action keymap.Action, key string) bool {
	w := &m.sweep
	switch {
	case action == keymap.Keep:
		m.say("kept: %s", m.lane().Spec())
		m.keep()
	case action == keymap.Cancel:
		if err := m.drop(); err != nil {
			m.warn(err)
			return true
		}
		m.say("as it was: %s", m.lane().Spec())
	case action == keymap.Epochs:
		w.bySteps = !w.bySteps
		m.say("%s", w.title(m.lane().Optimizer().Title))
	case action == keymap.Best:
		m.toBest()
	case key == "left" || key == "right":
		m.moveCursor(0, pick(key == "right", 1, -1))
	case key == "up" || key == "down":
		if len(w.axes) == 1 {
			m.say("one value is swept here: ← → move it")
			return true
		}
		m.moveCursor(1, pick(key == "up", 1, -1))
	default:
		return false
	}
	return true
}

// moveCursor goes to the neighbouring value, and the lane follows.
func (m *Model) moveCursor(axis, by int) {
	w := &m.sweep
	w.cursor[axis] = min(max(w.cursor[axis]+by, 0), len(w.values[axis])-1)
	m.followCursor()
}

// toBest goes to the best value that is known.
func (m *Model) toBest() {
	w := &m.sweep
	if w.grid == nil || !w.found {
		m.say("%s", pick(w.settled, "all of these diverge", "no best value is known yet"))
		return
	}
	w.cursor = w.grid.Places(w.best.Index)
	m.followCursor()
	m.say("best%s: %s", pick(w.settled, pick(w.best.Fragile, ", fragile", ""), " so far"), m.status.text)
}

// clickSweep goes to the value whose mark stands nearest to a cell of the screen.
func (m *Model) clickSweep(x, y int) {
	w, plot := &m.sweep, m.swept.plot
	if w.grid == nil || plot == nil || !plot.Area.Contains(x, y) {
		return
	}
	for axis := range w.axes {
		away := func(i int) int {
			column, row, _ := plot.Cell(pick(axis == 0, w.position(axis, i), plot.X.Min), pick(axis == 1, w.position(axis, i), plot.Y.Min))
			by := pick(axis == 0, column-x, row-y)
			return max(by, -by)
		}
		for i := range w.values[axis] {
			if away(i) < away(w.cursor[axis]) {
				w.cursor[axis] = i
			}
		}
	}
	m.followCursor()
}

// followCursor gives the lane the values under the cursor.
func (m *Model) followCursor() {
	w := &m.sweep
	values := make([]float64, len(w.axes))
	for n, axis := range w.axes {
		values[n] = w.values[n][w.cursor[n]]
		if err := m.runner.Tune(m.Selected, axis.Key, values[n], true); err != nil {
			m.warn(err)
			return
		}
	}
	text := w.describe(values, m.lane())
	if cell, ok := w.cellAt(w.cursor); ok {
		text += fmt.Sprintf(": loss %s, %s, %s%s%s", number(cell.Loss), cell.Status, plural(cell.Steps, "step"),
			pick(cell.Outside, ", leaves the picture", ""), pick(w.settled, fmt.Sprintf(", the middle of %d starts", w.trial.Starts), ""))
	}
	m.say("%s", text)
}

func prettyValue(parameter param.Parameter, value float64) string {
	if parameter.Kind == param.Batch && value == 0 {
		return param.All
	}
	return setting(value)
}

// cellAt returns the outcome under the cursor, if it is known.
func (w *sweep) cellAt(cursor [2]int) (race.Cell, bool) {
	if w.grid == nil {
		return race.Cell{}, false
	}
	index := w.grid.Index(cursor[0], cursor[1])
	return w.cells[index], w.known[index]
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
