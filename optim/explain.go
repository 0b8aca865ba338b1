package optim

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ravine/param"
)

// Explanation is one step of a rule, worked out for one coordinate at a time.
type Explanation struct {
	Lines []ExplainedLine
	Step  []float64 // θ after − θ before, by coordinate
	Probe []float64 // where the gradient was asked for (Nesterov's look-ahead)

	// Velocity is the step that the rule's memory of direction alone would
	// make, were the gradient 0 and without weight decay. For momentum and NAG
	// it is −γ·v, and what is left of Step is −η·g; for the rules with a mean
	// of gradients m it is how they would coast. Nil for rules without.
	Velocity []float64
}

// ExplainedLine is a Line with its numbers put in.
type ExplainedLine struct {
	Symbol, Formula string
	Numbers         []string  // by coordinate: the formula with numbers for its symbols: "0.9·0.271 + (1 − 0.9)·2.44"
	Value           []float64 // by coordinate
	Written         []string  // Value, as it is written in the lines that follow
}

// Explain works out the step that rule would make from theta, without changing
// either. A typed rule may ask for several gradients, and for the loss. Hyperparameters are written exactly,
// all other numbers in five significant digits; those of g's own line are the
// whole point at which the gradient is taken.
func Explain(rule Rule, theta []float64, h *Hyperparameters, gradient func(at []float64) []float64, loss func(at []float64) float64) Explanation {
	next, after := rule.Clone(), slices.Clone(theta)
	var probe, g []float64
	next.Step(after, h, &Gradient{Of: func(at []float64) []float64 {
		probe, g = slices.Clone(at), slices.Clone(gradient(at))
		return g
	}, Loss: loss})

	lines := next.Lines()
	explanation := Explanation{
		Lines:    make([]ExplainedLine, len(lines)),
		Step:     make([]float64, len(theta)),
		Probe:    probe,
		Velocity: velocity(rule, lines, h, len(theta)),
	}
	for i := range theta {
		explanation.Step[i] = after[i] - theta[i]
	}
	known := oldValues(rule, theta, h)
	for i, line := range lines {
		value := line.Value
		numbers := known.putInto(line.Formula, len(theta))
		switch line.Symbol {
		case "g":
			value = g
			numbers = slices.Repeat([]string{"∇J(" + strings.Join(writeAll("θ", probe), ", ") + ")"}, len(theta))
		case "θ":
			value = after
		}
		known[line.Symbol] = writeAll(line.Symbol, value)
		explanation.Lines[i] = ExplainedLine{line.Symbol, line.Formula, numbers, value, known[line.Symbol]}
	}
	return explanation
}

// velocity is Explanation.Velocity. Only v of momentum and NAG and m of the
// others have a direction; Adam has both. From θ = 0 the step
// is without weight decay and without the rounding of a subtraction.
func velocity(rule Rule, lines []Line, h *Hyperparameters, dim int) []float64 {
	if !slices.ContainsFunc(lines, func(l Line) bool { return l.Symbol == "v" || l.Symbol == "m" }) {
		return nil
	}
	step, zero := make([]float64, dim), make([]float64, dim)
	rule.Clone().Step(step, h, &Gradient{Of: func([]float64) []float64 { return zero }, Loss: func([]float64) float64 { return 0 }})
	return step
}

// writtenValues holds for each symbol how its value is written, by coordinate.
type writtenValues map[string][]string

// oldValues are the values before the step: a line that names its own symbol,
// or that of a later line, means these.
func oldValues(rule Rule, theta []float64, h *Hyperparameters) writtenValues {
	known := writtenValues{"θ": writeAll("θ", theta)}
	for _, p := range table {
		if p.Symbol != "" { // formulas name no batch
			known[p.Symbol] = slices.Repeat([]string{param.Pretty(h.Get(p.Key), -1)}, len(theta))
		}
	}
	for _, line := range rule.Lines() {
		if line.Value != nil {
			known[line.Symbol] = writeAll(line.Symbol, line.Value)
		}
	}
	for _, function := range []string{"max", "sign"} { // not the symbols m and g
		known[function] = slices.Repeat([]string{function}, len(theta))
	}
	return known
}

// putInto returns the formula with values for symbols, by coordinate.
func (w writtenValues) putInto(formula string, dim int) []string {
	texts := make([]string, dim)
	for i := range texts {
		var text strings.Builder
		for rest := formula; rest != ""; {
			symbol := w.symbolAt(rest)
			if symbol == "" {
				_, size := utf8.DecodeRuneInString(rest)
				text.WriteString(rest[:size])
				rest = rest[size:]
				continue
			}
			rest = rest[len(symbol):]
			text.WriteString(parenthesize(w[symbol][i], text.String(), rest))
		}
		texts[i] = text.String()
	}
	return texts
}

// symbolAt returns the longest symbol that text begins with: v̂ rather than v.
func (w writtenValues) symbolAt(text string) string {
	longest := ""
	for symbol := range w {
		if len(symbol) > len(longest) && strings.HasPrefix(text, symbol) {
			longest = symbol
		}
	}
	return longest
}

// parenthesize puts parentheses around a number that needs them between before
// and after: a negative one that does not open the text or a bracket, and
// under a square also one with an exponent.
func parenthesize(number, before, after string) string {
	negative := strings.HasPrefix(number, "−")
	squared := strings.HasPrefix(after, "²")
	opens := before == "" || strings.HasSuffix(before, "(") || strings.HasSuffix(before, "|")
	if negative && (squared || !opens) || squared && strings.Contains(number, "e") {
		return "(" + number + ")"
	}
	return number
}

const significantDigits = 5

// writeAll writes the values of a symbol. A power such as β₂ᵗ gets as many
// digits as 1 − β₂ᵗ needs, for that is what is divided by.
func writeAll(symbol string, values []float64) []string {
	texts := make([]string, len(values))
	for i, x := range values {
		if IsPower(symbol) && 0.1 < x && x < 1 {
			decimals := significantDigits - 1 - int(math.Floor(math.Log10(1-x)))
			texts[i] = strings.TrimRight(strconv.FormatFloat(x, 'f', decimals, 64), "0")
			continue
		}
		texts[i] = param.Pretty(x, significantDigits)
	}
	return texts
}
