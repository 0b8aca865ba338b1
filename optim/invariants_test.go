package optim

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// separable is a gradient in which coordinates do not mix: slope·θ + offset.
type separable struct{ slope, offset []float64 }

func (s separable) gradient(at []float64) []float64 {
	g := make([]float64, len(at))
	for i := range g {
		g[i] = s.slope[i]*at[i] + s.offset[i]
	}
	return g
}

// drawRace draws a dimension, a start, a gradient and hyperparameters in range.
func drawRace(t *rapid.T) (theta []float64, s separable, h Hyperparameters) {
	dim := rapid.IntRange(1, 6).Draw(t, "dim")
	draw := func(low, high float64, label string) []float64 {
		return rapid.SliceOfN(rapid.Float64Range(low, high), dim, dim).Draw(t, label)
	}
	theta = draw(-10, 10, "theta")
	s = separable{draw(-1, 30, "slope"), draw(-5, 5, "offset")}
	number := func(low, high float64, label string) float64 {
		return rapid.Float64Range(low, high).Draw(t, label)
	}
	h = Hyperparameters{
		Eta: number(0, 0.5, "eta"), Gamma: number(0, 0.999, "gamma"),
		Beta1: number(0, 0.999, "beta1"), Beta2: number(0.001, 0.9999, "beta2"),
		Epsilon: number(1e-10, 0.1, "eps"), Decay: number(0, 0.1, "decay"),
	}
	return theta, s, h
}

// after returns θ after some steps.
func after(o Optimizer, c Convention, theta []float64, h Hyperparameters, gradient func(at []float64) []float64, steps int) []float64 {
	rule, theta := o.Start(len(theta), c), slices.Clone(theta)
	for range steps {
		rule.Step(theta, &h, &Gradient{Of: gradient})
	}
	return theta
}

func mapped(x []float64, f func(float64) float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = f(x[i])
	}
	return y
}

func permuted(x []float64, order []int) []float64 {
	y := make([]float64, len(x))
	for i, from := range order {
		y[i] = x[from]
	}
	return y
}

func TestPermutedCoordinates(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		rapid.Check(t, func(t *rapid.T) {
			theta, s, h := drawRace(t)
			order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0)).Perm(len(theta))
			moved := separable{permuted(s.slope, order), permuted(s.offset, order)}
			want := permuted(after(o, c, theta, h, s.gradient, 5), order)
			if got := after(o, c, permuted(theta, order), h, moved.gradient, 5); !slices.Equal(got, want) {
				t.Errorf("θ = %v, want %v", got, want)
			}
		})
	})
}

func TestMirroredCoordinates(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		rapid.Check(t, func(t *rapid.T) {
			theta, s, h := drawRace(t)
			negate := func(x float64) float64 { return -x }
			mirror := separable{s.slope, mapped(s.offset, negate)}
			want := mapped(after(o, c, theta, h, s.gradient, 5), negate)
			if got := after(o, c, mapped(theta, negate), h, mirror.gradient, 5); !slices.Equal(got, want) {
				t.Errorf("θ = %v, want %v", got, want)
			}
		})
	})
}

func TestZeroEtaFreezes(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		rapid.Check(t, func(t *rapid.T) {
			theta, s, h := drawRace(t)
			h.Eta = 0
			if got := after(o, c, theta, h, s.gradient, 5); !slices.Equal(got, theta) {
				t.Errorf("θ = %v, want %v", got, theta)
			}
		})
	})
}

func TestOneGradientAStep(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		rapid.Check(t, func(t *rapid.T) {
			theta, s, h := drawRace(t)
			calls := 0
			after(o, c, theta, h, func(at []float64) []float64 { calls++; return s.gradient(at) }, 5)
			if calls != 5 {
				t.Errorf("%d gradients in 5 steps", calls)
			}
		})
	})
}

// Only Nesterov looks elsewhere than where it stands, and then only once it moves.
func TestWhereTheGradientIsTaken(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h, theta := plain(), bowlStart()
		rule := o.Start(2, c)
		for step := range 3 {
			here := true
			rule.Step(theta, &h, &Gradient{Of: func(at []float64) []float64 {
				here = slices.Equal(at, theta)
				return bowl(at)
			}})
			if want := o.Name != "nag" || step == 0; here != want {
				t.Errorf("step %d: the gradient was taken at θ: %v, want %v", step, here, want)
			}
		}
	})
}

