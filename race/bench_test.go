package race_test

import (
	"math"
	"testing"

	"ravine/param"
	"ravine/race"
)

const benchmarkSteps = 10_000

// six is the default line-up on the default ravine, never stopping.
func six(tb testing.TB) *race.Runner {
	value := race.Default()
	value.Steps, value.Tol = 0, 0
	runner, err := race.New(value)
	if err != nil {
		tb.Fatal(err)
	}
	return runner
}

// BenchmarkEngine and BenchmarkPlainLoops do the same work: six lanes on the
// ravine, 10,000 steps, with the loss and the gradient's norm at each.
func BenchmarkEngine(b *testing.B) {
	runner := six(b)
	b.ReportAllocs()
	for b.Loop() {
		runner.Seek(0)
		runner.Seek(benchmarkSteps)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchmarkSteps*6), "ns/step")
}

func BenchmarkPlainLoops(b *testing.B) {
	losses := make([]float64, benchmarkSteps)
	norms := make([]float64, benchmarkSteps)
	path := make([][2]float64, benchmarkSteps)
	loops := []func(*record){plainGD, plainMomentum, plainNAG, plainAdagrad, plainRMSprop, plainAdam}
	b.ReportAllocs()
	for b.Loop() {
		for _, loop := range loops {
			loop(&record{losses, norms, path})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchmarkSteps*6), "ns/step")
}

// BenchmarkReplay replays ten lanes of 10,000 steps, as a key press does.
func BenchmarkReplay(b *testing.B) {
	value := race.Default()
	value.Steps, value.Tol = 0, 0
	for _, name := range []string{"nadam", "adamax", "amsgrad", "lion"} {
		value.Lanes = append(value.Lanes, param.Spec{Name: name})
	}
	runner, err := race.New(value)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		runner.Seek(0)
		runner.Seek(benchmarkSteps)
	}
}

// record is what a plain loop keeps of its way.
type record struct {
	losses, norms []float64
	path          [][2]float64
}

const (
	kappa            = 25.0
	startX, startY   = -10.0, 1.0
	gamma            = 0.9
	epsilon          = 1e-8
	beta1, beta2     = 0.9, 0.999
	etaGD            = 0.075
	etaMomentum      = 0.02
	etaAdagrad       = 2.0
	etaRMSprop       = 0.2
	etaAdam          = 0.4
	lossAtDivergence = 1e14
)

var cosine, sine = math.Cos(0), math.Sin(0)

// ravine returns J and ∇J.
func ravine(x, y float64) (loss, gx, gy float64) {
	u, v := x*cosine+y*sine, -x*sine+y*cosine
	return 0.5 * (u*u + kappa*v*v), u*cosine - kappa*v*sine, u*sine + kappa*v*cosine
}

// keep records a step and reports whether the lane goes on.
func (r *record) keep(i int, x, y, loss, gx, gy float64) bool {
	r.losses[i], r.path[i] = loss, [2]float64{x, y}
	r.norms[i] = math.Sqrt(gx*gx + gy*gy)
	return loss <= lossAtDivergence && x-x == 0 && y-y == 0
}

func plainGD(r *record) {
	x, y := startX, startY
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		x -= etaGD * gx
		y -= etaGD * gy
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainMomentum(r *record) {
	x, y := startX, startY
	vx, vy := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		vx = gamma*vx + etaMomentum*gx
		vy = gamma*vy + etaMomentum*gy
		x -= vx
		y -= vy
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainNAG(r *record) {
	x, y := startX, startY
	vx, vy := 0.0, 0.0
	for i := range benchmarkSteps {
		_, gx, gy := ravine(x-gamma*vx, y-gamma*vy)
		vx = gamma*vx + etaMomentum*gx
		vy = gamma*vy + etaMomentum*gy
		x -= vx
		y -= vy
		loss, gx, gy := ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainAdagrad(r *record) {
	x, y := startX, startY
	sumX, sumY := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		sumX += gx * gx
		sumY += gy * gy
		x -= etaAdagrad * gx / math.Sqrt(sumX+epsilon)
		y -= etaAdagrad * gy / math.Sqrt(sumY+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainRMSprop(r *record) {
	x, y := startX, startY
	meanX, meanY := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		meanX = gamma*meanX + (1-gamma)*gx*gx
		meanY = gamma*meanY + (1-gamma)*gy*gy
		x -= etaRMSprop * gx / math.Sqrt(meanX+epsilon)
		y -= etaRMSprop * gy / math.Sqrt(meanY+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainAdam(r *record) {
	x, y := startX, startY
	mx, my, vx, vy := 0.0, 0.0, 0.0, 0.0
	power1, power2 := 1.0, 1.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		power1 *= beta1
		power2 *= beta2
		mx = beta1*mx + (1-beta1)*gx
		my = beta1*my + (1-beta1)*gy
		vx = beta2*vx + (1-beta2)*gx*gx
		vy = beta2*vy + (1-beta2)*gy*gy
		x -= etaAdam * (mx / (1 - power1)) / math.Sqrt(vx/(1-power2)+epsilon)
		y -= etaAdam * (my / (1 - power1)) / math.Sqrt(vy/(1-power2)+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}
