package problem_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ravine/param"
	"ravine/problem"
)

func TestTalk(t *testing.T) {
	p := build(t, "regression").(problem.Quadratic)
	eigenvalues := p.Eigenvalues()
	for i, want := range []float64{800, 106667} {
		if !isNear(eigenvalues[i], want, want/100) {
			t.Errorf("eigenvalue %v, want %v", eigenvalues[i], want)
		}
	}
	if kappa := eigenvalues[1] / eigenvalues[0]; !isNear(kappa, 133, 1.33) {
		t.Errorf("κ = %v", kappa)
	}
	if limit := 2 / eigenvalues[1]; !isNear(limit, 1.875e-5, 1e-8) {
		t.Errorf("2/λmax = %v", limit)
	}
	best := p.Optima()[0]
	if !isNear(best.Theta[0], 2, 0.01) || !isNear(best.Theta[1], 25, 0.1) || !isNear(best.Loss, 800*0.25/2, 10) {
		t.Errorf("optimum %v", best)
	}
	if !slices.Equal(p.Start(), []float64{8, 75}) || !slices.Equal(p.Names(), []string{"a", "b"}) {
		t.Errorf("start %v, names %v", p.Start(), p.Names())
	}
	if view := p.View(); !isNear(view[0].Low, -8.2, 0.1) || !isNear(view[0].High, 12.2, 0.1) || view[1].High > 130 {
		t.Errorf("view %v", view)
	}
	var x []float64
	p.(problem.Plotted).Points(math.MaxInt, func(at, _ float64) { x = append(x, at) })
	for i := range 800 {
		if !isNear(x[i], -20+0.05*float64(i), 1e-12) {
			t.Fatalf("x%d = %v", i, x[i])
		}
	}
}

func TestExactData(t *testing.T) {
	for _, text := range []string{"regression:noise=0", "regression:noise=0,standardize=true", "regression:noise=0,n=10000", "sparse:noise=0"} {
		p := build(t, text)
		if loss := p.Optima()[0].Loss; !(0 <= loss && loss < 1e-20) {
			t.Errorf("%s: J* = %v", text, loss)
		}
	}
}

// TestSeed checks that the seed determines the data, and that noise scales
// without another draw.
func TestSeed(t *testing.T) {
	for _, name := range []string{"regression", "sparse", "neuron"} {
		optimum := func(noise string, seed uint64) []float64 {
			spec := param.Spec{Name: name, Pairs: []param.Pair{{Key: "noise", Value: noise}}}
			p, err := problem.Build(spec, seed)
			if err != nil {
				t.Fatal(err)
			}
			return p.Optima()[0].Theta
		}
		first := optimum("0.01", 1)
		if !slices.Equal(first, optimum("0.01", 1)) {
			t.Errorf("%s: one seed makes different data", name)
		}
		if slices.Equal(first, optimum("0.01", 2)) {
			t.Errorf("%s: two seeds make the same data", name)
		}
		exact, noisier := optimum("0", 1), optimum("0.02", 1)
		for j := range exact {
			if !isNear(noisier[j]-exact[j], 2*(first[j]-exact[j]), 0.02*math.Abs(noisier[j]-exact[j])+1e-9) {
				t.Errorf("%s: noise moves the optimum %v to %v and %v", name, exact, first, noisier)
			}
		}
	}
}

func TestStandardize(t *testing.T) {
	raw, scaled := build(t, "regression").(problem.Quadratic), build(t, "regression:standardize=true").(problem.Quadratic)
	if e := scaled.Eigenvalues(); !isNear(e[1]/e[0], 1, 1e-12) || !isNear(e[0], 800, 1e-9) {
		t.Errorf("eigenvalues %v", e)
	}
	if _, ok := raw.(problem.Rescaled); ok {
		t.Error("a problem in the data's own scale is Rescaled")
	}
	got := scaled.(problem.Rescaled).Unscaled(scaled.Optima()[0].Theta)
	for j, want := range raw.Optima()[0].Theta {
		if !isNear(got[j], want, 1e-12*math.Abs(want)) {
			t.Errorf("unscaled optimum %v, want %v", got, raw.Optima()[0].Theta)
		}
	}
	theta := []float64{3, -1}
	own := scaled.(problem.Rescaled).Unscaled(theta)
	if got, want := scaled.Loss(theta), raw.Loss(own); !isNear(got, want, 1e-12*want) {
		t.Errorf("J%v = %v scaled, J%v = %v unscaled", theta, got, own, want)
	}
	if got, want := scaled.(problem.Plotted).Predict(theta, 7), own[0]*7+own[1]; !isNear(got, want, 1e-12) {
		t.Errorf("predicts %v at 7, want %v", got, want)
	}
	type point struct{ x, y float64 }
	points := func(p problem.Problem) (all []point) {
		p.(problem.Plotted).Points(10, func(x, y float64) { all = append(all, point{x, y}) })
		return all
	}
	for i, want := range points(raw) {
		if got := points(scaled)[i]; !isNear(got.x, want.x, 1e-12) || got.y != want.y {
			t.Errorf("point %v, want %v", got, want)
		}
	}
}

