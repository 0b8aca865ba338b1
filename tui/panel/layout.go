// Package panel draws the playground: what each panel shows, and where they are. It reads
// the race and how it is looked at, and changes neither.
package panel

import (
	"fmt"
	"slices"

	"ravine/problem"
	"ravine/tui/screen"
)

// The smallest terminal that the playground fits in.
const MinWidth, MinHeight = 60, 20

// Layout says where each panel is. A panel that is not shown has an empty area.
type Layout struct {
	Head, Status, Footer         screen.Area
	Surface, Curves, Data, Lanes screen.Area
	Inspector, Help, Sweep       screen.Area
}

// Widths from which panels stand side by side.
const (
	TwoPanels   = 76
	threePanels = 150
)

const (
	// The least widths of the inspector beside the surface, and of the surface:
	// most lines of Adam's are in one piece.
	inspectorBeside, surfaceBeside = 52, 44
	// The heights from which the inspector leaves room for the selected lane's row
	// of the table, and for all rows: Adam's step comes first.
	inspectorWithLane, inspectorWithLanes = 30, 44
	// The least height of the curves below the inspector, and the width from which
	// a line of it is in one piece.
	curvesBelow, inspectorUnwrapped = 10, 70
	// The height from which surface and curves stand one above the other where
	// they do not fit side by side.
	stacked = 36
)

// Views returns the arrangements to choose from at this size.
func (s *State) Views() []Arrangement {
	views := []Arrangement{ShowRace, ShowSurface, ShowCurves}
	if s.Width < TwoPanels && s.Height < stacked {
		views = []Arrangement{ShowSurface, ShowCurves}
	}
	if _, ok := s.Race.Problem().(problem.Plotted); ok {
		views = append(views, ShowData)
	}
	return views
}

// ShownView returns the view asked for, or the first where that one does not fit.
func (s *State) ShownView() Arrangement {
	if views := s.Views(); !slices.Contains(views, s.Arrangement) {
		return views[0]
	}
	return s.Arrangement
}

// arrange lays the panels out.
func (s *State) arrange() Layout {
	var l Layout
	rest := screen.Area{Width: s.Width, Height: s.Height}
	l.Head, rest = rest.SplitTop(1)
	l.Footer, rest = rest.SplitBottom(1)
	l.Status, rest = rest.SplitBottom(1)
	if s.Help {
		l.Help = rest
		return l
	}
	l.Lanes, rest = rest.SplitBottom(s.tableHeight(rest.Height))
	if s.Inspector {
		s.arrangeInspector(&l, rest)
		return l
	}
	if s.Sweep.Open {
		l.Sweep = rest
		if s.Width >= TwoPanels {
			l.Sweep, l.Surface = rest.SplitLeft(rest.Width * 3 / 5)
		}
		return l
	}
	s.arrangeView(&l, rest, s.ShownView())
	return l
}

// arrangeInspector gives the inspector the right side: two fifths of it, and more
// where the step's numbers would not have room. A tall and narrow terminal has it
// below the surface.
func (s *State) arrangeInspector(l *Layout, rest screen.Area) {
	if s.Width < TwoPanels && s.Height >= stacked {
		rows := min(s.inspectorRows(rest.Width), rest.Height*3/5)
		l.Inspector, l.Surface = rest.SplitBottom(rows)
		return
	}
	width := max(inspectorBeside, s.Width*2/5)
	if s.Width < inspectorBeside+surfaceBeside || s.Height < inspectorWithLane {
		width = s.Width * 13 / 20
	}
	l.Inspector, l.Surface = rest.SplitRight(width)
	if rows := s.inspectorRows(l.Inspector.Width); l.Inspector.Height-rows >= curvesBelow {
		l.Inspector, l.Curves = l.Inspector.SplitTop(rows)
	}
}

