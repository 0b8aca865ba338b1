package panel

import (
	"fmt"

	"ravine/keymap"
	"ravine/tui/screen"
)

// helpWidth is the least width of a column of help.
const helpWidth = 38

// HelpPages returns every key in pages of columns that fit into a box of that
// size.
func HelpPages(keys keymap.Map, area screen.Area) [][][]helpLine {
	groups, rows := keys.Groups(), area.Height-2
	columns := helpColumns(groups, rows)
	across := max(1, (area.Width-4)/helpWidth)
	for len(columns) > 1 && len(columns) <= across { // about equally long
		rows--
		shorter := helpColumns(groups, rows)
		if len(shorter) != len(columns) {
			break
		}
		columns = shorter
	}
	var pages [][][]helpLine
	for len(columns) > across {
		pages = append(pages, columns[:across])
		columns = columns[across:]
	}
	return append(pages, columns)
}

// drawHelp lists the keys of a page, and says which page it is.
func drawHelp(grid *screen.Grid, area screen.Area, page int, s *State) {
	pages := HelpPages(s.Keys, area)
	title := "keys"
	if len(pages) > 1 {
		help, _ := s.Keys.Entry(keymap.Help)
		title = fmt.Sprintf("keys %d/%d · %s turns the page", page+1, len(pages), help.Keys)
	}
	inside := s.boxed(grid, area, title).Inset(1, 0)
	columns := pages[min(page, len(pages)-1)]
	if len(columns) == 0 {
		return
	}
	width := inside.Width / len(columns)
	for n, column := range columns {
		x := inside.X + n*width
		keysWidth := 0
		for _, line := range column {
			keysWidth = max(keysWidth, screen.Width(line.keys)+2)
		}
		for row, line := range column {
			if line.title {
				grid.Text(x, inside.Y+row, width-1, line.help, s.Theme.Title)
				continue
			}
			room, help := width-keysWidth-1, line.help
			if screen.Width(help) > room {
				help = line.short
			}
			grid.Text(x, inside.Y+row, keysWidth-1, line.keys, s.Theme.Key)
			grid.Text(x+keysWidth, inside.Y+row, room, help, s.Theme.Text)
		}
	}
}

// drawHelpFooter says how to turn the page and how to close the help.
func drawHelpFooter(grid *screen.Grid, area, help screen.Area, page int, s *State) {
	x := area.X + 1
	turn, closes := s.Keys.Binding(keymap.Help).Help().Key, ""
	if cancel := s.Keys.Binding(keymap.Cancel); cancel.Enabled() {
		closes = cancel.Help().Key
	}
	if page+1 < len(HelpPages(s.Keys, help)) {
		x += drawKey(grid, x, area.Y, turn, "next page", s)
	} else if closes == "" {
		closes = turn
	} else {
		closes = turn + " or " + closes
	}
	if closes != "" {
		drawKey(grid, x, area.Y, closes, "close", s)
	}
}

type helpLine struct {
	title bool
	keys  string
	help  string
	short string // where there is no room for help
}

// helpColumns fills columns of at most that many rows, a group at a time where
// it fits.
func helpColumns(groups []keymap.Group, rows int) [][]helpLine {
	if rows < 3 {
		return nil
	}
	var columns [][]helpLine
	var current []helpLine
	for _, group := range groups {
		lines := []helpLine{{title: true, help: group.Title}}
		for _, entry := range group.Entries {
			lines = append(lines, helpLine{keys: entry.Keys, help: entry.Help, short: entry.Short})
		}
		if len(current) > 0 && len(current)+1+len(lines) > rows {
			columns, current = append(columns, current), nil
		}
		if len(current) > 0 {
			current = append(current, helpLine{})
		}
		for len(current)+len(lines) > rows {
			cut := rows - len(current)
			columns = append(columns, append(current, lines[:cut]...))
			current, lines = nil, lines[cut:]
		}
		current = append(current, lines...)
	}
	return append(columns, current)
}
