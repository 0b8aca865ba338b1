package race_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"ravine/race"
)

const benchmarkSteps = 10_000

// benchmarked is the default line-up on the default ravine, never stopping.
func benchmarked(tb testing.TB, more ...string) *race.Runner {
	value := race.Default()
	value.Steps, value.Tol = 0, 0
	for _, name := range more {
		value.Lanes = append(value.Lanes, race.LaneSpec{Rule: name})
	}
	return newRunner(tb, value)
}

// replay takes all lanes from the start to a step, on that many cores at most.
func replay(runner *race.Runner, steps, cores int) {
	runner.Seek(0)
	runner.Aim(steps)
	runner.CatchUp(time.Hour, cores)
}

// perStep reports the time that a step of a lane took.
func perStep(b *testing.B, lanes, steps int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*steps*lanes), "ns/step")
}

// BenchmarkEngine and BenchmarkPlainLoops do the same work: six lanes on the ravine,
// with the loss and the gradient's norm at each step. Half of the first 10,000 steps
// are those of a history whose points stand for one or two.
func BenchmarkEngine(b *testing.B) {
	for _, steps := range []int{benchmarkSteps, 20 * benchmarkSteps} {
		for _, cores := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("steps=%d/cores=%d", steps, cores), func(b *testing.B) {
				runner := benchmarked(b)
				b.ReportAllocs()
				for b.Loop() {
					replay(runner, steps, cores)
				}
				perStep(b, 6, steps)
			})
		}
	}
}

func BenchmarkPlainLoops(b *testing.B) {
	kept := newRecord()
	b.ReportAllocs()
	for b.Loop() {
		plainLoops(kept)
	}
	perStep(b, 6, benchmarkSteps)
}

// BenchmarkRatio runs the two in turn, each on one core, and reports how the shortest
// times compare: what else the machine does at the time disturbs it least.
func BenchmarkRatio(b *testing.B) {
	runner, kept := benchmarked(b), newRecord()
	engine, plain := time.Hour, time.Hour
	for b.Loop() {
		began := time.Now()
		replay(runner, benchmarkSteps, 1)
		between := time.Now()
		plainLoops(kept)
		engine, plain = min(engine, between.Sub(began)), min(plain, time.Since(between))
	}
	b.ReportMetric(float64(engine)/float64(plain), "engine/plain")
}

// BenchmarkReplay replays ten lanes of 10,000 steps, as a key press does.
func BenchmarkReplay(b *testing.B) {
	for _, cores := range []int{1, runtime.GOMAXPROCS(0)} {
		b.Run(fmt.Sprintf("cores=%d", cores), func(b *testing.B) {
			runner := benchmarked(b, "nadam", "adamax", "amsgrad", "lion")
			b.ReportAllocs()
			for b.Loop() {
				replay(runner, benchmarkSteps, cores)
			}
			perStep(b, 10, benchmarkSteps)
		})
	}
}

// record is what a plain loop keeps of its way.
type record struct {
	losses, norms []float64
	path          [][2]float64
}

func newRecord() *record {
	return &record{make([]float64, benchmarkSteps), make([]float64, benchmarkSteps), make([][2]float64, benchmarkSteps)}
}

func plainLoops(r *record) {
	for _, loop := range []func(*record){plainGD, plainMomentum, plainNAG, plainAdagrad, plainRMSprop, plainAdam} {
		loop(r)
	}
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