// tableHeight returns the rows of the lanes' table, its head among them, out of
// so many.
func (s *State) tableHeight(height int) int {
	switch {
	case s.Inspector && s.Height < inspectorWithLane:
		return 0
	case s.Inspector && s.Height < inspectorWithLanes: // which keeps its rows whichever lane it shows
		const least, note = 2, 2
		if s.Width < TwoPanels {
			return least
		}
		longest := 0
		for _, lane := range s.Race.Lanes() {
			longest = max(longest, s.ruleRows(lane, inspectorBeside))
		}
		return min(1+len(s.Lanes), max(least, height-inspectorFrame-note-longest))
	}
	return min(1+len(s.Lanes), max(height*2/5, min(7, height-10)))
}

func (s *State) arrangeView(l *Layout, rest screen.Area, shown Arrangement) {
	switch shown {
	case ShowSurface:
		l.Surface = rest
	case ShowCurves:
		l.Curves = rest
	case ShowData:
		l.Data = rest
	default:
		_, plotted := s.Race.Problem().(problem.Plotted)
		switch {
		case s.Width < TwoPanels:
			l.Surface, l.Curves = rest.SplitTop(rest.Height * 11 / 20)
		case plotted && s.Width >= threePanels:
			l.Data, rest = rest.SplitRight(rest.Width * 3 / 10)
			l.Surface, l.Curves = rest.SplitLeft(rest.Width * 11 / 20)
		default:
			l.Surface, l.Curves = rest.SplitLeft(rest.Width * 11 / 20)
		}
	}
}

// Panels are all of the playground's, with what they keep from one picture to the next.
type Panels struct {
	Layout     Layout
	Surface    Surface
	Comparison comparison
	Curves     curves
	data       data
	Sweep      sweepPanel
}

// Draw draws a picture as large as the grid.
func (p *Panels) Draw(grid *screen.Grid, s *State) {
	grid.Clear(screen.Style{})
	p.Layout = Layout{}
	if s.Width < MinWidth || s.Height < MinHeight {
		drawTooSmall(grid, s)
		return
	}
	p.Layout = s.arrange()
	l := p.Layout
	drawHead(grid, l.Head, s)
	if compared := s.NextStep == StepCompared && p.Comparison.draw(grid, l.Surface, s); compared {
		p.Surface.Plot = nil // nothing to click on
	} else if !l.Surface.Empty() {
		p.Surface.draw(grid, l.Surface, s)
	}
	if !l.Curves.Empty() {
		p.Curves.draw(grid, l.Curves, s)
	}
	if !l.Data.Empty() {
		p.data.draw(grid, l.Data, s)
	}
	if !l.Sweep.Empty() {
		p.Sweep.draw(grid, l.Sweep, s.Sweep, s)
	}
	if !l.Inspector.Empty() {
		drawInspector(grid, l.Inspector, s)
	}
	if !l.Help.Empty() {
		drawHelp(grid, l.Help, s.HelpPage, s)
		drawHelpFooter(grid, l.Footer, l.Help, s.HelpPage, s)
	} else {
		drawFooter(grid, l.Footer, s)
	}
	drawLanes(grid, l.Lanes, s)
	drawStatus(grid, l.Status, s)
	if s.Card {
		panels := screen.Area{Y: l.Head.Height, Width: s.Width, Height: l.Status.Y - l.Lanes.Height - l.Head.Height}
		drawCard(grid, panels, l.Lanes, s)
	}
}

// drawTooSmall says which size is needed, in as much room as there is.
func drawTooSmall(grid *screen.Grid, s *State) {
	text := fmt.Sprintf("ravine needs %d×%d, this is %d×%d", MinWidth, MinHeight, s.Width, s.Height)
	if screen.Width(text) > s.Width {
		text = fmt.Sprintf("%d×%d needed", MinWidth, MinHeight)
	}
	x := max(0, (s.Width-screen.Width(text))/2)
	grid.Text(x, s.Height/2, s.Width, text, s.Theme.Text)
}
