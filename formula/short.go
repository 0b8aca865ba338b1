package formula

// shortTape is a tape of few registers, as most typed losses are: they lie on the stack,
// and what often comes together is one instruction.
type shortTape struct {
	numbers []float64 // in the registers after the variables
	code    []shortInstruction
	out     int // register of the first instruction
}

// mostShort is the number of registers; a power of two, by which they need no check.
const mostShort = 16

type shortInstruction struct {
	op      int8
	a, b, c uint8
}

// The fused operations, beyond those of tapes.
const (
	opSquareOfDifference = -1 - iota // (a − b)²
	opMinusSquare                    // a − b²
	opPlusProduct                    // c + a·b
)

// shorten returns a tape as a short one, or nil where it has too many registers.
func shorten(t *Tape) *shortTape {
	first := t.variables + len(t.numbers)
	if first+len(t.code) > 2*mostShort || len(t.code) == 0 || t.result != first+len(t.code)-1 {
		return nil
	}
	uses := make([]int, first+len(t.code))
	for _, in := range t.code {
		for _, operand := range in.operands() {
			uses[operand]++
		}
	}
	s := &shortTape{numbers: t.numbers, out: first}
	place := make([]uint8, len(uses)) // of each register in the short tape
	for i := range first {
		place[i] = uint8(i)
	}
	fused := make([]bool, len(t.code))
	short := make([]instruction, len(t.code))
	// made returns the instruction of a register if it is of that operation and nothing
	// else uses it.
	made := func(register int32, op operation) (instruction, bool) {
		if int(register) < first || uses[register] > 1 {
			return instruction{}, false
		}
		in := short[int(register)-first]
		return in, in.op == op
	}
	for i, in := range t.code {
		short[i] = in
		if from, ok := made(in.a, opSub); ok && in.op == opSquare {
			short[i] = instruction{opSquareOfDifference, from.a, from.b, from.a}
			fused[int(in.a)-first] = true
		}
		if from, ok := made(in.b, opSquare); ok && in.op == opSub && in.a != in.b {
			short[i] = instruction{opMinusSquare, in.a, from.a, in.a}
			fused[int(in.b)-first] = true
		}
		if in.op != opAdd || in.a == in.b {
			continue
		}
		if from, ok := made(in.b, opMul); ok {
			short[i] = instruction{opPlusProduct, from.a, from.b, in.a}
			fused[int(in.b)-first] = true
		} else if from, ok := made(in.a, opMul); ok {
			short[i] = instruction{opPlusProduct, from.a, from.b, in.b}
			fused[int(in.a)-first] = true
		}
	}
	for i, in := range short {
		if !fused[i] {
			place[first+i] = uint8(first + len(s.code))
			s.code = append(s.code, shortInstruction{int8(in.op), place[in.a], place[in.b], place[in.c]})
		}
	}
	if first+len(s.code) > mostShort {
		return nil
	}
	return s
}

// value computes the formula's value and leaves that of every register in v.
func (s *shortTape) value(v *[mostShort]float64, theta []float64) (result float64) {
	for i, x := range theta {
		v[i&(mostShort-1)] = x
	}
	at := len(theta)
	for _, x := range s.numbers {
		v[at&(mostShort-1)] = x
		at++
	}
	for i := range s.code {
		in := &s.code[i]
		a, b := v[in.a&(mostShort-1)], v[in.b&(mostShort-1)]
		switch operation(in.op) {
		case opSquareOfDifference:
			result = float64((a - b) * (a - b))
		case opMinusSquare:
			result = a - float64(b*b)
		case opPlusProduct:
			result = v[in.c&(mostShort-1)] + float64(a*b)
		case opAdd:
			result = a + b
		case opSub:
			result = a - b
		case opMul:
			result = float64(a * b)
		case opSquare:
			result = float64(a * a)
		default:
			result = compute(operation(in.op), a, b, v[in.c&(mostShort-1)])
		}
		v[at&(mostShort-1)] = result
		at++
	}
	return result
}

// gradient computes the formula's value, and stores its gradient.
func (s *shortTape) gradient(gradient, theta []float64) float64 {
	var v, w [mostShort]float64
	result := s.value(&v, theta)
	at := s.out + len(s.code) - 1
	w[at&(mostShort-1)] = 1
	for i := len(s.code) - 1; i >= 0; i-- {
		in, g := &s.code[i], w[at&(mostShort-1)]
		value := v[at&(mostShort-1)]
		at--
		if g == 0 {
			continue
		}
		ia, ib := in.a&(mostShort-1), in.b&(mostShort-1)
		a, b := v[ia], v[ib]
		switch operation(in.op) {
		case opSquareOfDifference:
			d := 2 * g * (a - b)
			w[ia] += d
			w[ib] -= d
		case opMinusSquare:
			w[ia] += g
			w[ib] -= 2 * g * b
		case opPlusProduct:
			w[in.c&(mostShort-1)] += g
			w[ia] += g * b
			w[ib] += g * a
		case opAdd:
			w[ia] += g
			w[ib] += g
		case opSub:
			w[ia] += g
			w[ib] -= g
		case opMul:
			w[ia] += g * b
			w[ib] += g * a
		case opSquare:
			w[ia] += 2 * g * a
		default:
			da, db := slopes(operation(in.op), a, b, v[in.c&(mostShort-1)], value)
			if operation(in.op) == opWhere {
				ia, ib = ib, in.c&(mostShort-1)
			}
			w[ia] += times(g, da)
			w[ib] += times(g, db)
		}
	}
	for i := range gradient {
		gradient[i] = w[i&(mostShort-1)]
	}
	return result
}
