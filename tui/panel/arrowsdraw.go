package panel

import (
	"math"
	"slices"

	"ravine/param"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// Place returns where a vector from the marker ends in the picture.
func (a *Arrows) Place(d Displacement) (x, y float64) {
	return a.X + a.Factor*d[0], a.Y + a.Factor*d[1]
}

func (a *Arrows) lines() {
	const above = 10 // all lanes
	for n, arrow := range a.Arrows {
		series := a.Plot.Series(arrow.style, above+len(a.Arrows)-n)
		fromX, fromY := a.Place(arrow.From)
		toX, toY := a.Place(arrow.To)
		series.Line(fromX, fromY, toX, toY)
	}
}

// heads draws the arrows' tips, the most important last, and where the velocity
// ends the look-ahead. None hides the marker.
func (a *Arrows) heads(grid *screen.Grid, s *State) {
	if a.None != "" {
		return
	}
	markerColumn, markerRow, _ := a.Plot.Cell(a.X, a.Y)
	draw := func(x, y float64, r rune, style screen.Style) {
		column, row, ok := a.Plot.Cell(x, y)
		if ok && (column != markerColumn || row != markerRow) {
			style.Background = grid.Cell(column, row).Style.Background
			grid.Set(column, row, r, style)
		}
	}
	for n, arrow := range slices.Backward(a.Arrows) {
		if n == 0 && a.looksAhead() {
			x, y := a.Place(a.Probe)
			draw(x, y, ProbeMark, s.Theme.LookAhead)
		}
		if x, y, ok := a.Tip(arrow); ok {
			across, up := a.Parts(arrow.To.Plus(-1, arrow.From))
			draw(x, y, arrowHead(across*float64(a.Plot.Area.Width), up*float64(2*a.Plot.Area.Height)), arrow.style)
		}
	}
}

func (a *Arrows) looksAhead() bool { return a.Probe != Displacement{} }

// Tip returns where an arrow ends or leaves the picture. One that begins outside
// has no tip.
func (a *Arrows) Tip(r arrow) (x, y float64, ok bool) {
	fromX, fromY := a.Place(r.From)
	toX, toY := a.Place(r.To)
	if _, _, ok := a.Plot.Cell(fromX, fromY); !ok {
		return 0, 0, false
	}
	part := min(1, room(a.Plot.X, fromX, toX-fromX), room(a.Plot.Y, fromY, toY-fromY))
	return within(a.Plot.X, fromX+part*(toX-fromX)), within(a.Plot.Y, fromY+part*(toY-fromY)), true
}

func within(r chart.Range, x float64) float64 { return min(max(x, r.Min), r.Max) }

// arrowHead returns the arrow that points most nearly that way.
func arrowHead(dx, dy float64) rune {
	heads := []rune("→↗↑↖←↙↓↘")
	eighth := int(math.Round(math.Atan2(dy, dx) / (math.Pi / 4)))
	return heads[(eighth+8)%8]
}

// legend names the arrows in the panel's last row, after the factor that holds
// for all of them, or says why there are none.
func (a *Arrows) legend(grid *screen.Grid, inside screen.Area, s *State) {
	column, row := inside.X+1, inside.Y+inside.Height-1
	right := inside.X + inside.Width - 1
	write := func(text string, style screen.Style) {
		column += grid.Text(column, row, right-column, text, style)
	}
	if a.None != "" {
		write(a.None+" ", s.Theme.Text)
		return
	}
	if a.Factor*a.Longest(a.Columns) < LeastSeen {
		text := "×" + param.Pretty(a.Factor, -1) + ": too short "
		if why := text + "to see beside others "; screen.Width(why) <= right-column {
			text = why
		}
		write(text, s.Theme.Text)
		return
	}
	texts := a.legendTexts("→ ", s)
	if width(texts) > right-column {
		texts = a.legendTexts("", s)
	}
	for _, text := range texts {
		write(text.text, text.style)
	}
}

// styledText is a part of a line in a style of its own.
type styledText struct {
	text  string
	style screen.Style
}

func (a *Arrows) legendTexts(sign string, s *State) []styledText {
	texts := []styledText{{"×" + param.Pretty(a.Factor, -1) + ": ", s.Theme.Text}}
	for _, arrow := range a.Arrows {
		texts = append(texts, styledText{sign + arrow.Name + " ", arrow.style})
	}
	if a.looksAhead() {
		texts = append(texts, styledText{string(ProbeMark) + " look-ahead ", s.Theme.LookAhead})
	}
	return texts
}

func width(texts []styledText) int {
	width := 0
	for _, text := range texts {
		width += screen.Width(text.text)
	}
	return width
}
