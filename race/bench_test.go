package race_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"ravine/optim"
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

// BenchmarkEngine steps six lanes on the ravine, from the start to where all have long
// arrived. Half of the first 10,000 steps are those of a history whose points stand for
// one or two.
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

// BenchmarkRatio runs the engine and plain loops in turn, each on one core, and reports
// how the shortest times compare: what else the machine does at the time disturbs it
// least. They do the same work: six lanes on the ravine, with the loss and the gradient's
// norm at each step. While a race is under way its numbers are normal; long after its
// end squares underflow, which takes a processor longer.
func BenchmarkRatio(b *testing.B) {
	for _, when := range []struct {
		name  string
		scale float64 // of η
	}{{"under way", 1e-5}, {"long after", 1}} {
		b.Run(when.name, func(b *testing.B) {
			value := race.Default()
			value.Steps, value.Tol = 0, 0
			for i, loop := range plainLoops {
				value.Lanes[i] = race.LaneSpec{Rule: loop.rule, Settings: []race.Setting{{Key: optim.Eta, Value: when.scale * loop.eta}}}
			}
			runner, kept := newRunner(b, value), newRecord()
			engine, plain := time.Hour, time.Hour
			for b.Loop() {
				began := time.Now()
				replay(runner, benchmarkSteps, 1)
				between := time.Now()
				for _, loop := range plainLoops {
					loop.run(kept, when.scale*loop.eta)
				}
				engine, plain = min(engine, between.Sub(began)), min(plain, time.Since(between))
			}
			b.ReportMetric(float64(engine)/float64(plain), "engine/plain")
			b.ReportMetric(float64(engine.Nanoseconds())/float64(len(plainLoops)*benchmarkSteps), "engine-ns/step")
		})
	}
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

var plainLoops = []struct {
	rule string
	eta  float64
	run  func(*record, float64)
}{
	{"gd", 0.075, plainGD}, {"momentum", 0.02, plainMomentum}, {"nag", 0.02, plainNAG},
	{"adagrad", 2, plainAdagrad}, {"rmsprop", 0.2, plainRMSprop}, {"adam", 0.4, plainAdam},
}

const (
	kappa            = 25.0
	startX, startY   = -10.0, 1.0
	gamma            = 0.9
	epsilon          = 1e-8
	beta1, beta2     = 0.9, 0.999
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

func plainGD(r *record, eta float64) {
	x, y := startX, startY
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		x -= eta * gx
		y -= eta * gy
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainMomentum(r *record, eta float64) {
	x, y := startX, startY
	vx, vy := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		vx = gamma*vx + eta*gx
		vy = gamma*vy + eta*gy
		x -= vx
		y -= vy
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainNAG(r *record, eta float64) {
	x, y := startX, startY
	vx, vy := 0.0, 0.0
	for i := range benchmarkSteps {
		_, gx, gy := ravine(x-gamma*vx, y-gamma*vy)
		vx = gamma*vx + eta*gx
		vy = gamma*vy + eta*gy
		x -= vx
		y -= vy
		loss, gx, gy := ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainAdagrad(r *record, eta float64) {
	x, y := startX, startY
	sumX, sumY := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		sumX += gx * gx
		sumY += gy * gy
		x -= eta * gx / math.Sqrt(sumX+epsilon)
		y -= eta * gy / math.Sqrt(sumY+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainRMSprop(r *record, eta float64) {
	x, y := startX, startY
	meanX, meanY := 0.0, 0.0
	_, gx, gy := ravine(x, y)
	for i := range benchmarkSteps {
		meanX = gamma*meanX + (1-gamma)*gx*gx
		meanY = gamma*meanY + (1-gamma)*gy*gy
		x -= eta * gx / math.Sqrt(meanX+epsilon)
		y -= eta * gy / math.Sqrt(meanY+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}

func plainAdam(r *record, eta float64) {
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
		x -= eta * (mx / (1 - power1)) / math.Sqrt(vx/(1-power2)+epsilon)
		y -= eta * (my / (1 - power1)) / math.Sqrt(vy/(1-power2)+epsilon)
		var loss float64
		loss, gx, gy = ravine(x, y)
		if !r.keep(i, x, y, loss, gx, gy) {
			return
		}
	}
}