// A feature far from 0, as a date in seconds is, is brought to mean 0 all the
// same: the slope and the intercept then do not meet in H.
func TestStandardizeFarFromZero(t *testing.T) {
	text := "seconds,y\n"
	const rows = 50
	for i := range rows {
		text += fmt.Sprintf("%.6f,%d\n", 1.7e9+math.Sin(float64(i)), i)
	}
	p := build(t, fileSpec(writeCSV(t, text), param.Pair{Key: "standardize", Value: "true"}, param.Pair{Key: "reduce", Value: "mean"}).String())
	gradient := make([]float64, 2)
	p.Evaluate(gradient, p.Optima()[0].Theta)
	at := []float64{p.Optima()[0].Theta[0] + 1, p.Optima()[0].Theta[1]}
	p.Evaluate(gradient, at)
	if math.Abs(gradient[1]) > 1e-13 || !isNear(gradient[0], 1, 1e-12) {
		t.Errorf("a step of 1 along the slope has the gradient %v, want (1, 0)", gradient)
	}
	if want := (rows - 1) / 2.0; !isNear(p.Optima()[0].Theta[1], want, 1e-13*want) {
		t.Errorf("the intercept is %v, want the mean %v", p.Optima()[0].Theta[1], want)
	}
}

func TestPlotted(t *testing.T) {
	path := writeCSV(t, "area,rooms,price\n1,10,100\n3,20,200\n5,60,300\n")
	houses, err := problem.Build(fileSpec(path), 1)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		p          problem.Problem
		theta      []float64
		at, want   float64
		x, y       string
		limit      int
		firstPoint [2]float64
		lastPoint  [2]float64
		points     int
	}{
		{build(t, "regression:noise=0"), []float64{2, 25}, 4, 33, "x", "y", 100, [2]float64{-20, -15}, [2]float64{19.6, 64.2}, 100},
		{build(t, "regression:n=5,noise=0"), []float64{0, 1}, 4, 1, "x", "y", 100, [2]float64{-20, -15}, [2]float64{12, 49}, 5},
		{build(t, "neuron:noise=0"), []float64{1, 2}, -2, 0, "x", "y", 0, [2]float64{}, [2]float64{}, 0},
		{houses, []float64{2, 0.5, 100}, 7, 14 + 15 + 100, "area", "price", 2, [2]float64{1, 100}, [2]float64{3, 200}, 2},
	}
	for _, test := range tests {
		plotted := test.p.(problem.Plotted)
		if got := plotted.Predict(test.theta, test.at); !isNear(got, test.want, 1e-12) {
			t.Errorf("predicts %v, want %v", got, test.want)
		}
		if x, y := plotted.Axes(); x != test.x || y != test.y {
			t.Errorf("axes %s and %s, want %s and %s", x, y, test.x, test.y)
		}
		var points [][2]float64
		plotted.Points(test.limit, func(x, y float64) { points = append(points, [2]float64{x, y}) })
		if len(points) != test.points {
			t.Errorf("%d points, want %d", len(points), test.points)
		}
		if len(points) > 0 && (points[0] != test.firstPoint || points[len(points)-1] != test.lastPoint) {
			t.Errorf("points %v, want %v to %v", points, test.firstPoint, test.lastPoint)
		}
	}
}

// TestSparseFeatures checks that the first feature is common, the last is rare,
// and none is missing; H's diagonal entry is the sum of a feature's squares.
func TestSparseFeatures(t *testing.T) {
	for _, text := range []string{"sparse", "sparse:features=64", "sparse:n=64,features=64"} {
		p := build(t, text)
		gradient := make([]float64, p.Dim())
		diagonal := make([]float64, p.Dim())
		for j := range diagonal {
			theta := slices.Clone(p.Optima()[0].Theta)
			theta[j]++
			p.Evaluate(gradient, theta)
			diagonal[j] = gradient[j]
			if !(diagonal[j] > 1e-9) {
				t.Errorf("%s: feature %d is 0 in every row", text, j+1)
			}
		}
		if first, last := diagonal[0], diagonal[len(diagonal)-1]; first < 10*last {
			t.Errorf("%s: Σx² is %v of the first feature, %v of the last", text, first, last)
		}
	}
}

