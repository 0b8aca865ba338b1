package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/race"
	"ravine/tui/panel"
)

// byExamples opens the talk's three batch sizes by equal examples, at that step.
func byExamples(t *testing.T, at int) *Model {
	t.Helper()
	r := playRace(t, "regression", "gd", "minibatch", "sgd")
	r.Pace = race.ByExamples
	return openModel(t, r, at)
}

func paceKeys() []keyCase {
	regression := sceneOf("regression", "gd", "minibatch", "sgd")
	examples := func(t *testing.T) *Model { return byExamples(t, 50) }
	updates := func(want ...int) func(*testing.T, *Model, seen, tea.Cmd) {
		return func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			t.Helper()
			for i, lane := range m.runner.Lanes() {
				if lane.Step() != want[i] {
					t.Errorf("%s has made %d updates, want %d", lane.Spec(), lane.Step(), want[i])
				}
			}
		}
	}
	return []keyCase{
		{action: keymap.Pace, keys: "X", status: "ravine has no data", same: true},
		{action: keymap.Pace, scene: regression, keys: "X", status: "every lane sees 32 of 800", check: updates(0, 0, 0)},
		{action: keymap.Pace, scene: regression, keys: "X n", check: updates(0, 1, 32)},
		{action: keymap.Pace, scene: regression, keys: "X N N N", check: has("step 30, epoch 1.20")},
		{action: keymap.Pace, scene: regression, keys: "X N N N", check: has("over epochs")},
		{action: keymap.Pace, scene: regression, keys: "X N N N p", check: updates(1, 29, 29*32)},
		{action: keymap.Pace, scene: regression, keys: "X N X", status: "by updates", check: updates(0, 0, 0)},
		{action: keymap.Pace, scene: regression, keys: "X N X n", check: updates(1, 1, 1)},
		{action: keymap.Pace, scene: examples, keys: "<", check: updates(0, 0, 0)},
		{action: keymap.Pace, scene: examples, keys: "P >", same: true, check: updates(2, 50, 1600)},
		{action: keymap.Pace, scene: examples, keys: "w j j e", status: "from here on"},
		{action: keymap.Pace, scene: examples, keys: "] [", check: has("epoch 0.00")},
	}
}

// TestPaceIsOfTheRace: what is copied and what followers get race by examples too.
func TestPaceIsOfTheRace(t *testing.T) {
	m := byExamples(t, 30)
	press(m, "j", "w", "e", "n")
	command := copied(t, m)
	if !strings.Contains(command, "--pace examples") {
		t.Errorf("copied: %s", command)
	}
	follower := openDefault(t, 0)
	follow(t, follower, m)
	for _, other := range []*Model{opened(t, command), follower} {
		if got, want := stateOf(other.runner), stateOf(m.runner); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

// TestPaceWaits: where no race goes further, that is by the updates of the lane
// that makes the most.
func TestPaceWaits(t *testing.T) {
	r := playRace(t, "regression:n=100", "sgd:eta=0", "gd")
	r.Pace = race.ByExamples
	m, err := New(Options{Race: r, At: 0, Keys: keymap.Default(), Background: "dark", MostSteps: 4000})
	if err != nil {
		t.Fatal(err)
	}
	resize(m, 120, 36)
	m.Speed = len(panel.Speeds) - 1
	for range 10_000 {
		if !m.Running {
			break
		}
		m.Update(currentTick(m))
	}
	if got := m.runner.Lanes()[0].Step(); got != 4000 || m.Running || !strings.Contains(statusOf(m), "1000 steps: no race goes further") {
		t.Errorf("at %d updates, running %v: %s", got, m.Running, statusOf(m))
	}
}

// TestLogAxes: every count has a log axis, on which the start is drawn too.
func TestLogAxes(t *testing.T) {
	m := byExamples(t, 0)
	press(m, "t", "t") // updates, log axis
	for _, axis := range []string{"updates", "epochs", "examples seen"} {
		if text := textOf(m); !strings.Contains(text, "over "+axis+", log axis") || !strings.Contains(text, "●") {
			t.Errorf("no curves over %s at the start:\n%s", axis, text)
		}
		press(m, "t")
	}
}
