package formula

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ravine/param"
)

// node is a formula or a part of one.
type node struct {
	op     operation
	args   []*node
	number float64 // of a number
	name   string  // of a name, an indexed name, or a sum's index
	at     int     // offset in the text
}

// parser reads one formula by precedence climbing (Pratt 1973).
type parser struct {
	text  string // up to where the formula ends
	whole string // what mistakes are shown in
	at    int
	token token // the next one
	depth int
	bound []string // indices of the sums that are being read
	names []string

	inProgram  bool // whether functions of vectors are known
	inSchedule bool // whether functions of t are
}

func (p *parser) errorAt(at int, format string, values ...any) error {
	return &Error{Text: p.whole, Offset: at, Message: fmt.Sprintf(format, values...)}
}

func (p *parser) advance() (err error) {
	p.token, err = p.next()
	return err
}

func (p *parser) parse() (*node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.token.kind == endOfText {
		return nil, p.errorAt(p.token.at, "want a formula")
	}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.token.kind != endOfText {
		return nil, p.unexpected()
	}
	return root, nil
}

// unexpected says what is wrong with a token that follows a whole expression.
func (p *parser) unexpected() error {
	t := p.token
	switch {
	case t.kind == endOfText:
		return p.errorAt(t.at, "the formula ends too early")
	case t.kind == aNumber || t.kind == aName || t.text == "(" || t.text == "√":
		before := strings.TrimRight(p.text[:t.at], " \t\r\n")
		if before != "" && t.kind == aName && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' {
			return p.errorAt(t.at, "a product needs its sign: write *%s", t.text)
		}
		return p.errorAt(t.at, "want an operator before %q; a product needs its sign, *", t.text)
	case t.text == ")" || t.text == "]":
		return p.errorAt(t.at, "%q closes nothing", t.text)
	case t.text == ",":
		return p.errorAt(t.at, "no comma here: only arguments of functions are separated by commas")
	}
	return p.errorAt(t.at, "want an operator before %q", t.text)
}

// Precedences, from the loosest.
const (
	comparing = 1 + iota
	adding
	multiplying
	signing
	raising
)

// binaries are the operators between two expressions.
var binaries = map[string]struct {
	precedence int
	op         operation
}{
	"<": {comparing, opLess}, "<=": {comparing, opLessEqual}, ">": {comparing, opLess}, ">=": {comparing, opLessEqual},
	"==": {comparing, opEqual}, "!=": {comparing, opNotEqual},
	"+": {adding, opAdd}, "-": {adding, opSub}, "*": {multiplying, opMul}, "/": {multiplying, opDiv}, "^": {raising, opPow},
}

// expression reads operators that bind at least so tightly, and what is between them.
func (p *parser) expression(least int) (*node, error) {
	if p.depth++; p.depth > deepest {
		return nil, p.errorAt(p.token.at, "too deep; want at most %d brackets, signs and powers inside each other", deepest)
	}
	defer func() { p.depth-- }()
	left, err := p.operand()
	for err == nil && p.token.kind == aSign {
		t := p.token
		if t.text == "²" || t.text == "³" {
			exponent := &node{op: opNumber, number: map[string]float64{"²": 2, "³": 3}[t.text], at: t.at}
			left, err = &node{op: opPow, args: []*node{left, exponent}, at: t.at}, p.advance()
			continue
		}
		if t.text == "ᵗ" && p.inProgram && left.op == opName {
			p.mention(left.name + t.text)
			left, err = &node{op: opName, name: left.name + t.text, at: left.at}, p.advance()
			continue
		}
		if t.text == "ᵗ" {
			p.mention(UpdateName)
			left, err = &node{op: opPow, args: []*node{left, {op: opName, name: UpdateName, at: t.at}}, at: t.at}, p.advance()
			continue
		}
		binary, ok := binaries[t.text]
		if !ok || binary.precedence < least {
			break
		}
		if err = p.advance(); err != nil {
			break
		}
		next := binary.precedence + 1
		if t.text == "^" { // to the right, with a sign of its own: 2^-x
			next = signing
		}
		var right *node
		if right, err = p.expression(next); err != nil {
			break
		}
		if t.text[0] == '>' {
			left, right = right, left
		}
		left = &node{op: binary.op, args: []*node{left, right}, at: t.at}
		if following, ok := binaries[p.token.text]; binary.precedence == comparing && ok && p.token.kind == aSign && following.precedence == comparing {
			err = p.errorAt(p.token.at, "comparisons are of two: write a product of both")
		}
	}
	return left, err
}

// operand reads a number, a name, a call, what is in brackets, or one of these with
// a sign.
func (p *parser) operand() (*node, error) {
	t := p.token
	switch {
	case t.kind == aNumber:
		number, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, p.errorAt(t.at, "%s is too large", t.text)
		}
		return &node{op: opNumber, number: number, at: t.at}, p.advance()
	case t.kind == aName:
		return p.named()
	case t.text == "-" || t.text == "+":
		if err := p.advance(); err != nil {
			return nil, err
		}
		inner, err := p.expression(signing)
		if err != nil || t.text == "+" {
			return inner, err
		}
		return &node{op: opNeg, args: []*node{inner}, at: t.at}, nil
	case t.text == "√":
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.depth++; p.depth > deepest {
			return nil, p.errorAt(t.at, "too deep")
		}
		defer func() { p.depth-- }()
		inner, err := p.operand()
		return &node{op: unaryOf("sqrt"), args: []*node{inner}, at: t.at}, err
	case t.text == "(":
		return p.enclosed(")")
	case t.text == "|":
		inner, err := p.enclosed("|")
		return &node{op: unaryOf("abs"), args: []*node{inner}, at: t.at}, err
	case t.kind == endOfText:
		return nil, p.unexpected()
	}
	return nil, p.errorAt(t.at, "want a number, a name or a bracket before %q", t.text)
}

