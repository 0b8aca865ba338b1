package tui

import (
	"fmt"
	"slices"

	"ravine/problem"
	"ravine/tui/screen"
)

// The smallest terminal that the playground fits in.
const minWidth, minHeight = 60, 20

// Arrangement is one arrangement of panels; tab goes through those that fit.
type Arrangement int

const (
	ShowRace Arrangement = iota // surface and curves, and the data where there is room
	ShowSurface
	ShowCurves
	ShowData
)

func (v Arrangement) String() string {
	return [...]string{"surface and curves", "the surface", "the curves", "the data"}[v]
}

// layout says where each panel is. A panel that is not shown has an empty area.
type layout struct {
	head, status, footer         screen.Area
	surface, curves, data, lanes screen.Area
	inspector, help, sweep       screen.Area
}

// Widths from which panels stand side by side.
const (
	twoPanels   = 76
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

// views returns the arrangements to choose from at this size.
func (m *Model) views() []Arrangement {
	views := []Arrangement{ShowRace, ShowSurface, ShowCurves}
	if m.width < twoPanels && m.height < stacked {
		views = []Arrangement{ShowSurface, ShowCurves}
	}
	if _, ok := m.runner.Problem().(problem.Plotted); ok {
		views = append(views, ShowData)
	}
	return views
}

// shownView returns the view asked for, or the first where that one does not fit.
func (m *Model) shownView() Arrangement {
	if views := m.views(); !slices.Contains(views, m.Arrangement) {
		return views[0]
	}
	return m.Arrangement
}

// arrange lays the panels out.
func (m *Model) arrange() layout {
	var l layout
	rest := screen.Area{Width: m.width, Height: m.height}
	l.head, rest = rest.SplitTop(1)
	l.footer, rest = rest.SplitBottom(1)
	l.status, rest = rest.SplitBottom(1)
	if m.Help {
		l.help = rest
		return l
	}
	l.lanes, rest = rest.SplitBottom(m.tableHeight(rest.Height))
	if m.Inspector {
		m.arrangeInspector(&l, rest)
		return l
	}
	if m.sweep.open {
		l.sweep = rest
		if m.width >= twoPanels {
			l.sweep, l.surface = rest.SplitLeft(rest.Width * 3 / 5)
		}
		return l
	}
	m.arrangeView(&l, rest, m.shownView())
	return l
}

// arrangeInspector gives the inspector the right side: two fifths of it, and more
// where the step's numbers would not have room. A tall and narrow terminal has it
// below the surface.
func (m *Model) arrangeInspector(l *layout, rest screen.Area) {
	if m.width < twoPanels && m.height >= stacked {
		rows := min(m.inspectorRows(rest.Width), rest.Height*3/5)
		l.inspector, l.surface = rest.SplitBottom(rows)
		return
	}
	width := max(inspectorBeside, m.width*2/5)
	if m.width < inspectorBeside+surfaceBeside || m.height < inspectorWithLane {
		width = m.width * 13 / 20
	}
	l.inspector, l.surface = rest.SplitRight(width)
	if rows := m.inspectorRows(l.inspector.Width); l.inspector.Height-rows >= curvesBelow {
		l.inspector, l.curves = l.inspector.SplitTop(rows)
	}
}

// tableHeight returns the rows of the lanes' table, its head among them, out of
// so many.
func (m *Model) tableHeight(height int) int {
	switch {
	case m.Inspector && m.height < inspectorWithLane:
		return 0
	case m.Inspector && m.height < inspectorWithLanes:
		return 2
	}
	return min(1+len(m.Lanes), max(height*2/5, min(7, height-10)))
}

func (m *Model) arrangeView(l *layout, rest screen.Area, shown Arrangement) {
	switch shown {
	case ShowSurface:
		l.surface = rest
	case ShowCurves:
		l.curves = rest
	case ShowData:
		l.data = rest
	default:
		_, plotted := m.runner.Problem().(problem.Plotted)
		switch {
		case m.width < twoPanels:
			l.surface, l.curves = rest.SplitTop(rest.Height * 11 / 20)
		case plotted && m.width >= threePanels:
			l.data, rest = rest.SplitRight(rest.Width * 3 / 10)
			l.surface, l.curves = rest.SplitLeft(rest.Width * 11 / 20)
		default:
			l.surface, l.curves = rest.SplitLeft(rest.Width * 11 / 20)
		}
	}
}

// picture draws on a grid that is nobody else's for so long.
func (m *Model) picture() {
	if m.grids == nil {
		m.draw()
		return
	}
	m.grid = m.grids.Get().(*screen.Grid)
	m.draw()
	m.grids.Put(m.grid)
	m.grid, m.curves.drawing.grid = nil, nil
}

// draw draws the picture into m.frame.
func (m *Model) draw() {
	m.grid.Resize(m.width, m.height)
	m.grid.Clear(screen.Style{})
	m.layout = layout{}
	if m.width < minWidth || m.height < minHeight {
		m.drawTooSmall()
		m.frame = m.grid.String()
		return
	}
	m.layout = m.arrange()
	l, s := m.layout, &m.scene
	s.sweepAxes = pick(m.sweep.open, len(m.sweep.axes), 0)
	drawHead(m.grid, l.head, s)
	if compared := s.NextStep == StepCompared && m.comparison.draw(m.grid, l.surface, s); compared {
		m.surface.plot = nil // nothing to click on
	} else if !l.surface.Empty() {
		m.surface.draw(m.grid, l.surface, s)
	}
	if !l.curves.Empty() {
		m.curves.draw(m.grid, l.curves, s)
	}
	if !l.data.Empty() {
		m.data.draw(m.grid, l.data, s)
	}
	if !l.sweep.Empty() {
		m.swept.draw(m.grid, l.sweep, &m.sweep, s)
	}
	if !l.inspector.Empty() {
		drawInspector(m.grid, l.inspector, s)
	}
	if !l.help.Empty() {
		drawHelp(m.grid, l.help, m.HelpPage, s)
		drawHelpFooter(m.grid, l.footer, l.help, m.HelpPage, s)
	} else {
		drawFooter(m.grid, l.footer, s)
	}
	drawLanes(m.grid, l.lanes, s)
	drawStatus(m.grid, l.status, s)
	if m.card {
		panels := screen.Area{Y: l.head.Height, Width: m.width, Height: l.status.Y - l.lanes.Height - l.head.Height}
		drawCard(m.grid, panels, l.lanes, s)
	}
	m.frame = m.grid.String()
}

// drawTooSmall says which size is needed, in as much room as there is.
func (m *Model) drawTooSmall() {
	text := fmt.Sprintf("ravine needs %d×%d, this is %d×%d", minWidth, minHeight, m.width, m.height)
	if screen.Width(text) > m.width {
		text = fmt.Sprintf("%d×%d needed", minWidth, minHeight)
	}
	x := max(0, (m.width-screen.Width(text))/2)
	m.grid.Text(x, m.height/2, m.width, text, m.theme.Text)
}
