package formula

import (
	"math"
	"slices"
	"sync"
)

// Tape is a formula compiled for repeated evaluation at points of its variables. Its
// methods may be called by several goroutines at once, and allocate nothing.
type Tape struct {
	variables int
	numbers   []float64     // in the registers after the variables
	code      []instruction // each writes the next register
	result    int           // register
	scratch   sync.Pool     // of *registers
	short     *shortTape    // the same; nil where it is too long
}

// instruction applies an operation to registers.
type instruction struct {
	op      operation
	a, b, c int32
}

// operands returns the registers that an instruction reads, each once.
func (in instruction) operands() []int32 {
	operands := []int32{in.a, in.b, in.c}
	slices.Sort(operands)
	return slices.Compact(operands)
}

// registers are those of one evaluation: the variables, the numbers, and what each
// instruction has made; for each its value v, its adjoint ∂result/∂v, and for a
// Hessian-vector product the derivatives of both along a direction.
type registers struct{ value, adjoint, along, adjointAlong []float64 }

func newTape(variables int, numbers []float64, code []instruction, result int) *Tape {
	t := &Tape{variables: variables, numbers: numbers, code: code, result: result}
	t.short = shorten(t)
	t.scratch.New = func() any {
		size := variables + len(numbers) + len(code)
		all := make([]float64, 4*size)
		r := &registers{all[:size:size], all[size : 2*size : 2*size], all[2*size : 3*size : 3*size], all[3*size:]}
		copy(r.value[variables:], numbers)
		return r
	}
	return t
}

// Operations returns how many operations a value takes.
func (t *Tape) Operations() int { return len(t.code) }

// Value returns the formula's value at theta.
func (t *Tape) Value(theta []float64) float64 {
	if t.short != nil {
		var v [mostShort]float64
		return t.short.value(&v, theta[:t.variables])
	}
	r := t.scratch.Get().(*registers)
	t.forward(r.value, theta)
	value := r.value[t.result]
	t.scratch.Put(r)
	return value
}

// Gradient returns the formula's value at theta and stores its gradient, by one sweep
// backwards.
func (t *Tape) Gradient(gradient, theta []float64) float64 {
	if t.short != nil {
		return t.short.gradient(gradient[:t.variables], theta[:t.variables])
	}
	r := t.scratch.Get().(*registers)
	t.forward(r.value, theta)
	t.backward(r.adjoint, r.value)
	copy(gradient, r.adjoint[:t.variables])
	value := r.value[t.result]
	t.scratch.Put(r)
	return value
}

func (t *Tape) forward(v, theta []float64) {
	copy(v[:t.variables], theta)
	out := v[t.variables+len(t.numbers):]
	for i, in := range t.code {
		a := v[in.a]
		switch in.op {
		case opAdd:
			out[i] = a + v[in.b]
		case opSub:
			out[i] = a - v[in.b]
		case opMul:
			out[i] = float64(a * v[in.b])
		case opDiv:
			out[i] = a / v[in.b]
		case opNeg:
			out[i] = -a
		case opSquare:
			out[i] = float64(a * a)
		default:
			out[i] = compute(in.op, a, v[in.b], v[in.c])
		}
	}
}

// compute is what an operation makes of its arguments.
func compute(op operation, a, b, c float64) float64 {
	switch op {
	case opAdd:
		return a + b
	case opSub:
		return a - b
	case opMul:
		return a * b
	case opDiv:
		return a / b
	case opNeg:
		return -a
	case opSquare:
		return a * a
	case opPow:
		return math.Pow(a, b)
	case opLess:
		return truth(a < b)
	case opLessEqual:
		return truth(a <= b)
	case opEqual:
		return truth(a == b)
	case opNotEqual:
		return truth(a != b)
	case opWhere:
		if a != 0 {
			return b
		}
		return c
	}
	return functions[op-opCount].value(a, b)
}