// The same rule under other values, to the bit.
func TestSpecialCases(t *testing.T) {
	noGamma := func(h *Hyperparameters) { h.Gamma = 0 }
	noDecay := func(h *Hyperparameters) { h.Decay = 0 }
	for _, row := range []struct {
		special, general Optimizer
		make             func(h *Hyperparameters)
	}{
		{gd, momentum, noGamma},
		{gd, nag, noGamma},
		{adam, adamw, noDecay},
		{gd, sgd, func(*Hyperparameters) {}},
		{gd, minibatch, func(*Hyperparameters) {}},
	} {
		for _, c := range []Convention{Slides, Papers} {
			t.Run(row.general.Name+"/"+c.String(), func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					theta, s, h := drawRace(t)
					row.make(&h)
					want := after(row.special, c, theta, h, s.gradient, 5)
					if got := after(row.general, c, theta, h, s.gradient, 5); !slices.Equal(got, want) {
						t.Errorf("θ = %v, %s has %v", got, row.special.Name, want)
					}
				})
			})
		}
	}
}

func TestConventionsAgreeUnderTinyEpsilon(t *testing.T) {
	differInEpsilon := []Optimizer{adagrad, rmsprop, adam, nadam, amsgrad, adamw}
	same := []Optimizer{gd, sgd, minibatch, momentum, nag, lion}
	for _, o := range slices.Concat(differInEpsilon, same) {
		t.Run(o.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				theta, s, h := drawRace(t)
				h.Epsilon = 1e-200
				// A gradient that stays far from 0, so that √ε is nothing beside it.
				for i := range theta {
					s.slope[i] = 0
					s.offset[i] += math.Copysign(1, s.offset[i])
				}
				slides := after(o, Slides, theta, h, s.gradient, 5)
				papers := after(o, Papers, theta, h, s.gradient, 5)
				for i := range slides {
					if math.Abs(slides[i]-papers[i]) > 1e-12*math.Max(1, math.Abs(slides[i])) {
						t.Errorf("θ[%d] = %v in the slides, %v in the papers", i, slides[i], papers[i])
					}
				}
			})
		})
	}
}

func TestCloneIsIndependent(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		rule, theta := o.Start(2, c), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		clone, cloneTheta := rule.Clone(), slices.Clone(theta)
		if !reflect.DeepEqual(clone, rule) {
			t.Fatalf("the clone is %+v, the rule %+v", clone, rule)
		}
		before := clone.Lines()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		if now := clone.Lines(); !reflect.DeepEqual(now, before) {
			t.Errorf("a step of the rule changed its clone from %+v to %+v", before, now)
		}
		clone.Step(cloneTheta, &h, &Gradient{Of: bowl})
		if !slices.Equal(cloneTheta, theta) || !reflect.DeepEqual(clone, rule) {
			t.Errorf("the clone went to %v, the rule to %v", cloneTheta, theta)
		}
	})
}

func TestStepAllocatesNothing(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		h.Eta = 1e-3
		rule, theta, gradient := o.Start(2, c), bowlStart(), reusedBowl()
		if n := testing.AllocsPerRun(100, func() { rule.Step(theta, &h, gradient) }); n != 0 {
			t.Errorf("%v allocations a step", n)
		}
	})
}

// reusedBowl is bowl without an allocation a call, as the race calls it.
func reusedBowl() *Gradient {
	g := make([]float64, 2)
	return &Gradient{Of: func(at []float64) []float64 {
		g[0], g[1] = at[0], 25*at[1]
		return g
	}}
}

func BenchmarkStep(b *testing.B) {
	for _, o := range All() {
		for _, c := range []Convention{Slides, Papers} {
			b.Run(o.Name+"/"+c.String(), func(b *testing.B) {
				h := o.Defaults(c)
				h.Eta = 1e-3
				rule, theta, gradient := o.Start(2, c), bowlStart(), reusedBowl()
				for step := 0; b.Loop(); step++ {
					if step%4096 == 0 { // stay away from subnormal numbers at the optimum
						theta[0], theta[1] = 1, -1
					}
					rule.Step(theta, &h, gradient)
				}
			})
		}
	}
}
