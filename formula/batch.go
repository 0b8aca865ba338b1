package formula

import (
	"slices"

	"gonum.org/v1/gonum/floats"
)

// blockRows is how many rows are computed at a time: their registers fit the cache.
const blockRows = 128

// Batch evaluates a tape at many rows at once. The first variables have one value for
// all rows, such as parameters; the others are columns. One goroutine at a time uses it.
type Batch struct {
	tape    *Tape
	scalars int
	varies  []bool // by register: whether it depends on a column
	used    []int  // the columns that the formula has

	value, adjoint [][]float64 // by register, of the rows of a block
	single         []float64   // by register, where it is the same for all rows
	singleAdjoint  []float64
}

// NewBatch returns a Batch of t of which that many variables are the same for all rows.
func (t *Tape) NewBatch(scalars int) *Batch {
	size := t.variables + len(t.numbers) + len(t.code)
	b := &Batch{tape: t, scalars: scalars, varies: make([]bool, size), single: make([]float64, size), singleAdjoint: make([]float64, size)}
	for i := scalars; i < t.variables; i++ {
		b.varies[i] = true
	}
	first := t.variables + len(t.numbers)
	for i, in := range t.code {
		b.varies[first+i] = b.varies[in.a] || b.varies[in.b] || b.varies[in.c]
	}
	for i := range t.variables - scalars {
		register := int32(scalars + i)
		if t.result == int(register) || slices.ContainsFunc(t.code, func(in instruction) bool { return in.a == register || in.b == register || in.c == register }) {
			b.used = append(b.used, i)
		}
	}
	b.value, b.adjoint = blocks(size), blocks(size)
	for i, number := range t.numbers {
		b.setSingle(t.variables+i, number)
	}
	return b
}

func blocks(count int) [][]float64 {
	all, made := make([]float64, count*blockRows), make([][]float64, count)
	for i := range made {
		made[i] = all[i*blockRows : (i+1)*blockRows : (i+1)*blockRows]
	}
	return made
}

// setSingle gives a register one value for all rows.
func (b *Batch) setSingle(register int, x float64) {
	b.single[register] = x
	block := b.value[register]
	for i := range block {
		block[i] = x
	}
}

// begin computes what is the same for all rows.
func (b *Batch) begin(scalars []float64) {
	for i, x := range scalars[:b.scalars] {
		b.setSingle(i, x)
	}
	first, v := b.tape.variables+len(b.tape.numbers), b.single
	for i, in := range b.tape.code {
		if !b.varies[first+i] {
			b.setSingle(first+i, compute(in.op, v[in.a], v[in.b], v[in.c]))
		}
	}
}

// Values stores the formula's value at each row in out, whose length is that of every
// column. A column may be out itself.
func (b *Batch) Values(out, scalars []float64, columns [][]float64) {
	b.begin(scalars)
	for from := 0; from < len(out); from += blockRows {
		to := min(from+blockRows, len(out))
		for _, i := range b.used {
			copy(b.value[b.scalars+i], columns[i][from:to])
		}
		b.forward(to - from)
		copy(out[from:to], b.value[b.tape.result])
	}
}

// Sum returns the sum of the formula's values at the rows from columns; at all of them
// where rows is nil. Unless gradient is nil, it stores the sum's gradient by the first
// variables there.
func (b *Batch) Sum(gradient, scalars []float64, columns [][]float64, rows []int32) float64 {
	b.begin(scalars)
	count := len(rows)
	if rows == nil {
		count = len(columns[0])
	}
	if gradient != nil {
		for i, adjoint := range b.adjoint {
			if !b.varies[i] {
				clear(adjoint)
			}
		}
	}
	sum := 0.0
	for from := 0; from < count; from += blockRows {
		n := min(blockRows, count-from)
		for _, i := range b.used {
			block, column := b.value[b.scalars+i], columns[i]
			if rows == nil {
				copy(block, column[from:from+n])
				continue
			}
			for k, row := range rows[from : from+n] {
				block[k] = column[row]
			}
		}
		b.forward(n)
		sum += floats.Sum(b.value[b.tape.result][:n])
		if gradient != nil {
			b.backward(n)
		}
	}
	if gradient != nil {
		b.finish(gradient)
	}
	return sum
}

