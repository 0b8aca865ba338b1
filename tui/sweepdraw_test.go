package tui

import (
	"strings"
	"testing"
)

// sweepText returns the text in the sweep's panel.
func sweepText(m *Model) string {
	area := m.layout.sweep
	rows := rowsOf(m)[area.Y : area.Y+area.Height]
	for y, row := range rows {
		rows[y] = string([]rune(row)[area.X : area.X+area.Width])
	}
	return strings.Join(rows, "\n")
}

// settleSweep opens the sweep, goes on to what those keys name, and computes it.
func settleSweep(t *testing.T, m *Model, keys string) {
	t.Helper()
	for range 10 {
		settle(t, m, press(m, "s"))
		if strings.Join(m.sweep.keys(), " ") == keys {
			return
		}
	}
	t.Fatalf("no sweep over %s", keys)
}

// The lines' names can be read wherever the cursor is.
func TestSweepNamesGiveWay(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 50}} {
		m := openModel(t, playRace(t, "ravine", "gd"), 37)
		resize(m, size[0], size[1])
		settleSweep(t, m, "eta")
		for _, view := range []string{"loss", "steps"} {
			for i := 0; i < len(m.sweep.values[0]); i += 3 { // a column at 80×24
				m.sweep.cursor[0] = i
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
