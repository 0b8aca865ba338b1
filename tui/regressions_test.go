package tui

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/optim"
	"ravine/tui/chart"
)

// clickAt clicks a cell and draws.
func clickAt(m *Model, x, y int) {
	m.Update(tea.MouseClickMsg(tea.Mouse{X: x, Y: y, Button: tea.MouseLeft}))
	m.View()
}

// A click selects another lane in the sweep: esc puts that one's values back.
func TestSweepOfAClickedLane(t *testing.T) {
	m := openDefault(t, 50)
	press(m, "s", "right")
	tuned, before := m.runner.Lanes()[0].Spec().String(), m.runner.Lanes()[5].Spec().String()
	clickAt(m, m.panels.Layout.Lanes.X+5, m.panels.Layout.Lanes.Y+6)
	if title := rowsOf(m)[1]; !strings.Contains(title, "loss of Adam") {
		t.Errorf("the sweep is %q", title)
	}
	press(m, "right", "esc")
	if got := m.runner.Lanes()[5].Spec().String(); got != before {
		t.Errorf("the clicked lane was %s and is %s", before, got)
	}
	if got := m.runner.Lanes()[0].Spec().String(); got != tuned {
		t.Errorf("the other lane was %s and is %s", tuned, got)
	}
}

// A click on the surface moves the start, and the sweep is computed from there.
func TestSweepFromAClickedStart(t *testing.T) {
	m := openDefault(t, 50)
	press(m, "s")
	plot := m.panels.Surface.Plot.Area
	before := m.sweep.number
	clickAt(m, plot.X+plot.Width/3, plot.Y+2)
	if m.sweep.number == before || !slices.Equal(m.sweep.of.race.Start, m.runner.Start()) {
		t.Error("the sweep is of the old start")
	}
}

// All lanes that can be tuned are, whichever could not be before them.
func TestTuneAllLanesThatRun(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.01", "gd:eta=10", "adam:eta=0.1", "gd:eta=1e6"), 50)
	press(m, "w", "a", "E")
	for i, want := range []bool{true, false, true, false} {
		if spec := m.runner.Lanes()[i].Spec().String(); strings.Contains(spec, "@50") != want {
			t.Errorf("lane %d is %s", i, spec)
		}
	}
	if status := statusOf(m); !strings.Contains(status, "η raised on 2 lanes") {
		t.Errorf("says %q", status)
	}
	if command := press(m, "E"); command == nil {
		t.Error("nothing takes the flash back")
	}
}

// tuneOut lets T come to its end.
func tuneOut(m *Model) {
	for command := press(m, "T"); command != nil && m.tuned.tunings != nil; {
		_, command = m.Update(batched(command))
	}
}

// batched runs a command, the first of several.
func batched(command tea.Cmd) tea.Msg {
	msg := command()
	if batch, ok := msg.(tea.BatchMsg); ok {
		return batched(batch[0])
	}
	return msg
}

// The limit of the tuned lanes ends with them.
func TestTunedLimitEnds(t *testing.T) {
	for _, keys := range []string{"]", "d", "d T T", "T", "] [", "}"} {
		m := openDefault(t, 20)
		tuneOut(m)
		if m.runner.Race().Steps != openingTrial {
			t.Fatalf("the tuned race goes to %d", m.runner.Race().Steps)
		}
		for key := range strings.FieldsSeq(keys) {
			if key == "T" && m.overlay == nil {
				tuneOut(m)
			} else {
				press(m, key)
			}
		}
		if steps := m.runner.Race().Steps; steps != 0 {
			t.Errorf("%s: the limit of %d steps stays", keys, steps)
		}
	}
}

// What is tuned for one start is not raced from another.
func TestTuningEndsWithItsStart(t *testing.T) {
	m := openDefault(t, 20)
	command := press(m, "T")
	before := m.runner.Race().Lanes[0].String()
	press(m, "shift+up")
	for command != nil && m.tuned.tunings != nil {
		_, command = m.Update(batched(command))
	}
	if after := m.runner.Race().Lanes[0].String(); after != before || !strings.Contains(statusOf(m), "another race") {
		t.Errorf("%s has become %s: %q", before, after, statusOf(m))
	}
}

// Another problem opens with all of its lanes on.
func TestLanesAreOnElsewhere(t *testing.T) {
	m := openDefault(t, 10)
	press(m, "j", "x", "[")
	for i, lane := range m.Lanes {
		if lane.Hidden {
			t.Errorf("lane %d is off", i)
		}
	}
}

