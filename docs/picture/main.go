// Picture draws a screen of the playground as SVG, from the program itself:
//
//	go run ./docs/picture > docs/ravine.svg
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"math/bits"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/keymap"
	"ravine/race"
	"ravine/tui"
	"ravine/tui/screen"
)

// The size of the terminal and of a cell, and the step shown.
const (
	columns, rows         = 120, 36
	cellWidth, cellHeight = 9, 18
	step                  = 150
)

const background, foreground = "#101014", "#e5e5e5"

func main() {
	value := race.Default()
	value.Steps = 0
	model, err := tui.New(tui.Options{Race: value, At: step, Keys: keymap.Default(), Background: "dark"})
	if err != nil {
		log.Fatal(err)
	}
	model.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	model.Update(tea.WindowSizeMsg{Width: columns, Height: rows})
	model.View()
	out := bufio.NewWriter(os.Stdout)
	write(out, model.Screen())
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func write(out io.Writer, grid *screen.Grid) {
	width, height := columns*cellWidth, rows*cellHeight
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14.5">`+"\n", width, height)
	fmt.Fprintf(out, `<rect width="%d" height="%d" rx="6" fill="%s"/>`+"\n", width, height, background)
	for y := range rows {
		for x := range columns {
			writeCell(out, x*cellWidth, y*cellHeight, grid.Cell(x, y))
		}
	}
	fmt.Fprintln(out, "</svg>")
}

func writeCell(out io.Writer, x, y int, cell screen.Cell) {
	style := cell.Style
	text, behind := color(style.Foreground, foreground), color(style.Background, background)
	if style.Attributes&screen.Reverse != 0 {
		text, behind = behind, text
	}
	if behind != background {
		writeRect(out, x, y, cellWidth, cellHeight, behind)
	}
	switch r := cell.Rune; {
	case r == ' ' || r == 0:
	case r == '▀':
		writeRect(out, x, y, cellWidth, cellHeight/2, text)
	case r >= '\u2800' && r <= '\u28ff':
		opacity := 1.0
		if style.Attributes&screen.Faint != 0 {
			opacity = 0.5
		}
		writeDots(out, x, y, uint8(r-'\u2800'), text, opacity)
	default:
		weight := ""
		if style.Attributes&screen.Bold != 0 {
			weight = ` font-weight="bold"`
		}
		mark := ""
		if cell.Mark != 0 {
			mark = string(cell.Mark)
		}
		fmt.Fprintf(out, `<text x="%d" y="%d" fill="%s"%s>%s%s</text>`+"\n", x, y+14, text, weight, escape(r), mark)
	}
}

func writeRect(out io.Writer, x, y, width, height int, fill string) {
	fmt.Fprintf(out, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n", x, y, width, height, fill)
}

// writeDots draws a braille pattern: bits 0–2 and 6 are the left column, 3–5
// and 7 the right one.
func writeDots(out io.Writer, x, y int, pattern uint8, fill string, opacity float64) {
	places := [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
	for ; pattern != 0; pattern &= pattern - 1 {
		place := places[bits.TrailingZeros8(pattern)]
		fmt.Fprintf(out, `<circle cx="%.1f" cy="%.1f" r="1.4" fill="%s"`, float64(x)+2.2+4.5*float64(place[0]), float64(y)+2.2+4.5*float64(place[1]), fill)
		if opacity < 1 {
			fmt.Fprintf(out, ` opacity="%g"`, opacity)
		}
		fmt.Fprintln(out, "/>")
	}
}

func color(c screen.Color, otherwise string) string {
	if r, g, b, ok := c.RGB(); ok {
		return fmt.Sprintf("#%02x%02x%02x", r, g, b)
	}
	return otherwise
}

func escape(r rune) string {
	switch r {
	case '<':
		return "&lt;"
	case '&':
		return "&amp;"
	}
	return string(r)
}
