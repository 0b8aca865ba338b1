// Package formula reads formulas as people write them, (1-x)^2 + 100*(y-x^2)^2, and
// evaluates them with exact derivatives.
//
// Where a function has a kink, its derivative is what PyTorch takes: 0 for |x|, sign
// and relu at 0, half for each of two equal arguments of min or max, and for where and
// clamp that of the branch taken. A derivative that a factor of 0 meets counts as 0,
// so that the branch not taken of where never makes a NaN.
package formula

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"ravine/param"
)

// The limits of what is read and compiled: visitors type formulas too.
const (
	longestText = 4096    // bytes
	deepest     = 100     // brackets, powers and signs inside each other
	mostTerms   = 1000    // of one sum
	mostSteps   = 100_000 // of a tape
)

// Formula is one that has been read. It is not changed.
type Formula struct {
	text  string
	root  *node
	names []string
}

// Parse reads a formula. The error is an *Error.
func Parse(text string) (*Formula, error) {
	if err := checkLength(text); err != nil {
		return nil, err
	}
	return parseIn(text, 0, len(text), false)
}

func checkLength(text string) error {
	if len(text) > longestText {
		return &Error{text, longestText, fmt.Sprintf("too long; want at most %d bytes", longestText)}
	}
	return nil
}

// parseIn reads the formula between two offsets of a text, in a program or alone.
func parseIn(text string, begin, end int, inProgram bool) (*Formula, error) {
	p := parser{text: text[:end], whole: text, at: begin, inProgram: inProgram}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Formula{text, root, p.names}, nil
}

// String returns the formula as it was written.
func (f *Formula) String() string { return f.text }

// Names returns the free names in order of appearance, in ASCII: gamma for γ, x1 for
// x₁. Indexed ones, x[i], are not among them: see Variables.
func (f *Formula) Names() []string { return f.names }

// Error is a mistake in a formula.
type Error struct {
	Text    string // the formula
	Offset  int    // of the mistake in it, in bytes
	Message string
}

// position returns the line and column of the mistake, from 1, in characters, and the
// line itself.
func (e *Error) position() (line, column int, text string) {
	before, after := e.Text[:e.Offset], e.Text[e.Offset:]
	line = 1 + strings.Count(before, "\n")
	before = before[strings.LastIndex(before, "\n")+1:]
	rest, _, _ := strings.Cut(after, "\n")
	return line, 1 + utf8.RuneCountInString(before), before + rest
}

// Error says where the mistake is, and what: formula:1:14: unknown function "exq".
func (e *Error) Error() string {
	line, column, _ := e.position()
	return fmt.Sprintf("formula:%d:%d: %s", line, column, e.Message)
}

// Pointer returns the line of the mistake, fit for a terminal, and below it a caret
// under the place.
func (e *Error) Pointer() string {
	_, column, text := e.position()
	before := param.Printable(string([]rune(text)[:column-1]))
	return param.Printable(text) + "\n" + strings.Repeat(" ", utf8.RuneCountInString(before)) + "^"
}

// Substitute returns f with formulas in the place of names.
func (f *Formula) Substitute(values map[string]*Formula) *Formula {
	nodes := map[string]*node{}
	for name, value := range values {
		nodes[name] = value.root
	}
	return &Formula{text: f.text, root: substitute(f.root, nodes)}
}

// Variable returns the formula that is a name alone.
func Variable(name string) *Formula {
	return &Formula{text: name, root: &node{op: opName, name: name}, names: []string{name}}
}

// Identifier returns a text, such as the name of a column, as a name that a formula can
// have: in ASCII, with _ for what names have not.
func Identifier(text string) string {
	var name strings.Builder
	for _, r := range ASCII(text) {
		switch {
		case unicode.IsLetter(r), r == '_', '0' <= r && r <= '9':
			name.WriteRune(r)
		default:
			name.WriteRune('_')
		}
	}
	return name.String()
}