// A view that does not fit for a while comes back.
func TestViewComesBack(t *testing.T) {
	for _, keys := range [][]string{nil, {"tab"}, {"tab", "tab"}} {
		m := openDefault(t, 10)
		press(m, keys...)
		was := m.ShownView()
		resize(m, 70, 30)
		resize(m, 120, 36)
		if m.ShownView() != was {
			t.Errorf("%v has become %v", was, m.ShownView())
		}
	}
}

// A hint that a key has covered asks for a frame of its own.
func TestHintComesBack(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd"), 30)
	if m.Hint() == "" {
		t.Fatal("there is no hint")
	}
	if command := press(m, "n"); command == nil {
		t.Error("nobody asks for the frame with the hint")
	}
	press(m, "h")
	if command := press(m, "n"); command != nil {
		t.Error("without hints there is nothing to ask for")
	}
}

// Rounding puts losses beside the optimum below it: they belong to the valley.
func TestLossBelowTheOptimum(t *testing.T) {
	m := openModel(t, playRace(t, "neuron"), 5)
	at := m.runner.Problem().Optima()[0].Theta
	m.Window.X.Min, m.Window.X.Max = at[0]-2e-9, at[0]+2e-9
	m.Window.Y.Min, m.Window.Y.Max = at[1]-2e-9, at[1]+2e-9
	m.dirty = true
	m.View()
	plot, below := m.panels.Surface.Plot, 0
	for row := range 2 * plot.Area.Height {
		for column := range plot.Area.Width {
			x := plot.X.Min + (float64(column)+0.5)/float64(plot.Area.Width)*(plot.X.Max-plot.X.Min)
			y := plot.Y.Max - (float64(row)+0.5)/float64(2*plot.Area.Height)*(plot.Y.Max-plot.Y.Min)
			if m.runner.Problem().Loss([]float64{x, y}) < m.BestLoss() {
				below++
				if level := m.panels.Surface.Bands.Levels[row*plot.Area.Width+column]; level != 0 {
					t.Fatalf("a loss below the optimum's is at level %d", level)
				}
			}
		}
	}
	if below == 0 || math.IsNaN(m.BestLoss()) {
		t.Error("no loss is below the optimum's: this shows nothing")
	}
}

// A lane out of the window has its marker at the edge, behind an arrow to it.
func TestMarkerOfALaneOutOfView(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd"), 0)
	theta := m.runner.Lanes()[0].Theta()
	m.Window.X.Min, m.Window.X.Max = theta[0]+1, theta[0]+5
	m.dirty = true
	text := textOf(m)
	if !strings.Contains(text, "←●") {
		t.Errorf("no marker at the edge:\n%s", text)
	}
}

// The η that a lane opens with stays its own when the problem changes under it.
func TestEtaStaysAsTheProblemChanges(t *testing.T) {
	for _, keys := range []string{"C", "} C", "c c"} {
		m := openDefault(t, 10)
		fields := strings.Fields(keys)
		press(m, fields[:len(fields)-1]...)
		var before []float64
		for _, lane := range m.runner.Lanes() {
			before = append(before, lane.Hyper().Eta)
		}
		press(m, fields[len(fields)-1])
		for i, lane := range m.runner.Lanes() {
			if eta := lane.Hyper().Eta; eta != before[i] {
				t.Errorf("%s: η of lane %d was %v and is %v", keys, i, before[i], eta)
			}
		}
	}
}

// A problem that is gone back to is raced by the convention of now.
func TestConventionGoesAlong(t *testing.T) {
	m := openDefault(t, 10)
	press(m, "]", "[", "u", "]")
	if rules := m.runner.Race().Rules.String(); rules != "papers" {
		t.Errorf("raced by the %s", rules)
	}
}

// Points of a long race are many steps apart: no lines are drawn between them.
func TestWayOfALongRace(t *testing.T) {
	braille := func(step int) (cells int) {
		r := playRace(t, "ravine", "momentum:eta=0.0001,gamma=0.9999")
		r.Tol = 0
		m := openModel(t, r, step)
		resize(m, 120, 36)
		press(m, "tab") // the surface alone
		for _, r := range textOf(m) {
			if isBraille(r) {
				cells++
			}
		}
		return cells
	}
	// Joined, the points of the long one would take more than 600.
	if early, late := braille(256), braille(60_000); early < 100 || late < early || late > 500 {
		t.Errorf("the way has %d cells after 256 steps and %d after 60,000", early, late)
	}
}

