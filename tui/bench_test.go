package tui

import (
	"fmt"
	"math"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/linechart/timeserieslinechart"
)

const benchWidth, benchHeight, benchLanes = 200, 50, 10

// benchRace opens ten lanes that never stop, at a step: six that oscillate and
// four that creep.
func benchRace(b *testing.B, step int) *Model {
	b.Helper()
	lanes := []string{"gd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamax", "nadam", "amsgrad", "lion"}
	r := playRace(b, "ravine", lanes[:benchLanes]...)
	r.Tol = 0
	m := openModel(b, r, 0)
	m.Running = false
	for m.runner.Step() < step {
		m.runner.Advance(10000)
	}
	resize(m, benchWidth, benchHeight)
	return m
}

// BenchmarkFrame draws the whole picture: surface, curves, lanes and bars.
// Reading the model's dirty flag alone would measure the cache.
func BenchmarkFrame(b *testing.B) {
	for _, step := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("step=%d", step), func(b *testing.B) {
			m := benchRace(b, step)
			points := 0
			for _, lane := range m.runner.Lanes() {
				points += lane.History().Len()
			}
			b.ReportAllocs()
			for b.Loop() {
				m.dirty = true
				m.View()
			}
			b.ReportMetric(float64(points)/benchLanes, "points/lane")
		})
	}
}

// BenchmarkLongRace draws the frames of a short and of a long race in turn, so
// that both meet the same machine, and reports what the long one's cost as a
// multiple of the short one's.
func BenchmarkLongRace(b *testing.B) {
	short, long := benchRace(b, 10_000), benchRace(b, 1_000_000)
	var spent [2]time.Duration
	for b.Loop() {
		for i, m := range []*Model{short, long} {
			start := time.Now()
			m.dirty = true
			m.View()
			spent[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(spent[1])/float64(spent[0]), "long/short")
}

// BenchmarkNtcharts draws the same ten curves, as log10 of the loss, by the
// chart of ntcharts that draws curves over time.
func BenchmarkNtcharts(b *testing.B) {
	m := benchRace(b, 10_000)
	best := m.BestLoss()
	start := time.Unix(0, 0)
	chart := timeserieslinechart.New(benchWidth, benchHeight)
	for i, lane := range m.runner.Lanes() {
		name := fmt.Sprint(i)
		for _, point := range lane.History().Points() {
			value := math.Log10(math.Max(point.Max-best, 1e-24))
			chart.PushDataSet(name, timeserieslinechart.TimePoint{Time: start.Add(time.Duration(point.Step) * time.Second), Value: value})
		}
		chart.SetDataSetStyle(name, lipgloss.NewStyle().Foreground(lipgloss.Color(fmt.Sprint(i+1))))
	}
	b.ReportAllocs()
	for b.Loop() {
		chart.DrawBrailleAll()
		if chart.View() == "" {
			b.Fatal("nothing was drawn")
		}
	}
}
