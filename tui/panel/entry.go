package panel

import (
	"ravine/tui/screen"
)

// Entry is a value of the selected lane that is being typed.
type Entry struct {
	Open  bool
	Key   string // of the hyperparameter
	Text  string
	Fault string // why enter did not set it
}

// types reports whether the value of a lane is being typed.
func (s *State) types(lane int, key string) bool {
	return s.Entry.Open && s.Entry.Key == key && (lane == s.Selected || s.TuneAll)
}

// drawEntry writes what is typed, and what is wrong with it or which keys there are.
func drawEntry(grid *screen.Grid, area screen.Area, s *State) {
	const cursor = "▏"
	name := SymbolOf(s.Entry.Key)
	value := " = " + s.Entry.Text + cursor
	note, style := "enter sets it, esc does not, tab goes to the next value", s.Theme.Dim
	if s.Entry.Fault != "" {
		note, style = s.Entry.Fault, s.Theme.Warn
	}
	of := " of " + Pick(s.TuneAll, "all lanes", s.Lane().Optimizer().Title)
	room := area.Width - 3 - screen.Width(note)
	switch wide := screen.Width(name + value); {
	case s.Entry.Fault == "" || wide+screen.Width(of) <= room:
		value = name + of + value
	case wide <= room:
		value = name + value
	default: // the fault names key and value
		value = ""
	}
	x := area.X + 1
	if value != "" {
		x += grid.Text(x, area.Y, area.Width-2, value, s.Theme.Key) + 1
	}
	grid.Text(x, area.Y, area.X+area.Width-1-x, note, style)
}
