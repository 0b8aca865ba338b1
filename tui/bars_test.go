package tui

import (
	"strings"
	"testing"

	"ravine/tui/panel"
	"ravine/tui/screen"
)

// The timeline stands beside what a key says, and gives way to what is longer.
func TestTimelineGivesWay(t *testing.T) {
	for _, width := range []int{80, 120, 200} {
		m := openDefault(t, 10)
		resize(m, width, 36)
		for _, key := range []string{"y", "o", "}", "n", "w", "p", "["} {
			press(m, key)
			said, shown := m.Status.Text, statusOf(m)
			beside := screen.Width(said)+2 <= width-width/4
			if strings.Contains(shown, "●") != beside {
				t.Errorf("width %d: after %s: %q", width, key, shown)
			}
			if whole := strings.Contains(shown, said); whole != (screen.Width(said) <= width-2) || !whole && !strings.Contains(shown, "…") {
				t.Errorf("width %d: after %s: %q is shown as %q", width, key, said, shown)
			}
		}
	}
}

// Where a hint is cut, the advice is left.
func TestHintBeginsWithTheAdvice(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd"), 30)
	resize(m, panel.MinWidth, panel.MinHeight)
	m.Status.At = m.Status.At.Add(-panel.StatusTime)
	m.dirty = true
	if hint := statusOf(m); !strings.HasPrefix(hint, "hint (} ×3): try momentum: ") || !strings.HasSuffix(hint, "…") {
		t.Errorf("%q", hint)
	}
}

// In the sweep the footer says what keys do there: nothing else that they do.
func TestSweepFooter(t *testing.T) {
	for _, test := range []struct{ lane, keys, footer string }{
		{"momentum", "s s", "← → ↑ ↓ move  * enter esc best · keep · put back  s next sweep  t loss / steps  S its steps"},
		{"gd", "s", "← → move  * enter esc best · keep · put back  t loss / steps  S its steps  j k next · previous lane"},
		{"gd", "s esc", "space run / pause  n p step on · back  ? all keys  j k or ↓ ↑ next · previous lane"},
	} {
		m := openModel(t, playRace(t, "ravine", test.lane), 30)
		press(m, strings.Fields(test.keys)...)
		if got := strings.TrimSpace(rowsOf(m)[m.Height-1]); !strings.HasPrefix(got, test.footer) {
			t.Errorf("%s, %s:\n got %q\nwant %q…", test.lane, test.keys, got, test.footer)
		}
	}
}