// backward fills in the adjoints, from the result back to the variables.
func (t *Tape) backward(adjoint, v []float64) {
	clear(adjoint)
	adjoint[t.result] = 1
	first := t.variables + len(t.numbers)
	for i := len(t.code) - 1; i >= 0; i-- {
		in, w := t.code[i], adjoint[first+i]
		if w == 0 {
			continue
		}
		switch in.op {
		case opAdd:
			adjoint[in.a] += w
			adjoint[in.b] += w
		case opSub:
			adjoint[in.a] += w
			adjoint[in.b] -= w
		case opMul:
			adjoint[in.a] += w * v[in.b]
			adjoint[in.b] += w * v[in.a]
		case opNeg:
			adjoint[in.a] -= w
		case opSquare:
			adjoint[in.a] += 2 * w * v[in.a]
		default:
			a, b, da, db := in.slope(v, v[first+i])
			adjoint[a] += times(w, da)
			adjoint[b] += times(w, db)
		}
	}
}

// HessianVector stores the Hessian at theta times a direction: the derivative of the
// gradient along it, forward over reverse (Pearlmutter 1994).
func (t *Tape) HessianVector(product, theta, direction []float64) {
	r := t.scratch.Get().(*registers)
	t.forward(r.value, theta)
	v, along := r.value, r.along
	clear(along)
	copy(along, direction)
	first := t.variables + len(t.numbers)
	for i, in := range t.code {
		a, b, da, db := in.slope(v, v[first+i])
		along[first+i] = times(da, along[a]) + times(db, along[b])
	}
	w, wAlong := r.adjoint, r.adjointAlong
	clear(w)
	clear(wAlong)
	w[t.result] = 1
	for i := len(t.code) - 1; i >= 0; i-- {
		in, out := t.code[i], first+i
		a, b, da, db := in.slope(v, v[out])
		daa, dab, dbb := in.curve(v, v[out])
		w[a] += times(w[out], da)
		w[b] += times(w[out], db)
		wAlong[a] += times(wAlong[out], da) + times(w[out], times(daa, along[a])+times(dab, along[b]))
		wAlong[b] += times(wAlong[out], db) + times(w[out], times(dab, along[a])+times(dbb, along[b]))
	}
	copy(product, wAlong[:t.variables])
	t.scratch.Put(r)
}

// times is x·y, and 0 where either is, whatever the other: a derivative that does not
// count may be infinite.
func times(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return x * y
}

// depends returns the two registers that an instruction's derivatives are by.
func (in instruction) depends() (a, b int32) {
	if in.op == opWhere {
		return in.b, in.c
	}
	return in.a, in.b
}

// slopes returns an operation's derivatives by the two arguments of depends, at the
// arguments a, b and c, where its value is v.
func slopes(op operation, a, b, c, v float64) (da, db float64) {
	switch op {
	case opAdd:
		return 1, 1
	case opSub:
		return 1, -1
	case opMul:
		return b, a
	case opDiv:
		return 1 / b, -v / b
	case opNeg:
		return -1, 0
	case opSquare:
		return 2 * a, 0
	case opPow:
		return powSlope(a, b, v)
	case opLess, opLessEqual, opEqual, opNotEqual:
		return 0, 0
	case opWhere:
		return truth(a != 0), truth(a == 0)
	}
	return functions[op-opCount].slope(a, b, v)
}

// slope returns the two registers that an instruction's value v[out] depends on, and
// its derivatives by them.
func (in instruction) slope(v []float64, value float64) (a, b int32, da, db float64) {
	a, b = in.depends()
	da, db = slopes(in.op, v[in.a], v[in.b], v[in.c], value)
	return a, b, da, db
}

// curve returns an instruction's second derivatives by the registers of slope.
func (in instruction) curve(v []float64, value float64) (daa, dab, dbb float64) {
	x, y := v[in.a], v[in.b]
	switch in.op {
	case opMul:
		return 0, 1, 0
	case opDiv:
		return 0, -1 / (y * y), 2 * value / (y * y)
	case opSquare:
		return 2, 0, 0
	case opPow:
		return powCurve(x, y, value)
	case opAdd, opSub, opNeg, opLess, opLessEqual, opEqual, opNotEqual, opWhere:
		return 0, 0, 0
	}
	return functions[in.op-opCount].curve(x, y, value)
}