// enclosed reads an expression up to its closing sign.
func (p *parser) enclosed(closing string) (*node, error) {
	opening := p.token
	if err := p.advance(); err != nil {
		return nil, err
	}
	inner, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	return inner, p.expect(closing, opening)
}

// expect skips a sign that closes or separates what an opening one has begun.
func (p *parser) expect(sign string, opening token) error {
	if p.token.kind == aSign && p.token.text == sign {
		return p.advance()
	}
	if p.token.kind == endOfText {
		return p.errorAt(opening.at, "%q is not closed", opening.text)
	}
	if p.token.text == "," || p.token.text == ")" || p.token.text == "]" {
		return p.errorAt(p.token.at, "want %q before %q", sign, p.token.text)
	}
	return p.unexpected()
}

// named reads what begins with a name: a call, an indexed name, a constant or a free
// name.
func (p *parser) named() (*node, error) {
	t := p.token
	if err := p.advance(); err != nil {
		return nil, err
	}
	sign := ""
	if p.token.kind == aSign {
		sign = p.token.text
	}
	known := functionNames()
	if p.inProgram {
		known = slices.AppendSeq(known, maps.Keys(vectorCalls))
		slices.Sort(known)
	}
	if p.inSchedule {
		known = append(known, scheduleNames()...)
	}
	switch {
	case sign == "(" && (slices.Contains(known, t.text)):
		return p.call(t)
	case slices.Contains(known, t.text):
		return nil, p.errorAt(t.at, "%s is a function: write %[1]s(…)", t.text)
	case sign == "(" && !slices.Contains(p.names, t.text):
		return nil, p.errorAt(t.at, "unknown function %q%s", t.text, param.DidYouMean(t.text, known))
	case sign == "[":
		opening := p.token
		if err := p.advance(); err != nil {
			return nil, err
		}
		index, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		return &node{op: opIndexed, name: t.text, args: []*node{index}, at: t.at}, p.expect("]", opening)
	}
	if value, ok := constants[t.text]; ok {
		return &node{op: opNumber, number: value, at: t.at}, nil
	}
	p.mention(t.text)
	return &node{op: opName, name: t.text, at: t.at}, nil
}

// mention notes a name that is free.
func (p *parser) mention(name string) {
	if !slices.Contains(p.bound, name) && !slices.Contains(p.names, name) {
		p.names = append(p.names, name)
	}
}

// call reads a function's arguments. The name is read; the next token is its bracket.
func (p *parser) call(name token) (*node, error) {
	opening := p.token
	if err := p.advance(); err != nil {
		return nil, err
	}
	if name.text == "sum" && !p.sumsVector() {
		return p.sum(name, opening)
	}
	var args []*node
	for p.token.kind != aSign || p.token.text != ")" || len(args) > 0 {
		arg, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.token.kind != aSign || p.token.text != "," {
			break
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if err := p.expect(")", opening); err != nil {
		return nil, err
	}
	if arity := vectorCalls[name.text]; p.inProgram && arity > 0 {
		if len(args) != arity {
			return nil, p.errorAt(name.at, "%s takes %s, not %d", name.text, param.Plural(arity, "argument"), len(args))
		}
		return &node{op: opCall, name: name.text, args: args, at: name.at}, nil
	}
	if p.inSchedule && slices.Contains(scheduleNames(), name.text) {
		made, want := schedule(name.text, args, name.at)
		if want != "" {
			return nil, p.errorAt(name.at, "want %s", want)
		}
		return made, nil
	}
	made, want := apply(name.text, args, name.at)
	if want != "" {
		return nil, p.errorAt(name.at, "%s takes %s, not %d", name.text, want, len(args))
	}
	return made, nil
}

// sumsVector reports whether a sum whose bracket is read is that of a vector: it has
// one argument.
func (p *parser) sumsVector() bool {
	if !p.inProgram {
		return false
	}
	depth := 0
	for _, c := range p.text[p.token.at:] {
		switch {
		case c == '(' || c == '[':
			depth++
		case (c == ')' || c == ']') && depth == 0:
			return true
		case c == ')' || c == ']':
			depth--
		case c == ',' && depth == 0:
			return false
		}
	}
	return true
}

// sum reads sum(i, FROM, TO, TERM) after its opening bracket.
func (p *parser) sum(name, opening token) (*node, error) {
	index := p.token
	if index.kind != aName {
		return nil, p.errorAt(index.at, "want sum(i, from, to, term)")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	sum := &node{op: opSum, name: index.text, at: name.at}
	for n := range 3 {
		if err := p.expect(",", opening); err != nil {
			return nil, err
		}
		if n == 2 {
			p.bound = append(p.bound, index.text)
			defer func() { p.bound = p.bound[:len(p.bound)-1] }()
		}
		part, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		sum.args = append(sum.args, part)
	}
	return sum, p.expect(")", opening)
}
