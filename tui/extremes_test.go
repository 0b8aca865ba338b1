package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ravine/problem"
)

// TestExtremes races what leaves the numbers: the picture stays whole in every
// view, and a lane that diverged says so.
func TestExtremes(t *testing.T) {
	etas := []string{"1e-300", "3", "1e6", "1e300"}
	for _, kind := range problem.Kinds() {
		for _, eta := range etas {
			t.Run(kind.Name+"/"+eta, func(t *testing.T) {
				m := openModel(t, playRace(t, kind.Name, "gd:eta="+eta, "momentum:eta="+eta, "nag:eta="+eta, "adam:eta="+eta, "lion:eta="+eta), 0)
				resize(m, 80, 24)
				press(m, "l")
				for _, step := range []int{1, 7, 2100} {
					m.runner.Seek(step)
					for _, keys := range []string{"tab", "tab", "tab", "i", "i", "0"} {
						press(m, keys)
						if fault := misfit(m); fault != "" {
							t.Fatalf("at step %d, %s: %s", step, keys, fault)
						}
					}
				}
				for _, lane := range m.runner.Lanes() {
					if status := lane.Status().String(); !strings.Contains(textOf(m), status) {
						t.Errorf("nothing says that %s has %s", lane.Spec(), status)
					}
				}
			})
		}
	}
}

// TestDivergedLeavesTheTop checks the sign of a lane that left, in the curves.
func TestDivergedLeavesTheTop(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=5", "adam"), 100)
	rows := rowsOf(m)
	if !strings.ContainsRune(rows[2], '↑') || !strings.Contains(strings.Join(rows, "\n"), "diverged") {
		t.Errorf("no %c in the curves' top row:\n%s", '↑', strings.Join(rows, "\n"))
	}
}

// TestHiddenLanes hides lanes until none is left and shows them again.
func TestHiddenLanes(t *testing.T) {
	m := openDefault(t, 40)
	before := look(m)
	for range m.Lanes {
		press(m, "x", "j")
		if fault := misfit(m); fault != "" {
			t.Fatal(fault)
		}
	}
	if text := textOf(m); strings.Count(text, " off") < len(m.Lanes) {
		t.Errorf("not every lane is off:\n%s", text)
	}
	for _, keys := range []string{"0", "tab", "tab", "tab", "l", "i", "i", "l", "t", "t", "n", "p", "z", "0"} {
		press(m, keys)
		if fault := misfit(m); fault != "" {
			t.Fatalf("%s: %s", keys, fault)
		}
	}
	for range m.Lanes {
		press(m, "x", "j")
	}
	press(m, "0")
	shown := look(m)
	press(m, "0")
	if stateOf(m.runner) != before.state || textOf(m) != shown.screen {
		t.Error("the race or the picture is not what it was")
	}
	if text := textOf(m); strings.Contains(text, " off") {
		t.Errorf("a lane is still off:\n%s", text)
	}
}

// TestMostLanes duplicates to the limit, walks through all lanes and removes
// all but one. The selected lane is always in sight.
func TestMostLanes(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {100, 30}} {
		m := openDefault(t, 20)
		resize(m, size[0], size[1])
		press(m, slices.Repeat([]string{"d"}, mostLanes)...)
		if len(m.Lanes) != mostLanes || !strings.Contains(statusOf(m), fmt.Sprint(mostLanes)) {
			t.Fatalf("%d lanes; the status line says %q", len(m.Lanes), statusOf(m))
		}
		for _, key := range slices.Concat(slices.Repeat([]string{"j"}, mostLanes+2), slices.Repeat([]string{"D"}, mostLanes+2)) {
			press(m, key)
			if fault := misfit(m); fault != "" {
				t.Fatalf("%v: %s", size, fault)
			}
			if text := textOf(m); !strings.Contains(text, "▌") {
				t.Fatalf("%v: lane %d is selected and not in sight:\n%s", size, m.Selected, text)
			}
		}
		if len(m.Lanes) != 1 || len(m.runner.Lanes()) != 1 {
			t.Errorf("%d lanes are left", len(m.Lanes))
		}
	}
}

// TestProblemsRoundTrip changes something on every problem and comes round
// again: each race is found as it was left.
func TestProblemsRoundTrip(t *testing.T) {
	m := openDefault(t, 5)
	kinds := problem.Kinds()
	left := map[string][]string{}
	for range kinds {
		press(m, "space", "n", "n", "E", "C", "shift+left", "j", "E", "d")
		left[m.runner.Race().Problem.Name] = m.runner.Race().Args()
		press(m, "]")
		if m.runner.Step() != 0 || m.Running {
			t.Errorf("%s opens at step %d, running %v, after a pause", m.runner.Race().Problem.Name, m.runner.Step(), m.Running)
		}
	}
	if len(left) != len(kinds) {
		t.Fatalf("%d problems of %d were visited", len(left), len(kinds))
	}
	for _, key := range slices.Concat(slices.Repeat([]string{"]"}, len(kinds)), slices.Repeat([]string{"["}, len(kinds))) {
		name := m.runner.Race().Problem.Name
		if got := m.runner.Race().Args(); !slices.Equal(got, left[name]) {
			t.Errorf("%s: the race is\n%q, was left as\n%q", name, got, left[name])
		}
		if len(m.Lanes) != len(m.runner.Lanes()) || m.Selected >= len(m.Lanes) {
			t.Errorf("%s: %d lanes on screen, %d in the race, %d selected", name, len(m.Lanes), len(m.runner.Lanes()), m.Selected)
		}
		press(m, key)
	}
}

// TestOpenKeepsEdits opens lanes that change a value in mid-run.
func TestOpenKeepsEdits(t *testing.T) {
	for _, lane := range []string{"gd:eta=0.01,eta@20=0.02", "gd:eta@20=0.02", "adam:beta1@20=0.5", "adam:eta@0=0.5,eta@20=0.1"} {
		m := openModel(t, playRace(t, "ravine", lane), 40)
		spec := m.runner.Lanes()[0].Spec()
		for _, setting := range laneSpec(t, lane).Settings {
			if !slices.Contains(spec.Settings, setting) {
				t.Errorf("%s opened as %s", lane, spec)
			}
		}
	}
}