// TestBlocks compares what is found block by block with what gonum finds for
// the whole matrix at once, also where columns depend on each other.
func TestBlocks(t *testing.T) {
	const n = 10_000
	tests := []struct {
		name string
		row  func(random *rand.Rand) []float64
		rank int
	}{
		{"independent", func(r *rand.Rand) []float64 {
			return []float64{r.NormFloat64(), 3 + r.Float64(), 100 * r.NormFloat64()}
		}, 4},
		{"one column twice", func(r *rand.Rand) []float64 { x := r.NormFloat64(); return []float64{x, r.NormFloat64(), x} }, 3},
		{"a sum", func(r *rand.Rand) []float64 { x, y := r.NormFloat64(), r.Float64(); return []float64{x, y, x + y} }, 3},
		{"a constant", func(r *rand.Rand) []float64 { return []float64{r.NormFloat64(), 7, 0} }, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(6, 1))
			x, y := mat.NewDense(n, 4, nil), mat.NewVecDense(n, nil)
			var text strings.Builder
			text.WriteString("u,v,w,y\n")
			for i := range n {
				row := append(test.row(random), 1)
				x.SetRow(i, row)
				y.SetVec(i, row[0]-2*row[1]+row[2]+5+random.NormFloat64())
				fmt.Fprintf(&text, "%v,%v,%v,%v\n", row[0], row[1], row[2], y.AtVec(i))
			}
			p, err := problem.Build(fileSpec(writeCSV(t, text.String())), 1)
			if err != nil {
				t.Fatal(err)
			}
			compareWithSVD(t, p.(problem.Quadratic), x, y, test.rank)
		})
	}
}

func compareWithSVD(t *testing.T, p problem.Quadratic, x *mat.Dense, y *mat.VecDense, rank int) {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(x, mat.SVDThin) {
		t.Fatal("gonum's SVD fails")
	}
	var theta, residual mat.VecDense
	svd.SolveVecTo(&theta, y, rank)
	residual.MulVec(x, &theta)
	residual.SubVec(&residual, y)
	best := p.Optima()[0]
	if want := mat.Dot(&residual, &residual) / 2; !isNear(best.Loss, want, 1e-10*want) {
		t.Errorf("J* = %v, want %v", best.Loss, want)
	}
	for j := range theta.Len() {
		if !isNear(best.Theta[j], theta.AtVec(j), 1e-9) {
			t.Errorf("θ* = %v, want %v", best.Theta, theta.RawVector().Data)
		}
	}
	eigenvalues := p.Eigenvalues()
	slices.Reverse(eigenvalues)
	for i, sigma := range svd.Values(nil) {
		if i >= rank && eigenvalues[i] != 0 || i < rank && !isNear(eigenvalues[i], sigma*sigma, 1e-10*sigma*sigma) {
			t.Errorf("eigenvalue %v, want %v", eigenvalues[i], sigma*sigma)
		}
	}
}

// TestFewerExamplesThanFeatures checks that the optimum is the one of smallest norm.
func TestFewerExamplesThanFeatures(t *testing.T) {
	p, err := problem.Build(fileSpec(writeCSV(t, "u,v,y\n3,4,26\n")), 1)
	if err != nil {
		t.Fatal(err)
	}
	best := p.Optima()[0]
	for j, want := range []float64{3, 4, 1} { // (3, 4, 1)·26/‖(3, 4, 1)‖²
		if !isNear(best.Theta[j], want, 1e-12) {
			t.Errorf("θ* = %v", best.Theta)
		}
	}
	if best.Loss > 1e-20 || !slices.Equal(p.(problem.Quadratic).Eigenvalues()[:2], []float64{0, 0}) {
		t.Errorf("J* = %v, eigenvalues %v", best.Loss, p.(problem.Quadratic).Eigenvalues())
	}
}

// TestUnits checks that columns in very different units are all fitted.
func TestUnits(t *testing.T) {
	var text strings.Builder
	text.WriteString("nanoseconds,millimetres,y\n")
	for i := range 100 {
		x, y := 1.7e18+8e13*float64(i), 1e-9*float64(i*i%37)
		fmt.Fprintf(&text, "%v,%v,%v\n", x, y, 3*float64(i)+2e9*y)
	}
	p, err := problem.Build(fileSpec(writeCSV(t, text.String())), 1)
	if err != nil {
		t.Fatal(err)
	}
	best := p.Optima()[0]
	if !isNear(best.Theta[0], 3/8e13, 1e-18) || !isNear(best.Theta[1], 2e9, 1e3) || best.Loss > 1e-6 {
		t.Errorf("optimum %v", best)
	}
}

