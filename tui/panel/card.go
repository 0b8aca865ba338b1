package panel

import (
	"strings"

	"ravine/keymap"
	"ravine/optim"
	"ravine/tui/screen"
)

// cardLines are the card's, each of parts in styles of their own.
func cardLines(s *State) [][]styledText {
	text, key := s.Theme.Text, s.Theme.Key
	var markers []styledText
	for i := range min(3, len(s.Lanes)) {
		markers = append(markers, styledText{string(s.LaneStyle(i).Marker) + " ", s.mark(i)})
	}
	keys := func(line string, actions ...keymap.Action) (parts []styledText) {
		for i, does := range strings.Split(line, "|") {
			parts = append(parts, styledText{s.KeyOf(actions[i]), key}, styledText{" " + does, text})
		}
		return parts
	}
	first := []styledText{{string(startMark), s.Theme.Start}, {" start   ", text}, {string(optimumMark), s.Theme.Optimum}, {" optimum   ", text}}
	return [][]styledText{
		append(append(first, markers...), styledText{"optimizers on their way", text}),
		levelsLine(s),
		keys("up, |down: the selected lane's η  |next lane", keymap.Up(optim.Eta), keymap.Down(optim.Eta), keymap.NextLane),
		keys("run, pause  |again  |next problem  |all keys", keymap.RunPause, keymap.Restart, keymap.NextProblem, keymap.Help),
		{{"any key closes this, and does what it does", s.Theme.Dim}},
	}
}

// levelsLine says what the surface's colours are, or its lines where there are none.
func levelsLine(s *State) []styledText {
	x, y := s.axisNames()
	over := "the " + s.lossName() + " over " + x + ", " + y
	switch bands := s.Theme.Bands; {
	case s.Theme.Low != "":
		line := []styledText{{s.Theme.Low + " is low ", s.Theme.Text}}
		for n := 0; n < len(bands); n += 2 {
			line = append(line, styledText{"▌", screen.Style{Foreground: bands[n], Background: bands[min(n+1, len(bands)-1)]}})
		}
		return append(line, styledText{" high: " + over, s.Theme.Text})
	case len(bands) > 0:
		return []styledText{{"edges of stripes are lines of equal loss", s.Theme.Text}}
	}
	return []styledText{{"· : = ", s.Theme.Contour}, {"lines of equal loss, the denser the higher", s.Theme.Text}}
}

// drawCard draws the card at the bottom of the panels or, where that would leave
// little of them, over the table below.
func drawCard(grid *screen.Grid, panels, table screen.Area, s *State) {
	lines := cardLines(s)
	wide := 0
	for _, line := range lines {
		wide = max(wide, width(line))
	}
	height := len(lines) + 2
	if panels.Height < 2*height {
		panels.Height += table.Height
	}
	area, _ := panels.SplitBottom(height)
	area = area.Inset(max(0, (area.Width-wide-4)/2), 0)
	grid.Fill(area, ' ', screen.Style{})
	inside := s.boxed(grid, area, "optimizers race to the lowest loss").Inset(1, 0)
	for n, line := range lines[:min(len(lines), inside.Height)] {
		x := inside.X
		for _, part := range line {
			x += grid.Text(x, inside.Y+n, inside.X+inside.Width-x, part.text, part.style)
		}
	}
}