func (b *Batch) forward(n int) {
	first := b.tape.variables + len(b.tape.numbers)
	for i, in := range b.tape.code {
		if !b.varies[first+i] {
			continue
		}
		out, x, y, z := b.value[first+i][:n], b.value[in.a][:n], b.value[in.b][:n], b.value[in.c][:n]
		switch in.op {
		case opAdd:
			for k := range out {
				out[k] = x[k] + y[k]
			}
		case opSub:
			for k := range out {
				out[k] = x[k] - y[k]
			}
		case opMul:
			for k := range out {
				out[k] = float64(x[k] * y[k])
			}
		case opSquare:
			for k := range out {
				out[k] = float64(x[k] * x[k])
			}
		default:
			for k := range out {
				out[k] = compute(in.op, x[k], y[k], z[k])
			}
		}
	}
}

// backward fills in the adjoints of a block. Those of registers that are the same for
// all rows add up over the blocks.
func (b *Batch) backward(n int) {
	t := b.tape
	for i, adjoint := range b.adjoint {
		if b.varies[i] {
			clear(adjoint[:n])
		}
	}
	result := b.adjoint[t.result][:n]
	for k := range result {
		result[k]++
	}
	first := t.variables + len(t.numbers)
	for i := len(t.code) - 1; i >= 0; i-- {
		if !b.varies[first+i] {
			continue
		}
		in, w := t.code[i], b.adjoint[first+i][:n]
		x, y, dx, dy := b.value[in.a][:n], b.value[in.b][:n], b.adjoint[in.a][:n], b.adjoint[in.b][:n]
		switch in.op {
		case opAdd:
			floats.Add(dx, w)
			floats.Add(dy, w)
		case opSub:
			floats.Add(dx, w)
			floats.Sub(dy, w)
		case opMul:
			for k := range w {
				dx[k] += w[k] * y[k]
			}
			if b.wanted(int(in.b)) {
				for k := range w {
					dy[k] += w[k] * x[k]
				}
			}
		case opSquare:
			for k := range w {
				dx[k] += 2 * w[k] * x[k]
			}
		default:
			b.backwardSlow(in, first+i, n)
		}
	}
}

// wanted reports whether the adjoint of a register counts: that of a column does not.
func (b *Batch) wanted(register int) bool {
	return register < b.scalars || register >= b.tape.variables+len(b.tape.numbers)
}

// backwardSlow is backward for any operation.
func (b *Batch) backwardSlow(in instruction, out, n int) {
	value, w, c := b.value[out], b.adjoint[out], b.value[in.c]
	x, y := b.value[in.a], b.value[in.b]
	da, db := b.adjoint[in.a], b.adjoint[in.b]
	if in.op == opWhere {
		da, db = b.adjoint[in.b], b.adjoint[in.c]
	}
	for k := range n {
		if w[k] != 0 {
			slopeA, slopeB := slopes(in.op, x[k], y[k], c[k], value[k])
			da[k] += times(w[k], slopeA)
			db[k] += times(w[k], slopeB)
		}
	}
}

// finish takes the adjoints of what is the same for all rows back to the variables.
func (b *Batch) finish(gradient []float64) {
	t, w, v := b.tape, b.singleAdjoint, b.single
	for i, adjoint := range b.adjoint {
		w[i] = 0
		if !b.varies[i] {
			w[i] = floats.Sum(adjoint)
		}
	}
	first := t.variables + len(t.numbers)
	for i := len(t.code) - 1; i >= 0; i-- {
		if in := t.code[i]; !b.varies[first+i] && w[first+i] != 0 {
			da, db := slopes(in.op, v[in.a], v[in.b], v[in.c], v[first+i])
			ra, rb := in.depends()
			w[ra] += times(w[first+i], da)
			w[rb] += times(w[first+i], db)
		}
	}
	copy(gradient, w[:b.scalars])
}
