package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

// Few examples are drawn as points, many as dots between the lines.
func TestFewExamplesAreSeen(t *testing.T) {
	for _, c := range []struct{ rows, least, most int }{{8, 6, 8}, {fewExamples, 30, fewExamples}, {fewExamples + 1, 0, 0}} {
		m := openFile(t, c.rows)
		resize(m, 120, 36)
		press(m, "shift+tab")
		if points := strings.Count(textOf(m), "•"); points < c.least || points > c.most {
			t.Errorf("%d points of %d examples, want %d to %d, in\n%s", points, c.rows, c.least, c.most, textOf(m))
		}
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
