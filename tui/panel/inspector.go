package panel

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/screen"
)

// drawInspector writes the selected lane's rule, and under each line the same
// line with the numbers of the step to come.
func drawInspector(grid *screen.Grid, area screen.Area, s *State) {
	lane := s.Lane()
	title := fmt.Sprintf("%s · %s %d → %d", lane.Optimizer().Title, s.StepWord(), lane.Step(), lane.Step()+1)
	if lane.Status() != race.Running {
		title = fmt.Sprintf("%s %s at %s %d", lane.Optimizer().Title, lane.Status().Predicate(), s.StepWord(), lane.Step())
	}
	inside := s.boxed(grid, area, title).Inset(1, 0)
	if lane.Status() == race.Diverged { // its numbers need not be finite
		lines := s.ruleLines(lane)
		for n, line := range lines {
			grid.Text(inside.X, inside.Y+n, inside.Width, line.Symbol+" ← "+line.Formula, s.Theme.Title)
		}
		for n, line := range wrap("It "+s.WhyStopped(s.Selected)+".", inside.Width) {
			grid.Text(inside.X, inside.Y+len(lines)+n, inside.Width, line, s.Theme.Dim)
		}
		return
	}
	sheet := newSheet(s, inside.Width)
	rows := sheet.rows()
	for len(rows) > inside.Height && sheet.shorten() {
		rows = sheet.rows()
	}
	for n, row := range rows {
		if n == inside.Height {
			break
		}
		grid.Text(inside.X, inside.Y+n, inside.Width, row.text, row.style)
	}
}

// inspectorRows returns how many rows the selected lane's step may take in a panel
// of that width, however long its numbers get: so the panels below keep their place.
func (s *State) inspectorRows(width int) int {
	return inspectorFrame + 2*len(inspectorNotes(s)) + s.ruleRows(s.Lane(), width)
}

// inspectorFrame is the rows of the inspector's border and of the step at its end.
const inspectorFrame = 3

// ruleRows returns how many of them a lane's rule may take.
func (s *State) ruleRows(lane *race.Lane, width int) (rows int) {
	wrapped := Pick(width < inspectorUnwrapped, 2, 1)
	dim := s.Race.Problem().Dim()
	for _, line := range s.ruleLines(lane) {
		switch {
		case optim.IsPower(line.Symbol):
			rows++
		case line.Symbol == "g" && dim == 2:
			rows += wrapped
		default:
			rows += 1 + dim*wrapped
		}
	}
	return rows
}

// ruleLines returns the lines of a lane's rule, without its state.
func (s *State) ruleLines(lane *race.Lane) []optim.Line {
	return lane.Optimizer().Start(s.Race.Problem().Dim(), s.Race.Race().Rules).Lines()
}

// sheet is an explanation on its way to the screen: which parameters it shows,
// and how much of each line.
type sheet struct {
	state  *State
	width  int
	names  []string
	theta  []float64 // before the step
	step   []float64
	lines  []optim.ExplainedLine
	detail []detail // of each line
	order  []int    // all parameters, those on the surface first
	count  int      // how many of order are shown
	single bool     // only the first is in numbers, the others in values
}

// detail is how much of a line is written.
type detail int

const (
	inNumbers detail = iota // the formula, and again with numbers for its symbols
	asFormula               // the formula and its values
	asValue                 // the values alone
)

func newSheet(s *State, width int) *sheet {
	explanation := s.Lane().Explain()
	t := &sheet{state: s, width: width, names: s.Race.Problem().Names(), theta: s.Lane().Theta(),
		step: explanation.Step, lines: explanation.Lines}
	t.detail = make([]detail, len(t.lines))
	t.order, t.count = []int{s.Axes[0], s.Axes[1]}, len(t.names)
	for i := range t.names {
		if i != s.Axes[0] && i != s.Axes[1] {
			t.order = append(t.order, i)
		}
	}
	return t
}

// shown returns the parameters that are shown, in their own order.
func (t *sheet) shown() []int {
	return slices.Sorted(slices.Values(t.order[:t.count]))
}

func (t *sheet) showsAll() bool { return t.count == len(t.names) }

// shorten leaves out a parameter that is not on the surface or, where there is
// none, the second one's numbers and then some of the line that takes the most
// rows. It reports whether it could.
func (t *sheet) shorten() bool {
	if t.count > 2 {
		t.count--
		return true
	}
	if !t.single {
		t.single = true
		return true
	}
	longest, most := 0, 1
	for n := range t.lines {
		rows := len(t.line(n))
		if rows > most && t.detail[n] < asValue {
			longest, most = n, rows
		}
		if rows > 1 && optim.IsPower(t.lines[n].Symbol) && t.detail[n] < asFormula { // says the least
			longest, most = n, rows
			break
		}
	}
	if most == 1 {
		return false
	}
	t.detail[longest]++
	return true
}

type inspectorRow struct {
	text  string
	style screen.Style
}

