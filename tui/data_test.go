package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ravine/tui/panel"
)

// openFile opens a race on a CSV file of so many rows, with long names.
func openFile(t *testing.T, rows int) *Model {
	t.Helper()
	text := "area_in_square_metres,rooms_without_kitchen,price_in_thousands\n"
	for i := range rows {
		text += fmt.Sprintf("%d,%d,%d\n", 40+7*i, 1+i*i%5, 90+31*i%300)
	}
	path := filepath.Join(t.TempDir(), "houses_that_were_sold.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return openModel(t, playRace(t, "regression:file="+path+",standardize=true", "gd"), 50)
}

// TestExamplesAreSeen: few examples are drawn as points, and so are some of many,
// with lines between them that have arrived.
func TestExamplesAreSeen(t *testing.T) {
	for _, c := range []struct{ rows, least, most int }{{8, 6, 8}, {60, 30, 60}, {61, 20, 31}} {
		m := openFile(t, c.rows)
		resize(m, 120, 36)
		press(m, "shift+tab")
		if points := strings.Count(textOf(m), "•"); points < c.least || points > c.most {
			t.Errorf("%d points of %d examples, want %d to %d, in\n%s", points, c.rows, c.least, c.most, textOf(m))
		}
	}
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
		m := openModel(t, playRace(t, "regression"), 2000)
		resize(m, size[0], size[1])
		press(m, "shift+tab")
		points, line := 0, 0
		for y := range m.Height {
			for x := range m.Width {
				cell := m.grid.Cell(x, y)
				points += panel.Pick(cell.Rune == '•', 1, 0)
				line += panel.Pick(isBraille(cell.Rune) && cell.Style == m.Dots(m.Selected), 1, 0)
			}
		}
		if points < size[0]/6 || line < points {
			t.Errorf("%v: %d points and %d cells of the line in\n%s", size, points, line, textOf(m))
		}
		if want := "• " + fmt.Sprint(size[0]/4) + " of 800 examples"; !strings.Contains(textOf(m), want) {
			t.Errorf("%v: no %q", size, want)
		}
	}
}

// TestHowDataWereReadIsSaid: a file that is no plain CSV opens with a line on how it was
// read, in the place of the usual greeting.
func TestHowDataWereReadIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pairs.txt")
	if err := os.WriteFile(path, []byte("1;2,5\n2;4,5\n3;5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := openModel(t, playRace(t, "regression:file="+path), 0)
	resize(m, 120, 30)
	if want := `pairs.txt: columns separated by ";"; decimal commas; no header`; !strings.Contains(textOf(m), want) {
		t.Errorf("no %s in\n%s", want, textOf(m))
	}
}

// The names of a file's columns may be longer than there is room for.
func TestLongNamesAreCut(t *testing.T) {
	for _, width := range []int{60, 80, 120, 200} {
		m := openFile(t, 8)
		resize(m, width, 30)
		text := textOf(m)
		for _, want := range []string{"over area_in_squar…, ", "… → ", "file=houses_that_were_sold.csv"} {
			if !strings.Contains(text, want) && (width >= 120 || !strings.Contains(want, "file=")) {
				t.Errorf("%d columns: no %q in\n%s", width, want, text)
			}
		}
		if strings.Contains(text, os.TempDir()) {
			t.Errorf("%d columns: the file's folder is shown", width)
		}
	}
}
