package tui

import (
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/race"
	"ravine/tui/panel"
	"ravine/tui/screen"
)

// sweepText returns the text in the sweep's panel.
func sweepText(m *Model) string {
	area := m.panels.Layout.Sweep
	rows := rowsOf(m)[area.Y : area.Y+area.Height]
	for y, row := range rows {
		rows[y] = string([]rune(row)[area.X : area.X+area.Width])
	}
	return strings.Join(rows, "\n")
}

// settleSweep opens the sweep, goes on to what those keys name, and computes it.
func settleSweep(t *testing.T, m *Model, keys string) {
	t.Helper()
	m.Hints = false // whose frames would be waited for
	for range 10 {
		settle(t, m, press(m, "s"))
		if strings.Join(m.sweep.keys(), " ") == keys {
			return
		}
	}
	t.Fatalf("no sweep over %s", keys)
}

// The border says what the colours stand for, in whole steps, and marks the best;
// where none is, it says so.
func TestSweepKey(t *testing.T) {
	for _, test := range []struct {
		name, lane, over string
		at               int
		steps            bool
		want             string
		best             bool
	}{
		{"loss", "momentum", "eta gamma", 37, false, "+ best × diverged", true},
		{"steps", "momentum", "eta gamma", 139, true, " steps 59          139 + best × diverged ", true},
		{"none converges", "momentum", "eta gamma", 37, true, " none of these converges within 37 steps ", false},
		{"none of one converges", "momentum", "eta", 37, true, " none of these converges within 37 steps ", false},
		{"fewest", "gd:eta=0.01", "eta", 400, true, " + best: η = 0.07079, ", true},
		{"all diverge", "momentum:eta=5", "gamma", 400, false, " all of these diverge ", false},
		{"all diverge before", "momentum:eta=5", "gamma", 400, true, " none of these converges within 400 steps ", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", test.lane), test.at)
			resize(m, 80, 24)
			m.TrialSteps = test.at
			settleSweep(t, m, test.over)
			if test.steps {
				press(m, "t")
			}
			text := sweepText(m)
			if !strings.Contains(text, test.want) {
				t.Errorf("no %q in\n%s", test.want, text)
			}
			plot := strings.ReplaceAll(text[:strings.LastIndex(text, "\n")], "2(1+γ)/λmax", "")
			if got := strings.Contains(plot, "+"); got != test.best {
				t.Errorf("a best is marked: %v, want %v\n%s", got, test.best, text)
			}
		})
	}
}

// What stands in a map is said below it, and nothing that does not.
func TestSweepKeyNamesTheMarks(t *testing.T) {
	for _, test := range []struct{ lane, over, marks string }{
		{"momentum", "eta gamma", "×·"},
		{"adam", "beta1 beta2", "·/"},
	} {
		m := openModel(t, playRace(t, "ravine", test.lane), 27)
		resize(m, 120, 36)
		settleSweep(t, m, test.over)
		text := sweepText(m)
		bottom := strings.LastIndex(text, "\n")
		plot, key := text[:bottom], text[bottom:]
		for mark, name := range map[string]string{"×": " × diverged", "·": " · converged", "/": " / outside"} {
			wanted := strings.Contains(test.marks, mark)
			if strings.Contains(key, name) != wanted {
				t.Errorf("%s: the key names %s: %v\n%s\n%s", test.lane, mark, !wanted, plot, key)
			}
		}
	}
}

// A run that ends at a saddle never reaches the tolerance where it counts, however
// few its steps: the quickest is not the best.
func TestSweepAtASaddle(t *testing.T) {
	r := playRace(t, "saddle", "gd")
	r.Start = []float64{1, 0}
	m := openModel(t, r, 100)
	settleSweep(t, m, "eta")
	press(m, "t")
	if text := sweepText(m); !strings.Contains(text, "none of these converges within") {
		t.Errorf("a saddle counts:\n%s", text)
	}
	saddles := 0
	for _, cell := range m.sweep.Cells {
		if cell.Status == race.Saddle {
			saddles++
			if at := m.sweep.Measure(cell, -0.25); at != math.Log10(float64(m.sweep.Trial.Steps)) {
				t.Errorf("%+v stands at 10^%g of %d steps", cell, at, m.sweep.Trial.Steps)
			}
		}
	}
	if saddles < 20 {
		t.Errorf("%d runs end at the saddle", saddles)
	}
	press(m, "t", "left", "right")
	if line := statusOf(m); !strings.Contains(line, ", saddle, ") {
		t.Errorf("under the cursor: %q", line)
	}
}

// Before all is known, nothing is said about all.
func TestSweepClaimsNothingEarly(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "momentum"), 37)
	press(m, "s", "t")
	if text := sweepText(m); strings.Contains(text, "none of these") {
		t.Errorf("nothing is computed yet:\n%s", text)
	}
}

