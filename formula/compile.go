package formula

import (
	"fmt"
	"math"
	"slices"
)

// compiler turns nodes into instructions. Equal parts are computed once, and what
// depends on no variable is computed now.
type compiler struct {
	formula   *Formula
	variables []string
	open      bool // whether names that are not known are variables too
	constants map[string]float64
	indices   map[string]float64 // of the sums around a node
	numbers   []float64
	places    map[uint64]int // of the numbers, by their bits
	code      []instruction
	seen      map[instruction]int // register of each instruction
	work      int                 // nodes compiled, those of sums again for each term
}

// register is where a value is. While the number of numbers is not known, they count
// from −1 down, and instructions from the number of variables up.
type register = int

func (f *Formula) compiler(variables []string, constants map[string]float64) *compiler {
	return &compiler{formula: f, variables: variables, constants: constants, indices: map[string]float64{}, places: map[uint64]int{}, seen: map[instruction]int{}}
}

// Variables returns the names that have no value in constants, in order of appearance:
// the free ones, and the indexed ones that sums write out. The error is an *Error.
func (f *Formula) Variables(constants map[string]float64) ([]string, error) {
	c := f.compiler(nil, constants)
	c.open = true
	_, err := c.compile(f.root)
	return c.variables, err
}

// Compile makes a tape of f. Every name is a variable, whose place is that in
// variables, or has a value in constants. The error is an *Error.
func (f *Formula) Compile(variables []string, constants map[string]float64) (*Tape, error) {
	c := f.compiler(variables, constants)
	result, err := c.compile(f.root)
	if err != nil {
		return nil, err
	}
	place := func(r int32) int32 {
		switch n := int32(len(variables)); {
		case r < 0:
			return n - r - 1
		case r >= n:
			return r + int32(len(c.numbers))
		}
		return r
	}
	for i, in := range c.code {
		c.code[i] = instruction{in.op, place(in.a), place(in.b), place(in.c)}
	}
	return newTape(len(variables), c.numbers, c.code, int(place(int32(result)))), nil
}

func (c *compiler) errorAt(n *node, format string, values ...any) error {
	return &Error{Text: c.formula.text, Offset: n.at, Message: fmt.Sprintf(format, values...)}
}

func (c *compiler) compile(n *node) (register, error) {
	if c.work++; c.work > mostSteps {
		return 0, c.errorAt(n, "too long when its sums are written out; want at most %d operations", mostSteps)
	}
	switch n.op {
	case opNumber:
		return c.number(n.number), nil
	case opName, opIndexed:
		return c.named(n)
	case opSum:
		return c.sum(n)
	}
	var args [3]register
	for i, arg := range n.args {
		r, err := c.compile(arg)
		if err != nil {
			return 0, err
		}
		args[i] = r
	}
	if n.op == opPow && args[1] < 0 {
		if power := c.value(args[1]); power == math.Trunc(power) && math.Abs(power) <= 16 {
			return c.power(n, args[0], int(power))
		}
	}
	return c.emit(n, n.op, args)
}

// named is a variable, a constant, or the index of a sum.
func (c *compiler) named(n *node) (register, error) {
	name := n.name
	if n.op == opIndexed {
		index, err := c.whole(n.args[0], "an index")
		if err != nil {
			return 0, err
		}
		name = fmt.Sprintf("%s%d", name, index)
	}
	if value, ok := c.indices[name]; ok {
		return c.number(value), nil
	}
	if i := slices.Index(c.variables, name); i >= 0 {
		return i, nil
	}
	if value, ok := c.constants[name]; ok {
		return c.number(value), nil
	}
	if !c.open {
		return 0, c.errorAt(n, "unknown name %q", name)
	}
	c.variables = append(c.variables, name)
	return len(c.variables) - 1, nil
}

// whole is the value of what must be a whole number and must not depend on a variable.
func (c *compiler) whole(n *node, what string) (int, error) {
	r, err := c.compile(n)
	if err != nil {
		return 0, err
	}
	if r >= 0 {
		return 0, c.errorAt(n, "%s must not depend on a parameter", what)
	}
	if value := c.value(r); value == math.Trunc(value) && math.Abs(value) < 1e6 {
		return int(value), nil
	}
	return 0, c.errorAt(n, "%s is %v; want a whole number", what, c.value(r))
}

// sum writes out the terms of a sum.
func (c *compiler) sum(n *node) (register, error) {
	low, err := c.whole(n.args[0], "where a sum begins")
	if err != nil {
		return 0, err
	}
	high, err := c.whole(n.args[1], "where a sum ends")
	if err != nil {
		return 0, err
	}
	if high-low >= mostTerms {
		return 0, c.errorAt(n, "a sum of %d terms; want at most %d", high-low+1, mostTerms)
	}
	outer, nested := c.indices[n.name]
	defer func() {
		delete(c.indices, n.name)
		if nested {
			c.indices[n.name] = outer
		}
	}()
	total := c.number(0)
	for i := low; i <= high; i++ {
		c.indices[n.name] = float64(i)
		term, err := c.compile(n.args[2])
		if err != nil {
			return 0, err
		}
		if total, err = c.emit(n, opAdd, [3]register{total, term}); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// power multiplies out a whole power.
func (c *compiler) power(n *node, base register, exponent int) (register, error) {
	if exponent < 0 {
		r, err := c.power(n, base, -exponent)
		if err != nil {
			return 0, err
		}
		return c.emit(n, opDiv, [3]register{c.number(1), r})
	}
	if exponent == 0 {
		return c.number(1), nil
	}
	if exponent == 1 {
		return base, nil
	}
	half, err := c.power(n, base, exponent/2)
	if err != nil {
		return 0, err
	}
	square, err := c.emit(n, opSquare, [3]register{half})
	if err != nil || exponent%2 == 0 {
		return square, err
	}
	return c.emit(n, opMul, [3]register{square, base})
}

func (c *compiler) value(r register) float64 { return c.numbers[-r-1] }

// number returns the register of a number.
func (c *compiler) number(x float64) register {
	i, ok := c.places[math.Float64bits(x)]
	if !ok {
		i = len(c.numbers)
		c.numbers = append(c.numbers, x)
		c.places[math.Float64bits(x)] = i
	}
	return -i - 1
}

// emit returns the register of an operation's result.
func (c *compiler) emit(n *node, op operation, args [3]register) (register, error) {
	a, b := args[0], args[1]
	switch {
	case a < 0 && (b < 0 || isUnary(op)) && (op != opWhere || args[2] < 0):
		y, z := 0.0, 0.0
		if !isUnary(op) {
			y = c.value(b)
		}
		if op == opWhere {
			z = c.value(args[2])
		}
		return c.number(compute(op, c.value(a), y, z)), nil
	case op == opAdd && a < 0 && c.value(a) == 0: // the beginning of a sum
		return b, nil
	case op == opMul && a == b:
		op, b = opSquare, 0
	}
	if isUnary(op) {
		b = a
	}
	if op != opWhere {
		args[2] = a
	}
	in := instruction{op, int32(a), int32(b), int32(args[2])}
	if r, ok := c.seen[in]; ok {
		return r, nil
	}
	c.code = append(c.code, in)
	r := len(c.variables) + len(c.code) - 1
	c.seen[in] = r
	return r, nil
}

func isUnary(op operation) bool {
	return op == opNeg || op == opSquare || op >= opCount && functions[op-opCount].arity == 1
}
