package panel

import (
	"math"
	"slices"

	"ravine/param"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// place returns where a vector from the marker ends in the picture.
func (a *arrows) place(d displacement) (x, y float64) {
	return a.X + a.Factor*d[0], a.Y + a.Factor*d[1]
}

func (a *arrows) lines() {
	const above = 10 // all lanes
	for n, arrow := range a.arrows {
		series := a.Plot.Series(arrow.style, above+len(a.arrows)-n)
		fromX, fromY := a.place(arrow.From)
		toX, toY := a.place(arrow.To)
		series.Line(fromX, fromY, toX, toY)
	}
}

// heads draws the arrows' tips, the most important last, and where the velocity
// ends the look-ahead. None hides the marker.
func (a *arrows) heads(grid *screen.Grid, s *State) {
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
	for n, arrow := range slices.Backward(a.arrows) {
		if n == 0 && a.looksAhead() {
			x, y := a.place(a.Probe)
			draw(x, y, probeMark, s.Theme.LookAhead)
		}
		if x, y, ok := a.tip(arrow); ok {
			across, up := a.parts(arrow.To.plus(-1, arrow.From))
			draw(x, y, arrowHead(across*float64(a.Plot.Area.Width), up*float64(2*a.Plot.Area.Height)), arrow.style)
		}
	}
}

func (a *arrows) looksAhead() bool { return a.Probe != displacement{} }

// tip returns where an arrow ends or leaves the picture. One that begins outside
// has no tip.
func (a *arrows) tip(r arrow) (x, y float64, ok bool) {
	fromX, fromY := a.place(r.From)
	toX, toY := a.place(r.To)
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
func (a *arrows) legend(grid *screen.Grid, inside screen.Area, s *State) {
	column, row := inside.X+1, inside.Y+inside.Height-1
	right := inside.X + inside.Width - 1
	write := func(text string, style screen.Style) {
		column += grid.Text(column, row, right-column, text, style)
	}
	if a.None != "" {
		write(a.None+" ", s.Theme.Text)
		return
	}
	if a.Factor*a.longest(a.columns) < leastSeen {
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

func (a *arrows) legendTexts(sign string, s *State) []styledText {
	texts := []styledText{{"×" + param.Pretty(a.Factor, -1) + ": ", s.Theme.Text}}
	for _, arrow := range a.arrows {
		texts = append(texts, styledText{sign + arrow.Name + " ", arrow.style})
	}
	if a.looksAhead() {
		texts = append(texts, styledText{string(probeMark) + " look-ahead ", s.Theme.LookAhead})
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
