package problem_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"ravine/param"
	"ravine/problem"
)

// compareGradient compares a gradient with central differences of its loss.
func compareGradient(t *testing.T, theta, gradient []float64, loss func([]float64) float64) {
	t.Helper()
	for j := range theta {
		h := 6e-6 * max(1, math.Abs(theta[j]))
		moved := slices.Clone(theta)
		moved[j] = theta[j] + h
		above := loss(moved)
		moved[j] = theta[j] - h
		below := loss(moved)
		want := (above - below) / (2 * h)
		tolerance := 1e-7*max(1, norm(gradient)) + 4e-16*max(math.Abs(above), math.Abs(below))/h
		if !isNear(gradient[j], want, tolerance) {
			t.Fatalf("∂J/∂θ%d at %v is %v, want %v ± %.1g", j, theta, gradient[j], want, tolerance)
		}
	}
}

func TestGradients(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		random := rand.New(rand.NewPCG(1, 1))
		gradient := make([]float64, p.Dim())
		for range 100 {
			theta := pointAround(random, p.View())
			p.Evaluate(gradient, theta)
			compareGradient(t, theta, gradient, p.Loss)
		}
	})
}

func TestBatchGradients(t *testing.T) {
	checked := 0
	forEach(t, func(t *testing.T, p problem.Problem) {
		sampled, ok := p.(problem.Sampled)
		if !ok {
			return
		}
		checked++
		random := rand.New(rand.NewPCG(2, 1))
		gradient, unused := make([]float64, p.Dim()), make([]float64, p.Dim())
		for range 100 {
			theta := pointAround(random, p.View())
			rows := someRows(random, sampled.Examples())
			sampled.EvaluateBatch(gradient, theta, rows)
			compareGradient(t, theta, gradient, func(at []float64) float64 {
				return sampled.EvaluateBatch(unused, at, rows)
			})
		}
	})
	if checked < 9 {
		t.Errorf("%d problems with examples were checked", checked)
	}
}

func someRows(random *rand.Rand, n int) []int32 {
	rows := make([]int32, 0, n)
	for _, i := range random.Perm(n)[:1+random.IntN(min(n, 40))] {
		rows = append(rows, int32(i))
	}
	return rows
}

// TestBatchesAddUp checks that loss and gradient of batches that hold every
// example once add up to (or with reduce=mean average to) those of the whole.
func TestBatchesAddUp(t *testing.T) {
	for _, text := range []string{"regression", "regression:reduce=mean", "regression:standardize=true", "sparse",
		"sparse:reduce=mean", "neuron"} {
		p := build(t, text).(problem.Sampled)
		n := p.Examples()
		isMean := text == "regression:reduce=mean" || text == "sparse:reduce=mean"
		random := rand.New(rand.NewPCG(3, 1))
		for _, size := range []int{1, 7, n - 1, n} {
			theta := pointAround(random, p.View())
			want := make([]float64, p.Dim()+1)
			want[p.Dim()] = p.Evaluate(want[:p.Dim()], theta)
			got, batch := make([]float64, p.Dim()+1), make([]float64, p.Dim()+1)
			for _, rows := range batches(random.Perm(n), size) {
				batch[p.Dim()] = p.EvaluateBatch(batch[:p.Dim()], theta, rows)
				weight := 1.0
				if isMean {
					weight = float64(len(rows)) / float64(n)
				}
				for j := range got {
					got[j] += weight * batch[j]
				}
			}
			for j := range got {
				if !isNear(got[j], want[j], 1e-10*norm(want)) {
					t.Errorf("%s in batches of %d: gradient and loss %v, want %v", text, size, got, want)
				}
			}
		}
	}
}

func batches(order []int, size int) [][]int32 {
	var all [][]int32
	for chunk := range slices.Chunk(order, size) {
		rows := make([]int32, len(chunk))
		for k, i := range chunk {
			rows[k] = int32(i)
		}
		all = append(all, rows)
	}
	return all
}

func TestEvaluateReturnsLoss(t *testing.T) {
	extremes := []float64{0, math.Inf(1), math.Inf(-1), math.NaN(), 1e200, -1e308, 5e-324}
	forEach(t, func(t *testing.T, p problem.Problem) {
		random := rand.New(rand.NewPCG(4, 1))
		gradient := make([]float64, p.Dim())
		for k := range 1000 {
			theta := pointAround(random, p.View())
			if k%2 == 1 {
				for j := range theta {
					theta[j] = extremes[random.IntN(len(extremes))]
				}
			}
			got, want := p.Evaluate(gradient, theta), p.Loss(theta)
			if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("at %v Evaluate returns %v, Loss %v", theta, got, want)
			}
			if sampled, ok := p.(problem.Sampled); ok {
				sampled.EvaluateBatch(gradient, theta, []int32{0})
			}
		}
	})
}

func TestOptima(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		random := rand.New(rand.NewPCG(5, 1))
		optima := p.Optima()
		if len(optima) == 0 {
			t.Fatal("no optimum")
		}
		gradient := make([]float64, p.Dim())
		for _, optimum := range optima {
			loss := p.Evaluate(gradient, optimum.Theta)
			if !isNear(loss, optimum.Loss, 1e-25) {
				t.Errorf("J%v = %v, want %v", optimum.Theta, loss, optimum.Loss)
			}
			if norm(gradient) > 1e-12 {
				t.Errorf("∇J%v = %v", optimum.Theta, gradient)
			}
			for range 100 {
				if theta := pointAround(random, p.View()); p.Loss(theta) < optima[0].Loss {
					t.Errorf("J%v = %v is below the best optimum, %v", theta, p.Loss(theta), optimum)
				}
			}
		}
	})
}

