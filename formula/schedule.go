package formula

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// schedules are the functions of t beside those of formulas, with s = t − 1, the number
// of updates made before. What they come to at s is what PyTorch's schedulers of these
// names come to after s steps.
var schedules = []struct{ name, arguments, formula string }{
	{"linear", "from to steps", "from + (to - from)*min(s/steps, 1)"},
	{"cosine", "from to steps", "to + (from - to)*(1 + cos(pi*min(s/steps, 1)))/2"},
	{"exponential", "from factor", "from*factor^s"},
	{"step", "value factor every", "value*factor^floor(s/every)"},
	{"restarts", "from to steps", "to + (from - to)*(1 + cos(pi*mod(s, steps)/steps))/2"},
	{"onecycle", "peak steps", // Smith & Topin 2018, with the numbers of PyTorch's OneCycleLR
		"where(s <= 0.3*steps - 1, peak/25 + (peak - peak/25)*(1 - cos(pi*s/(0.3*steps - 1)))/2," +
			"peak/25e4 + (peak - peak/25e4)*(1 + cos(pi*min((s - (0.3*steps - 1))/(0.7*steps), 1)))/2)"},
	{"wsd", "value warmup stable decay", // Hu et al. 2024
		"value*min(min(t/warmup, 1), clamp((warmup + stable + decay - s)/decay, 0, 1))"},
	{"warmup", "steps then", ""}, // shifts its argument's t
}

// Schedule is a value as a function of the number t of an update, from 1. It is not
// changed.
type Schedule struct{ tape *Tape }

// ParseSchedule reads a formula in t alone: 0.1/sqrt(t), or cosine(0.1, 0.001, 200). The
// error is an *Error.
func ParseSchedule(text string) (*Schedule, error) {
	if err := checkLength(text); err != nil {
		return nil, err
	}
	p := parser{text: text, whole: text, inSchedule: true}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	for _, name := range p.names {
		if name != UpdateName {
			return nil, &Error{text, max(0, strings.Index(text, name)), fmt.Sprintf("unknown name %q; want a formula in t, the number of the update", name)}
		}
	}
	tape, err := (&Formula{text: text, root: root}).Compile([]string{UpdateName}, nil)
	return &Schedule{tape}, err
}

// At returns the value for update t, from 1.
func (s *Schedule) At(t int) float64 { return s.tape.Value([]float64{float64(t)}) }

// scheduleNames returns the functions of schedules.
func scheduleNames() (names []string) {
	for _, s := range schedules {
		names = append(names, s.name)
	}
	return names
}

// schedule makes the node of a call of one of schedules, or says how many arguments it
// takes.
func schedule(name string, args []*node, at int) (made *node, want string) {
	row := schedules[slices.IndexFunc(schedules, func(s struct{ name, arguments, formula string }) bool { return s.name == name })]
	names := strings.Fields(row.arguments)
	if len(args) != len(names) {
		return nil, name + "(" + strings.Join(names, ", ") + ")"
	}
	values := map[string]*node{UpdateName: {op: opName, name: UpdateName, at: at}}
	for i, name := range names {
		values[name] = args[i]
	}
	number := func(x float64) *node { return &node{op: opNumber, number: x, at: at} }
	operation := func(op operation, args ...*node) *node { return &node{op: op, args: args, at: at} }
	t, maximum, minimum := values[UpdateName], unaryOf("max"), unaryOf("min")
	if name == "warmup" {
		later := operation(maximum, operation(opSub, t, args[0]), number(1))
		rising := operation(minimum, operation(opDiv, t, args[0]), number(1))
		return operation(opMul, rising, substitute(args[1], map[string]*node{UpdateName: later})), ""
	}
	values["s"] = operation(opSub, t, number(1))
	template, err := Parse(row.formula)
	if err != nil {
		panic("formula: " + name + ": " + err.Error())
	}
	return substitute(template.root, values), ""
}

// substitute returns a copy of a formula with nodes for names.
func substitute(n *node, values map[string]*node) *node {
	if n.op == opName && values[n.name] != nil {
		return values[n.name]
	}
	copied := *n
	copied.args = make([]*node, len(n.args))
	for i, arg := range n.args {
		copied.args[i] = substitute(arg, values)
	}
	return &copied
}

// Factor splits FACTOR*(…) as Scaled writes it; the factor of anything else is 1.
func Factor(text string) (factor float64, rest string) {
	number, inner, ok := strings.Cut(text, "*(")
	factor, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || math.IsInf(factor, 0) || !strings.HasSuffix(inner, ")") {
		return 1, text
	}
	inner = strings.TrimSuffix(inner, ")")
	depth := 0
	for _, c := range inner {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 {
			return 1, text
		}
	}
	return factor, inner
}

// Scaled writes a factor times a formula.
func Scaled(factor float64, text string) string {
	if factor == 1 {
		return text
	}
	return strconv.FormatFloat(factor, 'g', -1, 64) + "*(" + text + ")"
}
