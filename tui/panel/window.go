package panel

import (
	"math"

	"ravine/tui/chart"
)

// Window is the part of the plane that the surface shows.
type Window struct{ X, Y chart.Range }

// Zoomed returns the window with its sides times factor; the point stays where
// it is on screen.
func (w Window) Zoomed(factor, x, y float64) Window {
	scale := func(r chart.Range, fixed float64) chart.Range {
		return chart.Range{Min: fixed + (r.Min-fixed)*factor, Max: fixed + (r.Max-fixed)*factor}
	}
	zoomed := Window{scale(w.X, x), scale(w.Y, y)}
	if !zoomed.Drawable() {
		return w
	}
	return zoomed
}

// Drawable reports whether the window can still tell neighbouring cells apart
// and has not left the numbers that are drawn.
func (w Window) Drawable() bool {
	for _, r := range []chart.Range{w.X, w.Y} {
		largest := math.Max(math.Abs(r.Min), math.Abs(r.Max))
		if !(r.Max-r.Min > 1e-10*largest) || largest > 1e9 || r.Max-r.Min < 1e-12 {
			return false
		}
	}
	return true
}

// Has reports whether a point is in sight.
func (w Window) Has(x, y float64) bool {
	return x >= w.X.Min && x <= w.X.Max && y >= w.Y.Min && y <= w.Y.Max
}

// margin is the part of a window's width that stays free around what it frames.
const margin = 0.12

// Framing collects points that a window is to show.
type Framing struct {
	Window
	any bool
}

// Add takes a point, if it is finite.
func (f *Framing) Add(x, y float64) {
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

// Framed returns the window around the points, with a margin.
func (f *Framing) Framed() Window {
	widen := func(r chart.Range) chart.Range {
		size := r.Max - r.Min
		if size <= 1e-9*math.Max(math.Abs(r.Min), math.Abs(r.Max)) {
			size = math.Max(1e-6, math.Abs(r.Max)*0.1)
		}
		return chart.Range{Min: r.Min - margin*size, Max: r.Max + margin*size}
	}
	return Window{widen(f.X), widen(f.Y)}
}

// slenderest is how much smaller a part of the problem's view the window may
// take along one axis than along the other. A ravine that is stretched to fill
// the panel does not look like one.
const slenderest = 2.2

// Unstretched returns the window, made taller or wider where it would stretch
// the problem's shape too much.
func (s *State) Unstretched(w Window) Window {
	view := s.Race.Problem().View()
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
