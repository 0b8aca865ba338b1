package formula

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"
)

// mostLines bounds a program.
const mostLines = 50

// Program is an update rule as it is written on paper, lines NAME ← FORMULA that are
// computed in order, coordinate by coordinate. A name on a left side keeps its value
// until the next run, and begins at 0. It is not changed.
type Program struct {
	Lines []Assignment
	Free  []string // names that no line gives a value, in order of appearance

	steps   []step
	scalars []string // Free, the powers of some, and t and J where they are used
	vectors []string // by register: θ, and what Lines give a value
	size    int      // registers: those of vectors, and then of calls and their arguments
	tapes   int
}

// Assignment is one line.
type Assignment struct {
	Name string // in ASCII
	Text string // of the formula, as it was written
}

// Names that mean something in a program: θ, which is stepped, its gradient, which is
// there without a line, J(θ), and the number of the update from 1.
const (
	ThetaName    = "theta"
	GradientName = "g"
	LossName     = "J"
	UpdateName   = "t"
)

// step computes a register: elementwise by a tape from all registers, or by a call.
type step struct {
	tape int
	of   *Tape
	call string // norm, dot, sum, mean or grad, of the registers in args; empty for a tape
	args []int
	to   int
}

// vectorCalls are the functions that a program has beside those of formulas, with the
// number of their arguments.
var vectorCalls = map[string]int{"grad": 1, "norm": 1, "sum": 1, "mean": 1, "dot": 2}

// sourceLine is a line that has been read: its formula, and where it begins.
type sourceLine struct {
	*Formula
	at int
}

