package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/keymap"
	"ravine/race"
)

// sameRace fails unless the lanes of both stand at the same numbers, to the bit.
func sameRace(t interface{ Errorf(string, ...any) }, got, want *race.Runner) {
	if got.Step() != want.Step() {
		t.Errorf("at step %d, want %d", got.Step(), want.Step())
	}
	for i, lane := range got.Lanes() {
		other := want.Lanes()[i]
		if !slices.Equal(lane.Theta(), other.Theta()) || lane.Loss() != other.Loss() || lane.Status() != other.Status() || lane.Step() != other.Step() {
			t.Errorf("lane %d, %s: step %d, θ %v, %v; want step %d, θ %v, %v", i, lane.Spec(), lane.Step(), lane.Theta(), lane.Status(),
				other.Step(), other.Theta(), other.Status())
		}
	}
}

// afresh runs the race that the model shows from its value.
func afresh(t interface{ Fatal(...any) }, m *Model) *race.Runner {
	runner, err := race.New(m.Runner().Race())
	if err != nil {
		t.Fatal(err)
	}
	runner.Seek(m.Runner().Step())
	return runner
}

// Whatever is tuned, from the start or in mid-run, on one lane or on all, and
// wherever one travels in between, whether or not lanes have caught up: the screen
// shows the numbers of the race's value in the end, to the bit.
func TestTuningAndTravelStayAValue(t *testing.T) {
	scenes := []race.Race{
		playRace(t, "ravine", "gd", "momentum", "adam", "adagrad"),
		playRace(t, "regression:n=60", "sgd", "adam:batch=8", "minibatch", "nag:eta=1e-3"),
	}
	keys := strings.Fields("e E g G b B v V m M a w n p N P < > space { } c C u d D j k o X ctrl+left ctrl+right shift+left")
	rapid.Check(t, func(t *rapid.T) {
		m, err := New(Options{Race: rapid.SampledFrom(scenes).Draw(t, "scene"), At: rapid.IntRange(1, 60).Draw(t, "at"), Keys: keymap.Default(), Background: "dark"})
		if err != nil {
			t.Fatal(err)
		}
		m.catching.slice = 0 // a key takes one lane a little further
		for _, key := range rapid.SliceOfN(rapid.SampledFrom(keys), 1, 40).Draw(t, "keys") {
			m.Update(keyPress(key))
		}
		arrive(m)
		sameRace(t, m.Runner(), afresh(t, m))
	})
}

// A thousand random journeys, each back at a step that was seen before.
func TestTravelComesBackToTheBit(t *testing.T) {
	m := openModel(t, playRace(t, "regression:n=40", "sgd", "adam:batch=8,eta@20=0.5", "gd:eta=1", "nag"), 0)
	seen := map[int]string{}
	look := func() string {
		var text strings.Builder
		for _, lane := range m.Runner().Lanes() {
			fmt.Fprintln(&text, lane.Step(), lane.Theta(), lane.Loss(), lane.Status())
		}
		return text.String()
	}
	random := rand.New(rand.NewPCG(1, 1))
	keys := strings.Fields("n p N P < > ctrl+left ctrl+right n N")
	for range 1000 {
		press(m, keys[random.IntN(len(keys))])
		step, now := m.Runner().Step(), look()
		if before, ok := seen[step]; ok && before != now {
			t.Fatalf("step %d shows\n%s, and showed\n%s", step, now, before)
		}
		seen[step] = now
	}
	if len(seen) < 50 {
		t.Errorf("only %d steps were visited", len(seen))
	}
}

// With what-if on, a key bends the whole way; with it off, only what comes.
func TestWhatIf(t *testing.T) {
	m := openDefault(t, 100)
	press(m, "E")
	if spec := m.Lane().Spec().String(); spec != "gd:eta=0.08" {
		t.Errorf("with what-if on: %s", spec)
	}
	press(m, "w", "e")
	if spec := m.Lane().Spec().String(); spec != "gd:eta=0.08,eta@100=0.063" {
		t.Errorf("with what-if off: %s", spec)
	}
	if edits := m.Lane().Edits(); !slices.Equal(edits, []int{100}) {
		t.Errorf("edits at %v", edits)
	}
	press(m, "n")
	if !strings.Contains(strings.Join(rowsOf(m), "\n"), "┴") {
		t.Error("the curve does not mark the edit")
	}
	press(m, "w", "E")
	if spec := m.Lane().Spec().String(); strings.Contains(spec, "@") {
		t.Errorf("what is set from the start does not hold: %s", spec)
	}
}

// A stopped lane cannot be tuned from here on, and says so.
func TestTuningAStoppedLane(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=1"), 50)
	press(m, "w", "e")
	if spec := m.Lane().Spec().String(); spec != "gd:eta=1" || !m.Status.Bad {
		t.Errorf("%s, %q", spec, m.Status.Text)
	}
	press(m, "w", "e")
	if m.Lane().Status() != race.Diverged || m.Lane().Spec().String() != "gd:eta=0.8" {
		t.Errorf("%s", m.Lane().Spec())
	}
}

// Scrubbing gets faster while the key is held, and stays in what was reached.
func TestScrub(t *testing.T) {
	m := openDefault(t, 600)
	steps := []int{}
	for range 40 {
		press(m, "ctrl+left")
		steps = append(steps, m.Runner().Step())
	}
	if first, last := 600-steps[0], steps[len(steps)-2]-steps[len(steps)-1]; first != 1 || last <= first {
		t.Errorf("the first press went %d steps, the last %d", first, last)
	}
	press(m, ">")
	if m.Runner().Step() != 600 {
		t.Errorf("> goes to %d", m.Runner().Step())
	}
	press(m, "ctrl+right")
	if m.Runner().Step() != 600 {
		t.Errorf("scrubbing goes beyond what was reached, to %d", m.Runner().Step())
	}
	press(m, "<")
	if row := statusOf(m); m.Runner().Step() != 0 || !strings.HasSuffix(row, "0/600") {
		t.Errorf("< goes to %d: %q", m.Runner().Step(), row)
	}
}