// TestScale: neither part is ever 0, so every rule opens at an η of its own; not
// even where the race starts at the optimum.
func TestScale(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		for _, start := range [][]float64{p.Start(), p.Optima()[0].Theta, make([]float64, p.Dim())} {
			for _, batch := range []int{0, 1, 3} {
				for _, part := range []float64{p.Scale(start, batch).Curvature, p.Scale(start, batch).Distance} {
					if !(part > 0) || math.IsInf(part, 0) {
						t.Errorf("from %v with batch %d: %+v", start, batch, p.Scale(start, batch))
					}
				}
			}
		}
	})
}

func TestShape(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		if len(p.Start()) != p.Dim() || len(p.View()) != p.Dim() || len(p.Names()) != p.Dim() {
			t.Fatalf("start %v, view %v, names %v of %d parameters", p.Start(), p.View(), p.Names(), p.Dim())
		}
		for j, side := range p.View() {
			margin := (side.High - side.Low) / 20
			for _, x := range []float64{p.Start()[j], p.Optima()[0].Theta[j]} {
				if !(side.Low+margin <= x && x <= side.High-margin) {
					t.Errorf("%v of %s is not well inside %v", x, p.Names()[j], side)
				}
			}
		}
		p.Start()[0], p.View()[0] = 99, problem.Interval{}
		if p.Start()[0] == 99 || p.View()[0] == (problem.Interval{}) {
			t.Error("a caller can change start or view")
		}
	})
}

func TestNoAllocations(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		theta, gradient, rows := p.Start(), make([]float64, p.Dim()), []int32{0, 0}
		if n := testing.AllocsPerRun(100, func() { p.Evaluate(gradient, theta) }); n != 0 {
			t.Errorf("Evaluate allocates %v times", n)
		}
		if n := testing.AllocsPerRun(100, func() { p.Loss(theta) }); n != 0 {
			t.Errorf("Loss allocates %v times", n)
		}
		if sampled, ok := p.(problem.Sampled); ok {
			if n := testing.AllocsPerRun(100, func() { sampled.EvaluateBatch(gradient, theta, rows) }); n != 0 {
				t.Errorf("EvaluateBatch allocates %v times", n)
			}
		}
	})
}

// TestConcurrentUse is for the race detector; that the values agree is checked as well.
func TestConcurrentUse(t *testing.T) {
	forEach(t, func(t *testing.T, p problem.Problem) {
		theta := p.Start()
		want := p.Loss(theta)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				gradient := make([]float64, p.Dim())
				for range 50 {
					if got := p.Evaluate(gradient, theta); got != want {
						t.Errorf("J(start) = %v, want %v", got, want)
					}
					if sampled, ok := p.(problem.Sampled); ok {
						sampled.EvaluateBatch(gradient, theta, []int32{0})
					}
				}
			})
		}
		group.Wait()
	})
}

// TestFormulas compares losses with the formulas of the documentation, at
// points where they are easy to work out by hand.
func TestFormulas(t *testing.T) {
	tests := []struct {
		spec  string
		theta []float64
		want  float64
	}{
		{"ravine", []float64{-10, 1}, 62.5},
		{"ravine:kappa=4,angle=90", []float64{3, 1}, 18.5},
		{"ravine:kappa=3,angle=45", []float64{1, 1}, 1},
		{"ravine:kappa=3,angle=405", []float64{1, -1}, 3},
		{"rosenbrock", []float64{-1.2, 1}, 24.2},
		{"rosenbrock:b=10", []float64{2, 3}, 11},
		{"beale", []float64{1, 1.5}, 41.25},
		{"beale", []float64{1e20, 1}, 14.203125},
		{"himmelblau", []float64{0, 0}, 170},
		{"himmelblau", []float64{1, 2}, 68},
		{"saddle", []float64{2, 2}, 4},
		{"rastrigin", []float64{-2, 3.5}, 4 + 12.25 + 20},
		{"rastrigin", []float64{0.25, 0}, 10.0625},
		{"regression:n=2,noise=0", []float64{2, 26}, 1},
		{"regression:n=2,noise=0", []float64{3, 25}, 200},
		{"regression:n=2,noise=0,reduce=mean", []float64{3, 25}, 100},
	}
	for _, test := range tests {
		if got := build(t, test.spec).Loss(test.theta); !isNear(got, test.want, 1e-12*test.want) {
			t.Errorf("%s: J%v = %v, want %v", test.spec, test.theta, got, test.want)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, kind := range problem.Kinds() {
		if kind.Summary == "" || kind.Formula == "" {
			t.Errorf("%s has no summary or formula", kind.Name)
		}
		if _, ok := param.Find(kind.Parameters, kind.Main); !ok && kind.Main != "" {
			t.Errorf("%s has no parameter %s", kind.Name, kind.Main)
		}
		if main, _ := param.Find(kind.Parameters, kind.Main); kind.Main != "" && main.Scale == param.Fixed {
			t.Errorf("%s: keys do not step %s", kind.Name, kind.Main)
		}
		for _, p := range kind.Parameters {
			spec := param.Spec{Name: kind.Name, Pairs: []param.Pair{{Key: p.Key, Value: p.Default}}}
			if err := problem.Check(spec); p.Default != "" && err != nil {
				t.Errorf("the default of %s is refused: %v", p.Key, err)
			}
			if p.Help == "" {
				t.Errorf("%s of %s has no help", p.Key, kind.Name)
			}
		}
	}
}