// Without colours the map and its key have the same glyphs; what does not
// converge looks worst, not best.
func TestSweepWithoutColors(t *testing.T) {
	const ramp = " ░░▒▒▓▓█ "
	m := openModel(t, playRace(t, "ravine", "momentum"), 139)
	m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	settleSweep(t, m, "eta gamma")
	text := sweepText(m)
	if border := text[strings.LastIndex(text, "\n"):]; !strings.Contains(border, ramp) {
		t.Errorf("no %q in the border:\n%s", ramp, text)
	}
	press(m, "t")
	text = sweepText(m)
	if strings.Count(text, "█") < 500 || !strings.ContainsAny(text, "░▒▓") {
		t.Errorf("most cells are not the worst:\n%s", text)
	}
}

// The lines' names can be read wherever the cursor is.
func TestSweepNamesGiveWay(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
		m := openModel(t, playRace(t, "ravine", "gd"), 37)
		resize(m, size[0], size[1])
		settleSweep(t, m, "eta")
		for _, view := range []string{"loss", "steps"} {
			for i := 0; i < len(m.sweep.Values[0]); i += 3 { // a column at 80×24
				m.sweep.Cursor[0] = i
				m.followCursor()
				m.dirty = true
				text := sweepText(m)
				if !strings.Contains(text, "theory's best") || !strings.Contains(text, "2/λmax") || !strings.Contains(text, "▸●") && !strings.Contains(text, "●◂") {
					t.Fatalf("%v, %s: a name or the cursor is covered:\n%s", size, view, text)
				}
			}
			press(m, "t")
		}
	}
}

// The best η and the bound mostly share a column: their names stand on either side
// of it, the smaller one's to the left.
func TestSweepNamesStandApart(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
		m := openModel(t, playRace(t, "ravine", "gd"), 100)
		resize(m, size[0], size[1])
		settleSweep(t, m, "eta")
		line, best, bound := -1, -1, -1
		for _, row := range strings.Split(sweepText(m), "\n") {
			column := func(text string) int {
				before, _, found := strings.Cut(row, text)
				return panel.Pick(found, screen.Width(before), -1)
			}
			line, best, bound = max(line, column("┊")), max(best, column("theory's best")), max(bound, column("2/λmax"))
		}
		if best < 0 || best+len("theory's best") >= line || bound <= line {
			t.Errorf("%v: the best's name stands at %d, the line at %d, the bound's name at %d:\n%s", size, best, line, bound, textOf(m))
		}
	}
}

// In a sweep of one value the cursor stands on the curve, whatever step the lane
// is at, and the title says of how many steps the runs are.
func TestSweepCursorIsOnTheCurve(t *testing.T) {
	for _, at := range []int{0, 3, 2000} {
		m := openModel(t, playRace(t, "rosenbrock", "rmsprop"), at)
		resize(m, 80, 24)
		settleSweep(t, m, "eta")
		for _, by := range []string{"loss of RMSprop after 300 steps over η", "steps to converge ≤ 300: RMSprop, η"} {
			w, plot := &m.sweep, m.panels.Sweep.Plot
			cell, _ := w.CellAt(w.Cursor)
			_, row, ok := plot.Cell(w.Position(0, w.Cursor[0]), w.Measure(cell, m.BestLoss()))
			rows := rowsOf(m)
			if !ok || !strings.Contains(rows[row], "▸▼◂") || !strings.Contains(rows[1], by) {
				t.Errorf("at step %d: no cursor in row %d, or no %q, in\n%s", at, row, by, sweepText(m))
			}
			press(m, "t")
		}
	}
}

// A fragile best is marked as one, and one that was passed over is named.
func TestSweepMarksFragile(t *testing.T) {
	for over, want := range map[string]string{"eta": "+ fragile: η = ", "eta gamma": "+ best, fragile"} {
		m := openModel(t, playRace(t, "ravine", "momentum"), 23)
		resize(m, 160, 40)
		settleSweep(t, m, over)
		w := &m.sweep
		if strings.Contains(sweepText(m), "fragile") {
			t.Errorf("%s: nothing is fragile:\n%s", over, sweepText(m))
		}
		lowest := (w.Best.Index + 1) % w.Grid.Len()
		m.Update(bestMsg{w.number, race.Best{Index: w.Best.Index, Fragile: true, Lowest: lowest}, true})
		text := sweepText(m)
		if !strings.Contains(text, want) || over == "eta" && !strings.Contains(text, " is fragile) ") {
			t.Errorf("%s: no %q in\n%s", over, want, text)
		}
		press(m, "*")
		if !strings.Contains(statusOf(m), "best, fragile: η = ") {
			t.Errorf("%s: %q", over, statusOf(m))
		}
		resize(m, 80, 24)
		if text := sweepText(m); !strings.Contains(text, "η × γ ─") && over != "eta" || strings.Contains(text, "…") {
			t.Errorf("%s: cut at 80 columns:\n%s", over, text)
		}
	}
}