// TestBatchCurvature compares the bound with the Hessians of batches.
func TestBatchCurvature(t *testing.T) {
	for _, text := range []string{"regression", "regression:reduce=mean", "regression:standardize=true", "sparse", "sparse:reduce=mean"} {
		p := build(t, text).(problem.Quadratic)
		sampled := p.(problem.Sampled)
		n, eigenvalues := sampled.Examples(), p.Eigenvalues()
		all := batches(rand.New(rand.NewPCG(8, 1)).Perm(n), n)[0]
		if got, want := eigenvalues[len(eigenvalues)-1], largestCurvature(sampled, all); !isNear(got, want, 1e-9*want) {
			t.Errorf("%s: λmax = %v, want %v", text, got, want)
		}
		for _, whole := range []int{0, n, n + 1} {
			if got := p.BatchCurvature(whole); got != eigenvalues[len(eigenvalues)-1] {
				t.Errorf("%s: bound %v for batch %d, want λmax %v", text, got, whole, eigenvalues)
			}
		}
		random := rand.New(rand.NewPCG(7, 1))
		closest := 0.0
		for _, size := range []int{1, 2, 32, n - 1} {
			for range 50 {
				order := random.Perm(n)
				got := largestCurvature(sampled, batches(order, size)[0])
				bound := p.BatchCurvature(size)
				if bound > p.BatchCurvature(0)*(1+1e-12) && !strings.HasSuffix(text, "mean") {
					t.Errorf("%s: bound %v for a batch of %d is above that of the whole", text, bound, size)
				}
				if got > bound*(1+1e-12) {
					t.Errorf("%s: curvature %v of a batch of %d is above the bound %v", text, got, size, bound)
				}
				closest = max(closest, got/bound)
			}
		}
		if closest < 0.5 {
			t.Errorf("%s: the bound is never nearer than %v", text, closest)
		}
	}
	if got := build(t, "ravine").(problem.Quadratic).BatchCurvature(1); got != 25 {
		t.Errorf("ravine's curvature is %v", got)
	}
}

// largestCurvature returns the largest eigenvalue of a batch's Hessian, whose
// columns are differences of gradients.
func largestCurvature(p problem.Sampled, rows []int32) float64 {
	dim := p.Dim()
	zero, column, theta := make([]float64, dim), make([]float64, dim), make([]float64, dim)
	p.EvaluateBatch(zero, theta, rows)
	hessian := mat.NewSymDense(dim, nil)
	for j := range dim {
		theta[j] = 1
		p.EvaluateBatch(column, theta, rows)
		theta[j] = 0
		for i := range j + 1 {
			hessian.SetSym(i, j, column[i]-zero[i])
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(hessian, false) {
		return math.NaN()
	}
	return eigen.Values(nil)[dim-1]
}

func TestRavineEigenvalues(t *testing.T) {
	for text, want := range map[string][]float64{"ravine": {1, 25}, "ravine:kappa=0.5,angle=10": {0.5, 1}} {
		if got := build(t, text).(problem.Quadratic).Eigenvalues(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// A turned ravine is its formula, however many times it is turned.
func TestRavineTurned(t *testing.T) {
	for angle := -800.0; angle < 800; angle += 33 {
		sin, cos := math.Sincos(angle * math.Pi / 180)
		u, v := 3*cos+2*sin, -3*sin+2*cos
		p := build(t, fmt.Sprintf("ravine:kappa=100,angle=%v", angle))
		if got, want := p.Loss([]float64{3, 2}), (u*u+100*v*v)/2; !isNear(got, want, 1e-11*want) {
			t.Errorf("angle %v: J(3, 2) = %v, want %v", angle, got, want)
		}
	}
}

// At quarter turns a ravine is flat along one coordinate to the last bit: rules
// that only see a gradient's sign would follow what is left by rounding.
func TestRavineAtQuarterTurns(t *testing.T) {
	for angle := -450; angle <= 450; angle += 90 {
		p := build(t, fmt.Sprintf("ravine:kappa=100,angle=%d", angle))
		gradient := make([]float64, 2)
		for i, theta := range [][]float64{{7, 0}, {0, 7}} {
			if p.Evaluate(gradient, theta); gradient[1-i] != 0 || gradient[i] != 7 && gradient[i] != 700 {
				t.Errorf("angle %d: ∇J%v is %v", angle, theta, gradient)
			}
		}
	}
}
