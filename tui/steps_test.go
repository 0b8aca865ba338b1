package tui

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ravine/race"
	"ravine/tui/screen"
)

// longRace waits at a step whose replay takes many slices, of which a message
// makes the smallest.
func longRace(t *testing.T) *Model {
	t.Helper()
	r := playRace(t, "ravine")
	r.Tol = 0
	m := openModel(t, r, 60_000)
	m.catching.slice = 0
	return m
}

func behind(m *Model) bool {
	_, behind := m.runner.Behind()
	return behind
}

// While a race is replayed, keys are answered, the picture says what it is, and a
// later wish takes the place of an earlier one.
func TestKeysDuringAReplay(t *testing.T) {
	m := longRace(t)
	step := func(key string, wantBehind bool) {
		t.Helper()
		m.Update(keyPress(key))
		m.Update(turnMsg{})
		if behind(m) != wantBehind {
			t.Errorf("after %s lanes are behind: %v", key, behind(m))
		}
	}
	step("<", false)
	step(">", true)
	if head := rowsOf(m)[0]; !strings.Contains(head, "step 60000 · replaying, 0%") {
		t.Errorf("the head line says %q", head)
	}
	step("j", true)
	if m.Selected != 1 {
		t.Error("a key is not answered")
	}
	step("w", true)
	if step("E", true); !strings.Contains(statusOf(m), "replayed") {
		t.Errorf("tuned from a step that is not reached: %s", statusOf(m))
	}
	step("w", true)
	step("E", true)
	step("P", true)
	step("<", false)
	if m.runner.Step() != 0 {
		t.Errorf("the race is at step %d", m.runner.Step())
	}
	step(">", true)
	step("P", true)
	arrive(m)
	if want := afresh(t, m); stateOf(m.runner) != stateOf(want) || want.Step() != 59_990 {
		t.Errorf("replayed to\n%s\nwant\n%s", stateOf(m.runner), stateOf(want))
	}
	if head := rowsOf(m)[0]; !strings.Contains(head, "paused") {
		t.Errorf("when all is replayed, the head line says %q", head)
	}
}

// Nothing is advised on a lane that is not there yet.
func TestNoHintDuringAReplay(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=1e-6"), 30_000)
	m.catching.slice = 0
	hint := m.Hint()
	press(m, "<")
	m.Update(keyPress(">"))
	m.Update(turnMsg{})
	if _, ok := race.Advise(m.runner.Lanes()[0]); !ok || !behind(m) || m.Hint() != "" {
		t.Errorf("during the replay: %q", m.Hint())
	}
	if arrive(m); m.Hint() != hint || hint == "" {
		t.Errorf("after the replay: %q, before: %q", m.Hint(), hint)
	}
}

// A race that runs waits for lanes that are behind, and goes on with all of them.
func TestRunningWaitsForTheReplay(t *testing.T) {
	m := longRace(t)
	press(m, "space")
	m.Update(keyPress("E"))
	for range 3 { // a step takes longer than a picture
		m.Update(currentTick(m))
	}
	if m.runner.Step() != 60_000 || !behind(m) {
		t.Errorf("the race went on to step %d", m.runner.Step())
	}
	for behind(m) {
		_, command := m.Update(turnMsg{})
		if command == nil && behind(m) {
			t.Fatal("nobody waits for the next turn")
		}
	}
	for range 3 {
		m.Update(currentTick(m))
	}
	arrive(m)
	if m.runner.Step() == 60_000 {
		t.Error("the race does not go on")
	}
	if slices.ContainsFunc(m.runner.Lanes(), func(l *race.Lane) bool { return l.Step() != m.runner.Step() }) {
		t.Error("a lane is not where the race is")
	}
}

// Who asks for a slice waits for as long as those who asked before need.
func TestTurns(t *testing.T) {
	turns := &Turns{}
	began := time.Now()
	var waits []time.Duration
	for range 5 {
		waits = append(waits, turns.take())
	}
	early := time.Since(began)
	unit := turns.free.Sub(began.Add(early)) // of all five, but for the time this took
	for i, wait := range waits {
		if ideal := time.Duration(i) * unit / 5; wait > ideal+early || wait < ideal-early {
			t.Errorf("number %d waits for %s, not for %s", i+1, wait, ideal)
		}
	}
	turns.begin()
	turns.end(0)
	if wait := turns.take(); wait > waits[4]+unit/10 {
		t.Errorf("a slice that was not needed is waited for: %s", wait)
	}
	before := turns.free
	turns.begin()
	if turns.end(time.Hour); turns.free != before {
		t.Error("all wait for one who was kept from the processor")
	}
	count := 0
	for turns.begin() {
		count++
	}
	if count != processors() {
		t.Errorf("%d slices at a time, on %d processors", count, processors())
	}
	if turns.end(0); !turns.begin() {
		t.Error("there is no room after one is over")
	}
}

// Two playgrounds draw on one grid, each its own picture.
func TestSharedGrids(t *testing.T) {
	grids := &sync.Pool{New: func() any { return screen.New(0, 0) }}
	a, b := openDefault(t, 20), openDefault(t, 90)
	resize(b, 80, 24)
	want := [2]string{textOf(a), textOf(b)}
	a.grids, b.grids = grids, grids
	for range 3 {
		a.dirty, b.dirty = true, true
		if got := [2]string{textOf(a), textOf(b)}; got != want {
			t.Fatalf("got %s\n%s", got[0], got[1])
		}
	}
}
