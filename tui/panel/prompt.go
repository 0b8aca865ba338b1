package panel

import (
	"strings"

	"ravine/tui/screen"
)

// Prompt is a command or a formula that is being typed.
type Prompt struct {
	Open        bool
	Mark        string // what stands before it: ":" or "J ="
	Text        []rune
	Cursor      int // in Text
	Fault       string
	FaultAt     int      // in Text; −1 where the fault has no place
	Completions []string // what could be meant, the likeliest first
	Note        string   // where there is neither
}

// shown returns the part of the text for which a line of that width has room, and where
// it begins.
func (p Prompt) shown(width int) (text []rune, begin int) {
	begin = max(0, min(p.Cursor-width*3/4, len(p.Text)+1-width))
	return p.Text[begin:min(len(p.Text), begin+width)], begin
}

// drawPrompt writes what is typed.
func drawPrompt(grid *screen.Grid, area screen.Area, s *State) {
	p := s.Prompt
	x := area.X + 1
	x += grid.Text(x, area.Y, area.Width-2, p.Mark+" ", s.Theme.Key)
	width := area.X + area.Width - 1 - x
	text, begin := p.shown(width)
	for i, r := range append(text[:len(text):len(text)], ' ') {
		style := s.Theme.Text
		if begin+i == p.Cursor {
			style.Attributes |= screen.Reverse
		}
		if i < width {
			grid.Set(x+i, area.Y, r, style)
		}
	}
}

// drawPromptNote writes below what is typed what is wrong, under its place, or what
// could be meant.
func drawPromptNote(grid *screen.Grid, area screen.Area, s *State) {
	p := s.Prompt
	left, width := area.X+1, area.Width-2
	if p.Fault == "" {
		note := p.Note
		if len(p.Completions) > 0 {
			note = strings.Join(p.Completions, "  ")
		}
		grid.Text(left, area.Y, width, clause(note, width), s.Theme.Dim)
		return
	}
	mark := screen.Width(p.Mark) + 1
	_, begin := p.shown(width - mark)
	at := mark + p.FaultAt - begin
	after, before := width-at-2, at-1 // what there is room for
	switch fault := p.Fault; {
	case p.FaultAt < 0 || at < 0 || at >= width:
		grid.Text(left, area.Y, width, clause(fault, width), s.Theme.Warn)
	case screen.Width(fault) <= after || before <= after:
		grid.Text(left+at, area.Y, width-at, "^ "+clause(fault, after), s.Theme.Warn)
	default:
		fault = clause(fault, before)
		grid.Text(left+at-screen.Width(fault)-1, area.Y, width, fault+" ^", s.Theme.Warn)
	}
}
