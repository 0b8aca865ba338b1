package screen

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

const ellipsis = '…'

// Text writes text from x rightwards and returns the columns used, which are at
// most width. A text that is longer ends in "…". What cannot be shown in cells
// shows as U+FFFD; of several combining marks on a letter, the first is kept.
func (g *Grid) Text(x, y, width int, text string, style Style) int {
	if width <= 0 {
		return 0
	}
	room := width
	cut := Width(text) > width
	if cut {
		room--
	}
	used := 0
	for symbol, columns := range symbols(text) {
		if used+columns > room {
			break
		}
		symbol.Style = style
		g.place(x+used, y, symbol, columns)
		used += columns
	}
	if cut {
		g.place(x+used, y, Cell{Rune: ellipsis, Style: style}, 1)
		used++
	}
	return used
}

// TextRight writes text so that it ends at the right side of the width columns
// from x, and returns the columns used, as Text does.
func (g *Grid) TextRight(x, y, width int, text string, style Style) int {
	indent := max(0, width-Width(text))
	return g.Text(x+indent, y, width-indent, text, style)
}

// Width returns the columns that Text needs to write all of a text.
func Width(text string) int {
	width := 0
	for _, columns := range symbols(text) {
		width += columns
	}
	return width
}

// symbols yields what stands in each cell of a text, and how many columns wide.
func symbols(text string) iter.Seq2[Cell, int] {
	return func(yield func(Cell, int) bool) {
		for len(text) > 0 {
			cell, columns, size := firstSymbol(text)
			if !yield(cell, columns) {
				return
			}
			text = text[size:]
		}
	}
}

// firstSymbol returns what stands in the first cell of a text, its columns, and
// the bytes of text that it stands for.
func firstSymbol(text string) (cell Cell, columns, size int) {
	first, size := utf8.DecodeRuneInString(text)
	next, _ := utf8.DecodeRuneInString(text[size:])
	if isPlain(first) && (isPlain(next) || len(text) == size) {
		return Cell{Rune: first}, 1, size
	}
	clusters := displaywidth.StringGraphemes(text)
	clusters.Next()
	cluster := clusters.Value()
	cell.Rune, columns = standing(first)
	if mark, n := utf8.DecodeRuneInString(cluster[size:]); n > 0 && fits(mark, cell.Rune) {
		cell.Mark = mark
	}
	return cell, columns, len(cluster)
}

// isPlain reports whether a rune surely fills one cell, whatever plain rune is
// next to it. It spares most of a frame the rules for the scripts of the world.
func isPlain(r rune) bool {
	switch {
	case r < 0x7f:
		return r >= 0x20
	case r < 0x2010:
		return r > 0xa0 && r < 0x300 && r != 0xad || r >= 0x370 && r < 0x400 // Latin, Greek
	case r < 0x2500:
		return r < 0x2028 || r >= 0x2070 && r < 0x20a0 || r >= 0x2190 && r < 0x2300 // … ₁ ² ← ∇ √
	default:
		return r < 0x25fd || r >= 0x2800 && r < 0x2900 // lines, blocks, shapes, braille
	}
}

// standing returns the rune by which r is shown in a cell of its own, and its
// columns: r itself, or U+FFFD if r shows nothing or would melt into one with
// its neighbours, as control characters and the halves of a flag do.
func standing(r rune) (rune, int) {
	if isPlain(r) {
		return r, 1
	}
	if unicode.IsControl(r) || !utf8.ValidRune(r) || clusterCount('a', r, r, 'a') != 4 {
		return utf8.RuneError, 1
	}
	if columns := displaywidth.Rune(r); columns > 0 {
		return r, columns
	}
	return utf8.RuneError, 1
}

// fits reports whether a combining mark can be drawn over a base without
// changing its width or drawing the next cell's letter to it.
func fits(mark, base rune) bool {
	return unicode.Is(unicode.Mn, mark) && !unicode.Is(unicode.Variation_Selector, mark) &&
		clusterCount(base, mark, base) == 2
}

// clusterCount returns how many characters, as a reader sees them, the runes
// make next to each other.
func clusterCount(runes ...rune) int {
	var storage [4 * utf8.UTFMax]byte
	text := storage[:0]
	for _, r := range runes {
		text = utf8.AppendRune(text, r)
	}
	count := 0
	for clusters := displaywidth.BytesGraphemes(text); clusters.Next(); {
		count++
	}
	return count
}
