package formula

import (
	"gonum.org/v1/gonum/floats"
)

// blockRows is how many rows are computed at a time: their registers fit the cache.
const blockRows = 256

// Batch evaluates a tape at many rows at once. The first variables have one value for
// all rows, such as parameters; the others are columns. One goroutine at a time uses it.
type Batch struct {
	tape    *Tape
	scalars int
	varies  []bool // by register: whether it depends on a column
	columns []int  // those that the formula has
	single  []float64
	total   []float64 // adjoints of what is the same for all rows

	own            [][]float64 // by register, the memory of a block
	value, adjoint [][]float64 // by register, of the rows of a block
	shares         []sharing   // by instruction
	slopes, flat   []float64   // of a block
}

// sharing says how an instruction hands its adjoint on.
type sharing struct {
	a, b       bool // whether to the operands at all: not to columns and numbers
	setA, setB bool // whether it is the first to do so
}

// NewBatch returns a Batch of t of which that many variables are the same for all rows.
func (t *Tape) NewBatch(scalars int) *Batch {
	size := t.variables + len(t.numbers) + len(t.code)
	b := &Batch{tape: t, scalars: scalars, varies: make([]bool, size), single: make([]float64, size), total: make([]float64, size),
		own: make([][]float64, size), value: make([][]float64, size), adjoint: make([][]float64, size), shares: make([]sharing, len(t.code)),
		slopes: make([]float64, blockRows), flat: make([]float64, blockRows)}
	first := t.variables + len(t.numbers)
	copy(b.single[t.variables:], t.numbers)
	for i := scalars; i < t.variables; i++ {
		b.varies[i] = true
	}
	uses := make([]int, size)
	for i, in := range t.code {
		b.varies[first+i] = b.varies[in.a] || b.varies[in.b] || b.varies[in.c]
		for _, operand := range in.operands() {
			uses[operand]++
		}
	}
	uses[t.result]++
	for i := scalars; i < t.variables; i++ {
		if uses[i] > 0 || i == t.variables-1 { // what is fitted, too
			b.columns = append(b.columns, i-scalars)
			b.own[i] = make([]float64, blockRows)
		}
	}
	for i := range t.code {
		if b.varies[first+i] {
			b.own[first+i], b.adjoint[first+i] = make([]float64, blockRows), make([]float64, blockRows)
			b.value[first+i] = b.own[first+i]
		}
	}
	set := make([]bool, size)
	set[t.result] = true
	for i := len(t.code) - 1; i >= 0; i-- {
		a, c := t.code[i].depends()
		counts := func(r int32) bool { return int(r) < scalars || int(r) >= first }
		b.shares[i] = sharing{a: counts(a), b: counts(c) && !isUnary(t.code[i].op), setA: !set[a]}
		set[a] = true
		b.shares[i].setB = !set[c]
		set[c] = true
	}
	return b
}

// begin computes what is the same for all rows.
func (b *Batch) begin(scalars []float64) {
	copy(b.single, scalars[:b.scalars])
	first, v := b.tape.variables+len(b.tape.numbers), b.single
	for i, in := range b.tape.code {
		if !b.varies[first+i] {
			v[first+i] = compute(in.op, v[in.a], v[in.b], v[in.c])
		}
	}
}

// Values stores the formula's value at each row in out, whose length is that of every
// column. A column may be out itself.
func (b *Batch) Values(out, scalars []float64, columns [][]float64) {
	b.begin(scalars)
	for from := 0; from < len(out); from += blockRows {
		n := min(blockRows, len(out)-from)
		b.load(columns, nil, from, n)
		b.forward(n)
		values, stride := b.operand(int32(b.tape.result), n)
		for k := range n {
			out[from+k] = values[k*stride]
		}
	}
}

// Sum adds up what cost makes of the formula's values f and the targets y, the last of
// columns, at those rows; at all of them where rows is nil. For some of the rows cost
// returns the sum and stores the derivatives by f in slopes. Unless gradient is nil, Sum
// stores the sum's gradient by the first variables there.
func (b *Batch) Sum(gradient, scalars []float64, columns [][]float64, rows []int32, cost func(slopes, f, y []float64) float64) float64 {
	b.begin(scalars)
	count := len(rows)
	if rows == nil {
		count = len(columns[0])
	}
	clear(b.total)
	sum, slopes := 0.0, b.slopes
	for from := 0; from < count; from += blockRows {
		n := min(blockRows, count-from)
		b.load(columns, rows, from, n)
		b.forward(n)
		result := b.tape.result
		values := b.value[result]
		if !b.varies[result] {
			values = b.flat
			for k := range values {
				values[k] = b.single[result]
			}
		}
		sum += cost(slopes[:n], values[:n], b.value[b.tape.variables-1][:n])
		switch {
		case gradient == nil:
		case b.varies[result]:
			copy(b.adjoint[result], slopes[:n])
			b.backward(n)
		default:
			b.total[result] += floats.Sum(slopes[:n])
		}
	}
	if gradient != nil {
		b.finish(gradient)
	}
	return sum
}

// load makes a block's part of the columns their registers.
func (b *Batch) load(columns [][]float64, rows []int32, from, n int) {
	for _, i := range b.columns {
		register, column := b.scalars+i, columns[i]
		if rows == nil {
			b.value[register] = column[from : from+n]
			continue
		}
		b.value[register] = b.own[register]
		for k, row := range rows[from : from+n] {
			b.own[register][k] = column[row]
		}
	}
}

// operand returns the values of a register in a block, and how far apart they are.
func (b *Batch) operand(register int32, n int) (values []float64, stride int) {
	if b.varies[register] {
		return b.value[register][:n], 1
	}
	return b.single[register : register+1], 0
}

