package tui

import (
	"slices"
	"testing"

	"ravine/tui/screen"
)

// tableMarks returns the cells of the table that hold the lanes' markers.
func tableMarks(m *Model) (marks []screen.Cell) {
	m.View()
	for row := range len(m.Lanes) {
		cell := m.grid.Cell(m.panels.Layout.Lanes.X+1, m.panels.Layout.Lanes.Y+1+row)
		cell.Style.Background = screen.Default // the selected row's
		marks = append(marks, cell)
	}
	return marks
}

// TestLooksStay: what comes and goes leaves the look of every other lane as it is.
func TestLooksStay(t *testing.T) {
	tests := []struct {
		name string
		keys []string
		want []int // where each lane's look was before; -1 for a new one
	}{
		{"the first is removed", []string{"D"}, []int{1, 2, 3}},
		{"one of three alike is removed", []string{"j", "j", "D"}, []int{0, 1, 3}},
		{"one is duplicated", []string{"j", "d"}, []int{0, 1, -1, 2, 3}},
		{"a freed look is taken again", []string{"D", "d"}, []int{1, 0, 2, 3}},
		{"a rule is changed", []string{"}"}, []int{-1, 1, 2, 3}},
		{"and changed back", []string{"}", "{"}, []int{0, 1, 2, 3}},
		{"hidden and shown", []string{"x", "x"}, []int{0, 1, 2, 3}},
		{"another problem", []string{"D", "]"}, []int{1, 2, 3}},
		{"and back", []string{"D", "]", "["}, []int{1, 2, 3}},
		{"restarted, by other rules", []string{"r", "u", "C"}, []int{0, 1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", "adam", "adam:eta=0.1", "adam:eta=0.01", "gd"), 20)
			before := tableMarks(m)
			press(m, test.keys...)
			after := tableMarks(m)
			if len(after) != len(test.want) {
				t.Fatalf("%d lanes, want %d", len(after), len(test.want))
			}
			for i, was := range test.want {
				if was >= 0 && after[i] != before[was] {
					t.Errorf("lane %d is %c in %v, want %c in %v", i, after[i].Rune, after[i].Style, before[was].Rune, before[was].Style)
				}
				if was < 0 && slices.Contains(before, after[i]) {
					t.Errorf("the new lane %d looks like another", i)
				}
			}
		})
	}
}

// TestOneLookEverywhere: a rule looks the same in every race and for a follower,
// and its second lane differs in color and marker.
func TestOneLookEverywhere(t *testing.T) {
	first := tableMarks(openModel(t, playRace(t, "ravine", "gd", "adam", "momentum"), 20))
	m := openModel(t, playRace(t, "regression", "momentum", "sgd", "momentum:gamma=0.5"), 20)
	second := tableMarks(m)
	if first[2] != second[0] {
		t.Errorf("Momentum is %c in %v, and elsewhere %c in %v", first[2].Rune, first[2].Style, second[0].Rune, second[0].Style)
	}
	if second[0].Rune == second[2].Rune || second[0].Style == second[2].Style {
		t.Errorf("a second Momentum is %c, the first %c", second[2].Rune, second[0].Rune)
	}
	press(m, "D") // the second one keeps its look, and followers see that
	follower := openDefault(t, 20)
	follow(t, follower, m)
	if got := tableMarks(follower); !slices.Equal(got, second[1:]) {
		t.Errorf("a follower sees %v, want %v", got, second[1:])
	}
}
