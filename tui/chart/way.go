package chart

import "math"

// Way joins points by lines. A point that shares its dot with the one before, as
// most do near a minimum, costs no more than finding that out.
type Way struct {
	series *Series
	joined float64 // length, in sides of the plot, of the part that is drawn as a line
	length float64 // so far

	begun       bool
	x, y        float64 // the first point on the latest dot
	shown       bool    // whether the plot shows it,
	column, row int     // as this dot
}

// NewWay returns a way on s. After a length of that many sides of the plot, points
// are dots without lines, so that a long oscillation does not fill an area.
func NewWay(s *Series, joined float64) *Way { return &Way{series: s, joined: joined} }

// Add takes the next point.
func (w *Way) Add(x, y float64) {
	plot := w.series.plot
	if w.series.dots == nil {
		return
	}
	shown, column, row := plot.shows(x, y), 0, 0
	if shown {
		if column, row = plot.dot(x, y); w.shown && column == w.column && row == w.row {
			return
		}
	}
	switch {
	case w.begun && !(w.length > w.joined): // a NaN, from infinity to infinity, ends nothing
		if shown && w.shown {
			w.series.join(column, row, w.column, w.row)
			w.length += plot.length(x, y, w.x, w.y)
		} else if !plot.far(x, y) || !plot.far(w.x, w.y) {
			w.series.Line(x, y, w.x, w.y)
			w.length += plot.length(x, y, w.x, w.y)
		}
	case shown:
		w.series.set(column, row)
	}
	w.begun, w.x, w.y, w.shown, w.column, w.row = true, x, y, shown, column, row
}

// far reports whether a point is out of sight by more than the plot's own size. A
// line between two of them is not drawn: an optimizer that diverges to and fro
// would fill the picture.
func (p *Plot) far(x, y float64) bool {
	width, height := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min
	return x < p.X.Min-width || x > p.X.Max+width || y < p.Y.Min-height || y > p.Y.Max+height
}

// length returns how much of a line the plot shows, in sides of it.
func (p *Plot) length(x1, y1, x2, y2 float64) float64 {
	if !p.shows(x1, y1) || !p.shows(x2, y2) {
		var visible bool
		if x1, y1, x2, y2, visible = clip(p.X, p.Y, x1, y1, x2, y2); !visible {
			return 0
		}
	}
	dx, dy := (x2-x1)*p.across/p.right, (y2-y1)*p.down/p.bottom
	return math.Sqrt(dx*dx + dy*dy)
}