// The other convention needs the same data, and a file is read once.
func TestConventionKeepsTheData(t *testing.T) {
	file := filepath.Join(t.TempDir(), "d.csv")
	if err := os.WriteFile(file, []byte("x,y\n1,2\n2,3\n3,5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	m := openModel(t, playRace(t, "regression:file="+file), 5)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	before := m.runner.Problem()
	press(m, "u")
	if m.runner.Race().Rules != optim.Papers || m.runner.Problem() != before || m.Status.Bad {
		t.Errorf("%s: %s", m.runner.Race().Rules, statusOf(m))
	}
}

// A cell of the map shows the nearest value, also where values are unevenly far
// apart, as batch sizes are.
func TestPlacesAreNearest(t *testing.T) {
	m := openModel(t, playRace(t, "sparse", "adam:eta=0.1"), 5)
	w := &m.sweep
	for range 12 {
		if press(m, "s"); slices.Equal(w.keys(), []string{"eta", "batch"}) {
			break
		}
	}
	shown := chart.Range{Min: w.Position(1, 0), Max: w.Position(1, len(w.Values[1])-1)}
	const cells = 60
	seen := 0
	for i, place := range w.Places(1, cells, shown) {
		if place < 0 {
			continue
		}
		seen++
		at := shown.Min + (float64(i)+0.5)/cells*(shown.Max-shown.Min)
		for j := range w.Values[1] {
			if math.Abs(w.Position(1, j)-at) < math.Abs(w.Position(1, place)-at)-1e-9 {
				t.Errorf("at %.2f stands %v, and %v is nearer", math.Exp2(at), w.Values[1][place], w.Values[1][j])
			}
		}
	}
	if seen < cells/2 {
		t.Errorf("%d cells of %d show a value of %v over %v", seen, cells, w.Values[1], w.keys())
	}
}

// The best γ of a very large κ is no 1 when it is rounded.
func TestTheoryOfLargeKappa(t *testing.T) {
	m := openModel(t, playRace(t, "ravine:kappa=1e14", "momentum:eta=1e-15"), 5)
	press(m, "o")
	if gamma := m.Lane().Hyper().Gamma; m.Status.Bad || !(gamma > 0.99999 && gamma < 1) {
		t.Errorf("γ = %v: %s", gamma, statusOf(m))
	}
}

// Tuning leaves the sweep, whose cells would be of other lanes.
func TestTuningClosesTheSweep(t *testing.T) {
	m := openDefault(t, 20)
	press(m, "s", "T")
	if m.sweep.Open || m.tuned.tunings == nil {
		t.Errorf("the sweep is open: %v; tuning: %v", m.sweep.Open, m.tuned.tunings != nil)
	}
}

// Who follows a presenter again does not go on with a tuning of their own.
func TestShowStopsTuning(t *testing.T) {
	presenter := openDefault(t, 20)
	m := openDefault(t, 20)
	press(m, "T")
	number := m.tuned.number
	follow(t, m, presenter)
	state := stateOf(m.runner)
	for range 3 {
		if _, command := m.Update(tuneMsg{number}); command != nil {
			t.Error("the tuning goes on")
		}
	}
	if stateOf(m.runner) != state || m.Running {
		t.Error("the tuning changed the race")
	}
}

// What made a lane diverge is no number to show.
func TestInspectorOfDivergedLane(t *testing.T) {
	for _, lane := range []string{"gd:eta=1e300", "nag:eta=1e308", "adam:eta=1e200"} {
		m := openModel(t, playRace(t, "rosenbrock", lane), 5)
		press(m, "i")
		inside := m.panels.Layout.Inspector
		for _, row := range rowsOf(m)[inside.Y : inside.Y+inside.Height] {
			text := string([]rune(row)[min(inside.X, len([]rune(row))):])
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "∞") {
				t.Errorf("%s: %s", lane, text)
			}
		}
		if !strings.Contains(textOf(m), "has diverged at step") || !strings.Contains(textOf(m), "g ← ∇J(") {
			t.Errorf("%s:\n%s", lane, textOf(m))
		}
	}
}