func (b *Batch) forward(n int) {
	first := b.tape.variables + len(b.tape.numbers)
	for i, in := range b.tape.code {
		if !b.varies[first+i] {
			continue
		}
		out := b.value[first+i][:n]
		x, strideX := b.operand(in.a, n)
		y, strideY := b.operand(in.b, n)
		switch {
		case in.op == opAdd && strideX == strideY:
			floats.AddTo(out, x, y)
		case in.op == opAdd && strideX == 0:
			addConstant(out, y, x[0])
		case in.op == opAdd:
			addConstant(out, x, y[0])
		case in.op == opSub && strideX == strideY:
			floats.SubTo(out, x, y)
		case in.op == opSub && strideY == 0:
			addConstant(out, x, -y[0])
		case in.op == opMul && strideX == strideY:
			floats.MulTo(out, x, y)
		case in.op == opMul && strideX == 0:
			floats.ScaleTo(out, x[0], y)
		case in.op == opMul:
			floats.ScaleTo(out, y[0], x)
		case in.op == opSquare:
			floats.MulTo(out, x, x)
		default:
			z, strideZ := b.operand(in.c, n)
			for k := range out {
				out[k] = compute(in.op, x[k*strideX], y[k*strideY], z[k*strideZ])
			}
		}
	}
}

func addConstant(out, x []float64, c float64) {
	x = x[:len(out)]
	for k := range out {
		out[k] = x[k] + c
	}
}

// backward fills in the adjoints of a block from that of the result. Those of registers
// that are the same for all rows add up over the blocks.
func (b *Batch) backward(n int) {
	first := b.tape.variables + len(b.tape.numbers)
	for i := len(b.tape.code) - 1; i >= 0; i-- {
		if !b.varies[first+i] {
			continue
		}
		in, shares, w := b.tape.code[i], b.shares[i], b.adjoint[first+i][:n]
		switch in.op {
		case opAdd, opSub:
			if shares.a {
				b.give(in.a, w, 1, shares.setA)
			}
			if shares.b {
				b.give(in.b, w, truth(in.op == opAdd)-truth(in.op == opSub), shares.setB)
			}
		case opMul:
			if shares.a {
				b.giveProduct(in.a, in.b, w, 1, shares.setA)
			}
			if shares.b {
				b.giveProduct(in.b, in.a, w, 1, shares.setB)
			}
		case opSquare:
			if shares.a {
				b.giveProduct(in.a, in.a, w, 2, shares.setA)
			}
		default:
			b.giveSlopes(i, w)
		}
	}
}

// give adds factor·w to the adjoint of a register, or makes it that.
func (b *Batch) give(to int32, w []float64, factor float64, set bool) {
	switch {
	case !b.varies[to]:
		b.total[to] += factor * floats.Sum(w)
	case set:
		floats.ScaleTo(b.adjoint[to][:len(w)], factor, w)
	default:
		floats.AddScaled(b.adjoint[to][:len(w)], factor, w)
	}
}

// giveProduct is give for factor·w·x, x being the values of a register.
func (b *Batch) giveProduct(to, of int32, w []float64, factor float64, set bool) {
	x, stride := b.operand(of, len(w))
	switch {
	case stride == 0:
		b.give(to, w, factor*x[0], set)
	case !b.varies[to]:
		b.total[to] += factor * floats.Dot(w, x)
	default:
		adjoint := b.adjoint[to][:len(w)]
		if set {
			clear(adjoint)
		}
		for k := range adjoint {
			adjoint[k] += factor * w[k] * x[k]
		}
	}
}

// giveSlopes is backward for an instruction of any operation.
func (b *Batch) giveSlopes(i int, w []float64) {
	in, shares, n := b.tape.code[i], b.shares[i], len(w)
	value := b.value[b.tape.variables+len(b.tape.numbers)+i]
	x, strideX := b.operand(in.a, n)
	y, strideY := b.operand(in.b, n)
	z, strideZ := b.operand(in.c, n)
	toA, toB := in.depends()
	da, strideA := b.adjointOf(toA, n, shares.a && shares.setA)
	db, strideB := b.adjointOf(toB, n, shares.b && shares.setB)
	for k, weight := range w {
		if weight == 0 {
			continue
		}
		slopeA, slopeB := slopes(in.op, x[k*strideX], y[k*strideY], z[k*strideZ], value[k])
		if shares.a {
			da[k*strideA] += times(weight, slopeA)
		}
		if shares.b {
			db[k*strideB] += times(weight, slopeB)
		}
	}
}

// adjointOf is operand for adjoints, which are cleared where they begin.
func (b *Batch) adjointOf(register int32, n int, begins bool) (adjoint []float64, stride int) {
	if !b.varies[register] {
		return b.total[register : register+1], 0
	}
	if adjoint = b.adjoint[register]; adjoint == nil { // of a column
		return nil, 0
	}
	if begins {
		clear(adjoint[:n])
	}
	return adjoint[:n], 1
}

// finish takes the adjoints of what is the same for all rows back to the variables.
func (b *Batch) finish(gradient []float64) {
	t, w, v := b.tape, b.total, b.single
	first := t.variables + len(t.numbers)
	for i := len(t.code) - 1; i >= 0; i-- {
		if in := t.code[i]; !b.varies[first+i] && w[first+i] != 0 {
			da, db := slopes(in.op, v[in.a], v[in.b], v[in.c], v[first+i])
			toA, toB := in.depends()
			w[toA] += times(w[first+i], da)
			w[toB] += times(w[first+i], db)
		}
	}
	copy(gradient, w[:b.scalars])
}