// ParseProgram reads lines separated by ; or line breaks. The error is an *Error.
func ParseProgram(text string) (*Program, error) {
	p := &Program{}
	lines, err := p.readLines(text)
	if err != nil {
		return nil, err
	}
	p.addGradientLine(slices.ContainsFunc(lines, func(l sourceLine) bool { return slices.Contains(l.names, GradientName) }))
	p.nameRegisters(lines)
	for _, name := range p.scalars {
		if base, power := strings.CutSuffix(name, "ᵗ"); power && !slices.Contains(p.Free, base) {
			return nil, &Error{text, strings.Index(text, "ᵗ"), "ᵗ is for hyperparameters; write ^t"}
		}
	}
	implied := len(p.Lines) - len(lines)
	for i, assignment := range p.Lines {
		root, source := &node{op: opCall, name: "grad", args: []*node{{op: opName, name: ThetaName}}}, &Formula{text: text}
		if i >= implied {
			source = lines[i-implied].Formula
			root = source.root
		}
		if err := p.compileLine(source, root, slices.Index(p.vectors, assignment.Name)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// readLines reads the lines of a text, and checks them as a whole.
func (p *Program) readLines(text string) (lines []sourceLine, err error) {
	if err := checkLength(text); err != nil {
		return nil, err
	}
	begin := 0
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		begin += strings.Index(text[begin:], part)
		end := begin + len(part)
		if strings.TrimSpace(part) != "" {
			name, formulaAt, err := assigned(text, begin, end)
			if err != nil {
				return nil, err
			}
			read, err := parseIn(text, formulaAt, end, true)
			if err != nil {
				return nil, err
			}
			lines = append(lines, sourceLine{read, begin})
			p.Lines = append(p.Lines, Assignment{name, strings.TrimSpace(text[formulaAt:end])})
		}
		begin = end
	}
	last := len(lines) - 1
	switch {
	case last < 0:
		return nil, &Error{text, 0, "want lines such as theta <- theta - eta*g"}
	case len(lines) > mostLines:
		return nil, &Error{text, lines[mostLines].at, fmt.Sprintf("too many lines; want at most %d", mostLines)}
	case !slices.ContainsFunc(p.Lines, func(a Assignment) bool { return a.Name == ThetaName }):
		return nil, &Error{text, lines[last].at, "no line gives theta a value; want one such as theta <- theta - eta*g"}
	}
	return lines, nil
}

// assigned reads NAME <- and returns the name and where the formula begins.
func assigned(text string, begin, end int) (name string, formulaAt int, err error) {
	left, right := text[begin:end], -1
	for _, arrow := range []string{"<-", "←"} {
		if i := strings.Index(left, arrow); i >= 0 && (right < 0 || i < right-len(arrow)) {
			left, right = left[:i], i+len(arrow)
		}
	}
	at := begin + len(left) - len(strings.TrimLeft(left, " \t"))
	word := strings.TrimSpace(left)
	if right < 0 {
		return "", 0, &Error{text, at, "want NAME <- FORMULA"}
	}
	p := parser{text: text[:begin+len(left)], whole: text, at: begin}
	t, err := p.next()
	if err != nil {
		return "", 0, err
	}
	if t.kind != aName || text[t.at:p.at] != word {
		return "", 0, &Error{text, at, fmt.Sprintf("want a name before <-, not %q", word)}
	}
	_, isConstant := constants[t.text]
	if isConstant || t.text == UpdateName || t.text == LossName || slices.Contains(functionNames(), t.text) || vectorCalls[t.text] > 0 {
		return "", 0, &Error{text, at, fmt.Sprintf("%q has a meaning already; choose another name", word)}
	}
	return t.text, begin + right, nil
}

func isPower(name string) bool { return strings.HasSuffix(name, "ᵗ") }

// addGradientLine puts g ← ∇J(θ) first, if g is used and no line says what it is.
func (p *Program) addGradientLine(used bool) {
	if used && !slices.ContainsFunc(p.Lines, func(a Assignment) bool { return a.Name == GradientName }) {
		p.Lines = slices.Insert(p.Lines, 0, Assignment{GradientName, "∇J(θ)"})
	}
}

// nameRegisters gives θ, the lines' names and then the free ones a register each.
func (p *Program) nameRegisters(lines []sourceLine) {
	p.vectors = []string{ThetaName}
	for _, line := range p.Lines {
		if !slices.Contains(p.vectors, line.Name) {
			p.vectors = append(p.vectors, line.Name)
		}
	}
	p.size = len(p.vectors)
	for _, line := range lines {
		for _, name := range line.names {
			if slices.Contains(p.vectors, name) || slices.Contains(p.scalars, name) {
				continue
			}
			p.scalars = append(p.scalars, name)
			if name != UpdateName && name != LossName && !isPower(name) {
				p.Free = append(p.Free, name)
			}
		}
	}
}

// compileLine appends the steps that compute one line.
func (p *Program) compileLine(source *Formula, root *node, to int) error {
	root, err := p.hoist(source, root)
	if err != nil {
		return err
	}
	return p.compute(source, root, to)
}

// compute appends the step that computes a formula without calls.
func (p *Program) compute(source *Formula, root *node, to int) error {
	variables := slices.Concat(p.scalars, p.vectors)
	for i := len(p.vectors); i < p.size; i++ {
		variables = append(variables, hoisted(i))
	}
	tape, err := (&Formula{text: source.text, root: root}).Compile(variables, nil)
	if err != nil {
		return err
	}
	p.steps = append(p.steps, step{tape: p.tapes, of: tape, to: to})
	p.tapes++
	return nil
}

// hoisted is the name of a register that no line names.
func hoisted(register int) string { return fmt.Sprintf(" %d", register) }

// hoist appends the steps of the calls in a formula, and returns the formula with names
// in their place.
func (p *Program) hoist(source *Formula, n *node) (*node, error) {
	copied := *n
	copied.args = slices.Clone(n.args)
	for i, arg := range copied.args {
		var err error
		if copied.args[i], err = p.hoist(source, arg); err != nil {
			return nil, err
		}
	}
	if n.op != opCall {
		return &copied, nil
	}
	call := step{call: n.name}
	for _, arg := range copied.args {
		register := slices.Index(p.vectors, arg.name)
		if arg.op != opName || register < 0 {
			register = p.size // not a vector that is there
			p.size++
			if err := p.compute(source, arg, register); err != nil {
				return nil, err
			}
		}
		call.args = append(call.args, register)
	}
	call.to = p.size
	p.size++
	p.steps = append(p.steps, call)
	return &node{op: opName, name: hoisted(call.to), at: n.at}, nil
}

// Gradients returns how many gradients a run takes.
func (p *Program) Gradients() (count int) {
	for _, s := range p.steps {
		if s.call == "grad" {
			count++
		}
	}
	return count
}

// Operations returns how many operations a run takes for each coordinate.
func (p *Program) Operations() (count int) {
	for _, s := range p.steps {
		if s.of != nil {
			count += s.of.Operations()
		}
	}
	return count
}

// Run is a program with its state, for vectors of one length.
type Run struct {
	program   *Program
	scalars   []float64
	registers [][]float64
	batches   []*Batch
	updates   float64
}

// Start returns a run for vectors of that length, with all state 0.
func (p *Program) Start(dim int) *Run {
	r := &Run{program: p, scalars: make([]float64, len(p.scalars)), registers: make([][]float64, p.size), batches: make([]*Batch, p.tapes)}
	for i := range r.registers {
		r.registers[i] = make([]float64, dim)
	}
	for _, s := range p.steps {
		if s.of != nil {
			r.batches[s.tape] = s.of.NewBatch(len(p.scalars))
		}
	}
	return r
}

// Clone returns an independent copy with the same state.
func (r *Run) Clone() *Run {
	next := r.program.Start(len(r.registers[0]))
	for i, register := range r.registers {
		copy(next.registers[i], register)
	}
	copy(next.scalars, r.scalars)
	next.updates = r.updates
	return next
}

// State returns what a line's name is now. It is valid until the next Step.
func (r *Run) State(name string) []float64 { return r.registers[slices.Index(r.program.vectors, name)] }

// Step runs the lines once and changes theta in place. It asks value for each free name,
// gradient for ∇J and loss for J at a point. What gradient returns is valid until the
// next call.
func (r *Run) Step(theta []float64, value func(name string) float64, gradient func(at []float64) []float64, loss func(at []float64) float64) {
	p := r.program
	r.updates++
	copy(r.registers[0], theta)
	for i, name := range p.scalars {
		base, power := strings.CutSuffix(name, "ᵗ")
		switch {
		case name == UpdateName:
			r.scalars[i] = r.updates
		case name == LossName:
			r.scalars[i] = loss(theta)
		case power && r.updates == 1:
			r.scalars[i] = value(base)
		case power: // a running product stays right when the value is changed
			r.scalars[i] *= value(base)
		default:
			r.scalars[i] = value(name)
		}
	}
	moved := false
	for _, s := range p.steps {
		to := r.registers[s.to]
		switch {
		case s.of != nil:
			r.batches[s.tape].Values(to, r.scalars, r.registers[:s.of.variables-len(r.scalars)])
			moved = moved || s.to == 0
		case s.call == "grad" && s.args[0] == 0 && !moved:
			copy(to, gradient(theta))
		case s.call == "grad":
			copy(to, gradient(r.registers[s.args[0]]))
		default:
			x := reduce(s.call, r.registers[s.args[0]], r.registers[s.args[len(s.args)-1]])
			for i := range to {
				to[i] = x
			}
		}
	}
	copy(theta, r.registers[0])
}

// reduce makes one number of vectors.
func reduce(call string, a, b []float64) float64 {
	switch call {
	case "norm":
		return floats.Norm(a, 2)
	case "dot":
		return floats.Dot(a, b)
	case "mean":
		return floats.Sum(a) / float64(len(a))
	}
	return floats.Sum(a)
}