func (t *sheet) rows() []inspectorRow {
	theme := t.state.Theme
	var rows []inspectorRow
	for n := range t.lines {
		rows = append(rows, t.line(n)...)
	}
	var steps []string
	for _, i := range t.shown() {
		steps = append(steps, whole(fmt.Sprintf("Δ%s = %s", t.names[i], param.Pretty(t.step[i], writtenDigits))))
	}
	rows = append(rows, t.wrapped(strings.Join(steps, whole("  ")+" "), theme.Key)...)
	if more := len(t.names) - t.count; more > 0 {
		text := fmt.Sprintf("… and %d more parameter%s", more, Pick(more == 1, "", "s"))
		if entry, ok := t.state.Keys.Entry(keymap.NextAxis); ok {
			text += fmt.Sprintf(" (%s puts others first)", entry.Keys)
		}
		rows = append(rows, t.wrapped(text, theme.Dim)...)
	}
	for _, note := range inspectorNotes(t.state) {
		rows = append(rows, t.wrapped(note, theme.Dim)...)
	}
	return rows
}

// line lays one line out.
func (t *sheet) line(n int) []inspectorRow {
	line, title := t.lines[n], t.state.Theme.Title
	value := t.values(line)
	if optim.IsPower(line.Symbol) {
		value = line.Written[0]
	}
	formula := line.Symbol + " ← " + line.Formula
	switch detail := t.detail[n]; {
	case detail == asValue:
		return t.wrapped(line.Symbol+whole(" = ")+value, title)
	case detail == asFormula, line.Symbol == "g" && !t.showsAll():
		return t.wrapped(formula+" "+whole("= ")+value, title)
	case line.Symbol == "g", optim.IsPower(line.Symbol):
		return t.wrapped(formula+" = "+line.Numbers[0]+" "+whole("= ")+value, title)
	}
	rows := t.wrapped(formula, title)
	written := t.shown()
	if t.single {
		written = written[:1]
	}
	for _, i := range written {
		numbers := line.Numbers[i]
		if rest, ok := strings.CutPrefix(numbers, param.Pretty(t.theta[i], writtenDigits)); ok && line.Symbol == "θ" {
			numbers = param.Pretty(t.theta[i], t.thetaDigits(i)) + rest
		}
		text := whole("  "+t.names[i]+": ") + numbers + " " + whole("= "+t.written(line, i))
		rows = append(rows, t.wrapped(text, t.state.Theme.Text)...)
	}
	return rows
}

// values writes a line's values, with their names where some are left out.
func (t *sheet) values(line optim.ExplainedLine) string {
	var values []string
	for _, i := range t.shown() {
		value := t.written(line, i)
		if !t.showsAll() {
			value = whole(t.names[i] + ": " + value)
		}
		values = append(values, value)
	}
	if !t.showsAll() {
		values = append(values, "…")
	}
	return "(" + strings.Join(values, ", ") + ")"
}

func (t *sheet) written(line optim.ExplainedLine, i int) string {
	if line.Symbol == "θ" {
		return param.Pretty(line.Value[i], t.thetaDigits(i))
	}
	return line.Written[i]
}

// writtenDigits is how many digits an explanation writes.
const writtenDigits = 5

// thetaDigits returns as many digits as show two of the step, or all there are.
func (t *sheet) thetaDigits(i int) int {
	ratio := math.Abs(t.theta[i] / t.step[i])
	if !(ratio > 1) || math.IsInf(ratio, 0) {
		return writtenDigits
	}
	return min(max(writtenDigits, int(math.Ceil(math.Log10(ratio)))+2), 17)
}

func (t *sheet) wrapped(text string, style screen.Style) []inspectorRow {
	var rows []inspectorRow
	for _, part := range wrap(text, t.width) {
		rows = append(rows, inspectorRow{part, style})
	}
	return rows
}

// inspectorNotes are what the numbers do not say.
func inspectorNotes(s *State) []string {
	var notes []string
	if why := s.WhyStopped(s.Selected); why != "" {
		notes = append(notes, "It "+why+".")
	}
	if note := s.twinNote(s.Selected); note != "" {
		notes = append(notes, note)
	}
	if batch := s.Lane().Hyper().Batch; batch != 0 {
		notes = append(notes, fmt.Sprintf("∇J is that of this step's batch of %d.", batch))
	}
	if note := s.Lane().Optimizer().Note(s.Race.Race().Rules); note != "" {
		notes = append(notes, note)
	}
	if p, ok := s.Race.Problem().(problem.Plotted); ok && p.Dim() <= mostNoted && len(p.Optima()) > 0 {
		best, what := p.Optima()[0].Theta, "The optimum"
		if _, ok := p.(problem.Quadratic); ok {
			what = "The closed form"
		}
		notes = append(notes, what+": "+named(p.Names(), best)+".")
		if own := problem.Unscaled(p, best); own != nil {
			notes = append(notes, what+" in the data's own scale: "+named(p.Names(), own)+".",
				"θ in it: "+named(p.Names(), problem.Unscaled(p, s.Lane().Theta()))+".")
		}
	}
	return notes
}

// mostNoted is how many parameters a note has room for.
const mostNoted = 3

// whole returns text that wrap does not break.
func whole(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") }

// wrap breaks text at spaces, but not within a 1 − β, into lines of at most
// width columns; all but the first are indented.
func wrap(text string, width int) []string {
	const indent, complement = "    ", "(1 − "
	text = strings.ReplaceAll(text, complement, whole(complement))
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		switch {
		case line == "":
			line = word
		case screen.Width(line)+1+screen.Width(word) > width:
			lines = append(lines, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	lines = append(lines, line)
	for n := range lines {
		lines[n] = strings.ReplaceAll(lines[n], "\u00a0", " ")
	}
	return lines
}
