package screen

import (
	"strings"
	"unicode/utf8"
)

// Cell is one column of one row. A rune that is two columns wide stands in the
// left one; the right one has Rune 0 and the same Style.
type Cell struct {
	Rune  rune
	Mark  rune // a combining rune over Rune, as in m̂, or 0
	Style Style
}

// Grid is a rectangle of cells to draw on. Whatever is drawn outside of it is
// left out, so that panels need not care. It is not safe for concurrent use.
type Grid struct {
	width, height int
	cells         []Cell // row by row
	row           []byte // kept between frames by String
	length        int    // of its last result
}

// New returns a grid of blanks in the terminal's own style.
func New(width, height int) *Grid {
	g := &Grid{}
	g.Resize(width, height)
	return g
}

// Resize gives the grid another size and clears it. A negative size counts as 0.
func (g *Grid) Resize(width, height int) {
	g.width, g.height = max(0, width), max(0, height)
	size := g.width * g.height
	if cap(g.cells) < size {
		g.cells = make([]Cell, size)
	}
	g.cells = g.cells[:size]
	g.Clear(Style{})
}

// Area returns the whole grid.
func (g *Grid) Area() Area { return Area{0, 0, g.width, g.height} }

// Clear fills the grid with blanks of a style.
func (g *Grid) Clear(style Style) {
	blank := Cell{Rune: ' ', Style: style}
	for i := range g.cells {
		g.cells[i] = blank
	}
}

// Cell returns the cell at x, y; outside of the grid, the zero Cell.
func (g *Grid) Cell(x, y int) Cell {
	if !g.inside(x, y) {
		return Cell{}
	}
	return g.cells[y*g.width+x]
}

// Set draws a rune. One that cannot stand in a cell, such as a control
// character, shows as U+FFFD; a wide one without room for both halves as a blank.
func (g *Grid) Set(x, y int, r rune, style Style) {
	symbol, width := standing(r)
	g.place(x, y, Cell{Rune: symbol, Style: style}, width)
}

// SetForeground draws a rune in a color over the background and with the
// attributes that are there.
func (g *Grid) SetForeground(x, y int, r rune, foreground Color) {
	if !g.inside(x, y) {
		return
	}
	style := g.cells[y*g.width+x].Style
	style.Foreground = foreground
	g.Set(x, y, r, style)
}

// Fill draws the same rune all over an area.
func (g *Grid) Fill(area Area, r rune, style Style) {
	symbol, width := standing(r)
	left, right := max(0, area.X), min(area.X+area.Width, g.width)
	for y := max(0, area.Y); y < min(area.Y+area.Height, g.height); y++ {
		x := left
		for ; x+width <= right; x += width {
			g.place(x, y, Cell{Rune: symbol, Style: style}, width)
		}
		if x < right { // half of a wide rune
			g.place(x, y, Cell{Rune: ' ', Style: style}, 1)
		}
	}
}

// Box draws a border of thin rounded lines with a title in its top line, and
// returns the area within. A border needs two rows and two columns.
func (g *Grid) Box(area Area, title string, style, titleStyle Style) Area {
	if area.Width < 2 || area.Height < 2 {
		return area.Inset(1, 1)
	}
	right, bottom := area.X+area.Width-1, area.Y+area.Height-1
	g.Fill(Area{area.X + 1, area.Y, area.Width - 2, 1}, '─', style)
	g.Fill(Area{area.X + 1, bottom, area.Width - 2, 1}, '─', style)
	g.Fill(Area{area.X, area.Y + 1, 1, area.Height - 2}, '│', style)
	g.Fill(Area{right, area.Y + 1, 1, area.Height - 2}, '│', style)
	g.Set(area.X, area.Y, '╭', style)
	g.Set(right, area.Y, '╮', style)
	g.Set(area.X, bottom, '╰', style)
	g.Set(right, bottom, '╯', style)
	// "╭─ title ─╮": three columns on either side belong to the line.
	if room := area.Width - 6; title != "" && room > 0 {
		used := g.Text(area.X+3, area.Y, room, title, titleStyle)
		g.Set(area.X+2, area.Y, ' ', style)
		g.Set(area.X+3+used, area.Y, ' ', style)
	}
	return area.Inset(1, 1)
}

func (g *Grid) inside(x, y int) bool {
	return x >= 0 && x < g.width && y >= 0 && y < g.height
}

// place puts a cell, one or two columns wide, and blanks what remains of wide
// runes that it covers by half.
func (g *Grid) place(x, y int, cell Cell, width int) {
	if y < 0 || y >= g.height || x < 0 || x >= g.width {
		return
	}
	row := g.cells[y*g.width : (y+1)*g.width]
	if x+width > g.width {
		cell.Rune, cell.Mark, width = ' ', 0, 1
	}
	if row[x].Rune == 0 {
		row[x-1].Rune, row[x-1].Mark = ' ', 0
	}
	if next := x + width; next < g.width && row[next].Rune == 0 {
		row[next].Rune = ' '
	}
	row[x] = cell
	if width == 2 {
		row[x+1] = Cell{Style: cell.Style}
	}
}

// String returns the grid as text for the terminal: lines of exactly its width,
// each of which ends in the terminal's own style.
func (g *Grid) String() string {
	var text strings.Builder
	text.Grow(g.length + g.length/16) // one picture is about as long as the next
	for y := range g.height {
		g.row = g.row[:0]
		if y > 0 {
			g.row = append(g.row, '\n')
		}
		g.row = appendRow(g.row, g.cells[y*g.width:(y+1)*g.width])
		text.Write(g.row)
	}
	g.length = text.Len()
	return text.String()
}

func appendRow(buffer []byte, row []Cell) []byte {
	var style Style
	for i := range row {
		cell := &row[i]
		if cell.Rune == 0 {
			continue
		}
		if cell.Style != style {
			buffer = appendTransition(buffer, style, cell.Style)
			style = cell.Style
		}
		buffer = utf8.AppendRune(buffer, cell.Rune)
		if cell.Mark != 0 {
			buffer = utf8.AppendRune(buffer, cell.Mark)
		}
	}
	if style != (Style{}) {
		buffer = append(buffer, reset...)
	}
	return buffer
}
