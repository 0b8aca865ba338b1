package problem_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ravine/param"
	"ravine/problem"
)

func benchmarkEvaluate(b *testing.B, text string) {
	p := build(b, text)
	theta, gradient := p.Start(), make([]float64, p.Dim())
	b.ReportAllocs()
	for b.Loop() {
		p.Evaluate(gradient, theta)
	}
}

// BenchmarkEvaluate shows what an evaluation of each kind costs, and that
// regression's does not depend on the number of examples.
func BenchmarkEvaluate(b *testing.B) {
	for _, kind := range problem.Kinds() {
		b.Run(kind.Name, func(b *testing.B) { benchmarkEvaluate(b, kind.Name) })
	}
	b.Run("regression:n=100", func(b *testing.B) { benchmarkEvaluate(b, "regression:n=100") })
	b.Run("regression:n=1000000", func(b *testing.B) { benchmarkEvaluate(b, "regression:n=1000000") })
}

func BenchmarkLoss(b *testing.B) {
	for _, kind := range problem.Kinds() {
		b.Run(kind.Name, func(b *testing.B) {
			p := build(b, kind.Name)
			theta := p.Start()
			for b.Loop() {
				p.Loss(theta)
			}
		})
	}
}

func BenchmarkEvaluateBatch(b *testing.B) {
	for _, text := range []string{"regression", "sparse", "neuron", "fit", "logistic"} {
		for _, size := range []int{1, 32} {
			b.Run(text+"/"+param.Format(float64(size)), func(b *testing.B) {
				p := build(b, text).(problem.Sampled)
				theta, gradient, rows := p.Start(), make([]float64, p.Dim()), make([]int32, size)
				for i := range rows {
					rows[i] = int32(i * 37 % p.Examples())
				}
				for b.Loop() {
					p.EvaluateBatch(gradient, theta, rows)
				}
			})
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, text := range []string{"regression", "regression:n=1000000", "sparse", "neuron", "fit", "logistic"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				build(b, text)
			}
		})
	}
}

// BenchmarkTyped compares a typed Rosenbrock with the one in Go, in one run.
func BenchmarkTyped(b *testing.B) {
	theta, gradient := []float64{-1.2, 1}, make([]float64, 2)
	inGo, typed := build(b, "rosenbrock"), build(b, "formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=100")
	took := func(p problem.Problem) float64 {
		began := time.Now()
		for range b.N {
			p.Evaluate(gradient, theta)
		}
		return float64(time.Since(began))
	}
	b.ReportMetric(took(typed)/took(inGo), "times")
}

// BenchmarkFit compares a typed line over 10⁵ rows with a plain loop, in one run.
func BenchmarkFit(b *testing.B) {
	const n = 100_000
	var text strings.Builder
	text.WriteString("x,y\n")
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i] = float64(i) / n
		y[i] = math.Sin(float64(i))
		fmt.Fprintf(&text, "%v,%v\n", x[i], y[i])
	}
	name := filepath.Join(b.TempDir(), "line.csv")
	if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	p := build(b, "fit:file="+name+",model=a*x+b")
	theta, gradient := []float64{1, 0.5}, make([]float64, 2)
	plain := func() (loss float64) {
		slope, height, bySlope, byHeight := theta[0], theta[1], 0.0, 0.0
		for i, x := range x {
			residual := slope*x + height - y[i]
			loss += residual * residual / 2
			bySlope += residual * x
			byHeight += residual
		}
		gradient[0], gradient[1] = bySlope, byHeight
		return loss
	}
	typed, inGo := time.Hour, time.Hour
	for b.Loop() {
		began := time.Now()
		p.Evaluate(gradient, theta)
		between := time.Now()
		plain()
		typed, inGo = min(typed, between.Sub(began)), min(inGo, time.Since(between))
	}
	b.ReportMetric(float64(typed)/float64(inGo), "times")
	b.ReportMetric(float64(inGo)/n, "plain-ns/row")
}

// BenchmarkRead reads a file of three columns, and parses it with encoding/csv alone, in
// one run.
func BenchmarkRead(b *testing.B) {
	const rows = 1_000_000
	var text bytes.Buffer
	text.WriteString("x,z,y\n")
	for i := range rows {
		fmt.Fprintf(&text, "%.6f,%.6f,%.6f\n", math.Sin(float64(i)), math.Cos(float64(i)), float64(i%1000)/7)
	}
	name := filepath.Join(b.TempDir(), "big.csv")
	if err := os.WriteFile(name, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	bare := func() (sum float64) {
		file, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		defer file.Close()
		reader := csv.NewReader(bufio.NewReader(file))
		reader.ReuseRecord = true
		if _, err := reader.Read(); err != nil {
			b.Fatal(err)
		}
		for {
			record, err := reader.Read()
			if err == io.EOF {
				return sum
			}
			for _, field := range record {
				x, err := strconv.ParseFloat(field, 64)
				if err != nil {
					b.Fatal(err)
				}
				sum += x
			}
		}
	}
	ours, plain := time.Hour, time.Hour
	for b.Loop() {
		began := time.Now()
		build(b, "regression:file="+name)
		between := time.Now()
		bare()
		ours, plain = min(ours, between.Sub(began)), min(plain, time.Since(between))
	}
	b.ReportMetric(float64(ours)/float64(plain), "times")
	b.ReportMetric(rows/ours.Seconds(), "rows/s")
	b.ReportMetric(rows/plain.Seconds(), "bare-rows/s")
}
