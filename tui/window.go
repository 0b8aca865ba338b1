package tui

import (
	"math"

	"ravine/race"
	"ravine/tui/chart"
)

// Window is the part of the plane that the surface shows.
type Window struct{ X, Y chart.Range }

// margin is the part of a window's width that stays free around what it frames.
const margin = 0.12

// framing collects points that a window is to show.
type framing struct {
	Window
	any bool
}

func (f *framing) add(x, y float64) {
	if math.IsNaN(x-x) || math.IsNaN(y-y) {
		return
	}
	if !f.any {
		f.X, f.Y, f.any = chart.Range{Min: x, Max: x}, chart.Range{Min: y, Max: y}, true
		return
	}
	f.X.Min, f.X.Max = math.Min(f.X.Min, x), math.Max(f.X.Max, x)
	f.Y.Min, f.Y.Max = math.Min(f.Y.Min, y), math.Max(f.Y.Max, y)
}

// framed returns the window around the points, with a margin.
func (f *framing) framed() Window {
	widen := func(r chart.Range) chart.Range {
		size := r.Max - r.Min
		if size <= 1e-9*math.Max(math.Abs(r.Min), math.Abs(r.Max)) {
			size = math.Max(1e-6, math.Abs(r.Max)*0.1)
		}
		return chart.Range{Min: r.Min - margin*size, Max: r.Max + margin*size}
	}
	return Window{widen(f.X), widen(f.Y)}
}

// zoomed returns the window with its sides times factor; the point stays where
// it is on screen.
func (w Window) zoomed(factor, x, y float64) Window {
	scale := func(r chart.Range, fixed float64) chart.Range {
		return chart.Range{Min: fixed + (r.Min-fixed)*factor, Max: fixed + (r.Max-fixed)*factor}
	}
	zoomed := Window{scale(w.X, x), scale(w.Y, y)}
	if !zoomed.drawable() {
		return w
	}
	return zoomed
}

// drawable reports whether the window can still tell neighbouring cells apart
// and has not left the numbers that are drawn.
func (w Window) drawable() bool {
	for _, r := range []chart.Range{w.X, w.Y} {
		largest := math.Max(math.Abs(r.Min), math.Abs(r.Max))
		if !(r.Max-r.Min > 1e-10*largest) || largest > 1e9 || r.Max-r.Min < 1e-12 {
			return false
		}
	}
	return true
}

func (w Window) has(x, y float64) bool {
	return x >= w.X.Min && x <= w.X.Max && y >= w.Y.Min && y <= w.Y.Max
}

// openingSteps is how far a race is looked ahead to frame it.
const openingSteps = 200

// openingWindow frames what the race is going to be, before it has begun.
func (s *scene) openingWindow() Window {
	return s.raceWindow(s.ahead(openingSteps))
}

// ahead returns the race as it is going to be at a step.
func (s *scene) ahead(step int) *race.Runner {
	ahead, err := race.NewOn(s.runner.Problem(), s.runner.Race())
	if err != nil {
		return s.runner
	}
	const updates = 100_000
	ahead.Seek(min(step, updates/max(1, ahead.ExamplesPerStep())))
	return ahead
}

// raceWindow frames the paths of the lanes shown, the start and the optimum. A
// lane that left for the horizon is followed no further than its start allows.
func (s *scene) raceWindow(runner *race.Runner) Window {
	var f framing
	i, j := s.Axes[0], s.Axes[1]
	s.addLandmarks(&f)
	limit := s.horizonWindow()
	for _, k := range s.drawingOrder() {
		history := runner.Lanes()[k].History()
		for n := range history.Len() {
			theta := history.Theta(n)
			if limit.has(theta[i], theta[j]) {
				f.add(theta[i], theta[j])
			}
		}
	}
	return s.unstretched(f.framed())
}

// horizonWindow is as far as paths are followed: as far as tuned ones go.
func (s *scene) horizonWindow() Window {
	region := race.Region(s.runner.Problem(), s.runner.Start())
	x, y := region[s.Axes[0]], region[s.Axes[1]]
	return Window{chart.Range{Min: x.Low, Max: x.High}, chart.Range{Min: y.Low, Max: y.High}}
}

// showAll fits the window to that many steps of the race, unless it shows them
// all already.
func (s *scene) showAll(steps int) {
	ahead := s.ahead(steps)
	for _, k := range s.drawingOrder() {
		history := ahead.Lanes()[k].History()
		for n := range history.Len() {
			if theta := history.Theta(n); !s.Window.has(theta[s.Axes[0]], theta[s.Axes[1]]) {
				s.Window = s.raceWindow(ahead)
				return
			}
		}
	}
}

// slenderest is how much smaller a part of the problem's view the window may
// take along one axis than along the other. A ravine that is stretched to fill
// the panel does not look like one.
const slenderest = 2.2

// unstretched returns the window, made taller or wider where it would stretch
// the problem's shape too much.
func (s *scene) unstretched(w Window) Window {
	view := s.runner.Problem().View()
	width := view[s.Axes[0]].High - view[s.Axes[0]].Low
	height := view[s.Axes[1]].High - view[s.Axes[1]].Low
	across, up := (w.X.Max-w.X.Min)/width, (w.Y.Max-w.Y.Min)/height
	widen := func(r chart.Range, size float64) chart.Range {
		middle := (r.Min + r.Max) / 2
		return chart.Range{Min: middle - size/2, Max: middle + size/2}
	}
	if up < across/slenderest {
		w.Y = widen(w.Y, across/slenderest*height)
	}
	if across < up/slenderest {
		w.X = widen(w.X, up/slenderest*width)
	}
	return w
}

// addLandmarks adds the start and the optima, as far as the problem itself has
// them in its view.
func (s *scene) addLandmarks(f *framing) {
	i, j := s.Axes[0], s.Axes[1]
	f.add(s.runner.Start()[i], s.runner.Start()[j])
	view := s.runner.Problem().View()
	inside := Window{chart.Range{Min: view[i].Low, Max: view[i].High}, chart.Range{Min: view[j].Low, Max: view[j].High}}
	for _, optimum := range s.runner.Problem().Optima() {
		if x, y := optimum.Theta[i], optimum.Theta[j]; inside.has(x, y) {
			f.add(x, y)
		}
	}
}
