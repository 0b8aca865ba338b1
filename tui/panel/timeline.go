package panel

import (
	"fmt"
	"strconv"

	"ravine/tui/screen"
)

// Timeline returns where the race's time is drawn and the numbers behind it, if
// there is room for it in the status line.
func (s *State) Timeline(status screen.Area) (track, label screen.Area, ok bool) {
	area, beside := status.SplitRight(status.Width / 4)
	if text, _ := s.statusText(); s.Entry.Open || s.Prompt.Open || status.Width < TwoPanels || screen.Width(text)+2 > beside.Width { // words come first
		return screen.Area{}, screen.Area{}, false
	}
	label, track = area.Inset(1, 0).SplitRight(screen.Width(s.timelineLabel()))
	return track, label, track.Width >= 8
}

// timelineLabel is as wide at every step.
func (s *State) timelineLabel() string {
	furthest := strconv.Itoa(s.Furthest)
	return fmt.Sprintf(" %*d/%s", len(furthest), s.Race.Step(), furthest)
}

// drawTimeline draws where the step shown stands between the start and the
// furthest step reached.
func drawTimeline(grid *screen.Grid, track, label screen.Area, s *State) {
	at := 0
	if s.Furthest > 0 {
		at = s.Race.Step() * (track.Width - 1) / s.Furthest
	}
	for x := range track.Width {
		switch {
		case x == at:
			grid.Set(track.X+x, track.Y, '●', s.Theme.Key)
		case x < at:
			grid.Set(track.X+x, track.Y, '━', s.Theme.Dim)
		default:
			grid.Set(track.X+x, track.Y, '─', s.Theme.Faint)
		}
	}
	grid.Text(label.X, label.Y, label.Width, s.timelineLabel(), s.Theme.Dim)
}
