package optim

import "slices"

// moments are the running means that Adam, AdamW and Nadam share, with their
// bias corrections (Kingma & Ba 2014, algorithm 1).
type moments struct {
	m, v                   []float64 // running means of g and g²
	mHat, vHat             []float64 // the same, divided by the sum of their weights
	beta1Power, beta2Power float64   // β₁ᵗ and β₂ᵗ
}

func startMoments(dim int) moments {
	return moments{
		m: Zeros(dim), v: Zeros(dim),
		mHat: Zeros(dim), vHat: Zeros(dim),
		beta1Power: 1, beta2Power: 1,
	}
}

func (s *moments) update(g []float64, h *Hyperparameters) {
	m, v, mHat, vHat := s.m[:len(g)], s.v[:len(g)], s.mHat[:len(g)], s.vHat[:len(g)]
	beta1, beta2 := h.Beta1, h.Beta2
	s.beta1Power = nextPower(s.beta1Power, beta1)
	s.beta2Power = nextPower(s.beta2Power, beta2)
	weights1, weights2 := 1-s.beta1Power, 1-s.beta2Power
	for i := range g {
		m[i] = beta1*m[i] + (1-beta1)*g[i]
		v[i] = beta2*v[i] + (1-beta2)*(g[i]*g[i])
		mHat[i] = m[i] / weights1
		vHat[i] = v[i] / weights2
	}
}

// nextPower returns βᵗ from βᵗ⁻¹. The running product stays right when β is
// changed mid-run: 1 − βᵗ is always the sum of the weights in the mean.
func nextPower(power, beta float64) float64 {
	power *= beta
	// Rounding would keep the product just above 0, at subnormal numbers, which
	// many processors multiply a hundred times slower.
	if power < 1e-300 {
		return 0
	}
	return power
}

func (s *moments) clone() moments {
	copied := *s
	copied.m, copied.v = clone(s.m), clone(s.v)
	copied.mHat, copied.vHat = clone(s.mHat), clone(s.vHat)
	return copied
}

// lines are those from g to v̂; the rule adds its θ.
func (s *moments) lines() []Line {
	dim := len(s.m)
	return []Line{
		gradientLine,
		firstMomentLine(s.m),
		secondMomentLine(s.v),
		powerLine("β₁", s.beta1Power, dim),
		powerLine("β₂", s.beta2Power, dim),
		stateLine("m̂", "m / (1 − β₁ᵗ)", s.mHat),
		stateLine("v̂", "v / (1 − β₂ᵗ)", s.vHat),
	}
}

func firstMomentLine(m []float64) Line { return stateLine("m", "β₁·m + (1 − β₁)·g", m) }

func secondMomentLine(v []float64) Line { return stateLine("v", "β₂·v + (1 − β₂)·g²", v) }

func powerLine(beta string, power float64, dim int) Line {
	return Line{Symbol: beta + "ᵗ", Formula: beta + "·" + beta + "ᵗ", Value: slices.Repeat([]float64{power}, dim)}
}
