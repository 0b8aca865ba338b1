package chart

// Path joins points by lines. A point on the same dot as the one before, as most
// are near a minimum, costs next to nothing.
type Path struct {
	series *Series
	sparse bool

	begun       bool
	x, y        float64 // the first point on the latest dot
	shown       bool    // whether the plot shows it,
	column, row int     // as this dot
}

// NewPath returns a path on s. A sparse one leaves out lines through cells that it
// has taken already, for the most part: so an oscillation does not fill an area.
func NewPath(s *Series, sparse bool) *Path { return &Path{series: s, sparse: sparse} }

// Add adds the next point. A line joins it to the one before, unless steps
// between the two are not known.
func (w *Path) Add(x, y float64, joined bool) {
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
	case w.begun && joined && shown && w.shown:
		if w.sparse && w.series.crowded(column, row, w.column, w.row) {
			w.series.set(column, row)
		} else {
			w.series.join(column, row, w.column, w.row)
		}
	case w.begun && joined:
		if !plot.far(x, y) || !plot.far(w.x, w.y) {
			w.series.Line(x, y, w.x, w.y)
		}
	case shown:
		w.series.set(column, row)
	}
	w.begun, w.x, w.y, w.shown, w.column, w.row = true, x, y, shown, column, row
}

// crowded reports whether most of the cells between two dots are taken. Short
// lines never are: a winding path needs them.
func (s *Series) crowded(column, row, toColumn, toRow int) bool {
	const short = 4
	across, down := toColumn-column, toRow-row
	cells := max(across/2, -across/2, down/4, -down/4)
	if cells < short {
		return false
	}
	taken := 0
	for i := 1; i < cells; i++ {
		x, y := column+across*i/cells, row+down*i/cells
		if s.dots[y/4*s.plot.Area.Width+x/2] != 0 {
			taken++
		}
	}
	return 2*taken >= cells
}

// far reports whether a point is out of sight by more than the plot's own size. A
// line between two of them is not drawn: an optimizer that diverges in oscillations
// would fill the picture.
func (p *Plot) far(x, y float64) bool {
	width, height := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min
	return x < p.X.Min-width || x > p.X.Max+width || y < p.Y.Min-height || y > p.Y.Max+height
}
