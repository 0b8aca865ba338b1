package tui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/race"
	"ravine/tui/panel"
)

// settle runs the commands that a key led to, and those that they lead to, until
// there are none, as Bubble Tea would.
func settle(t *testing.T, m *Model, command tea.Cmd) {
	t.Helper()
	pending := []tea.Cmd{command}
	for range 10_000 {
		if len(pending) == 0 {
			return
		}
		next := pending[0]
		pending = pending[1:]
		if next == nil {
			continue
		}
		switch msg := next().(type) {
		case tea.BatchMsg:
			pending = append(pending, msg...)
		case sweepMsg, bestMsg, tuneMsg:
			_, more := m.Update(msg)
			m.View()
			pending = append(pending, more)
		}
	}
	t.Fatal("the commands do not end")
}

// The sweep shows what single runs give, to the bit, for every pair that each
// rule offers; then what ravine sweep gives from several starts.
func TestSweepCellsAreRuns(t *testing.T) {
	for _, lane := range []string{"gd", "nag", "adam", "adam:batch=8"} {
		m := openModel(t, playRace(t, "regression:n=40,noise=1", lane), 30)
		m.Hints = false // whose frames would be waited for
		m.TrialSteps = 30
		for range panel.SweepPairs(m.Lane()) {
			command := press(m, "s")
			w := &m.sweep
			for w.Next < w.Grid.Len() {
				_, command = m.Update(command())
			}
			if w.Next != w.Grid.Len() || slices.Contains(w.Known, false) {
				t.Fatalf("%s over %v: %d of %d cells", lane, w.keys(), w.Next, w.Grid.Len())
			}
			for index := 0; index < w.Grid.Len(); index += 1 + w.Grid.Len()/40 {
				r := m.Runner().Race()
				r.Lanes[0] = w.Grid.Spec(index)
				runner, err := race.New(r)
				if err != nil {
					t.Fatal(err)
				}
				runner.Seek(30)
				single := runner.Lanes()[0]
				if cell := w.Cells[index]; cell.Loss != single.Loss() || cell.Status != single.Status() {
					t.Errorf("%s: the cell has %v, a run %v %v", r.Lanes[0], cell, single.Loss(), single.Status())
				}
			}
			robust, err := race.NewSweep(m.runner.Problem(), m.runner.Race(), m.Lane().Spec(), w.Axes, race.Trial{Steps: 30, Starts: race.DefaultStarts})
			if err != nil {
				t.Fatal(err)
			}
			settle(t, m, command)
			if cells, err := robust.Cells(t.Context()); err != nil || !slices.Equal(w.Cells, cells) || !w.Settled {
				t.Errorf("%s over %v: the cells are not those of ravine sweep: %v", lane, w.keys(), err)
			}
		}
	}
}

// The lane follows the cursor; enter keeps what it found, esc puts back what was.
func TestSweepCursor(t *testing.T) {
	for _, test := range []struct {
		keys string
		kept bool
	}{{"right right up enter", true}, {"right right up esc", false}} {
		m := openModel(t, playRace(t, "ravine", "momentum", "gd"), 50)
		m.Hints = false // whose frames would be waited for
		before := stateOf(m.Runner())
		settle(t, m, press(m, "s"))
		settle(t, m, press(m, "s"))
		for _, key := range strings.Fields(test.keys) {
			settle(t, m, press(m, key))
			if m.sweep.Open {
				hyper := m.Lane().Hyper()
				if eta, gamma := m.sweep.Values[0][m.sweep.Cursor[0]], m.sweep.Values[1][m.sweep.Cursor[1]]; hyper.Eta != eta || hyper.Gamma != gamma {
					t.Errorf("the cursor is on η = %v, γ = %v, the lane has %+v", eta, gamma, hyper)
				}
			}
		}
		if m.sweep.Open {
			t.Errorf("%s: the sweep is still open", test.keys)
		}
		if changed := stateOf(m.Runner()) != before; changed != test.kept {
			t.Errorf("%s: changed: %v", test.keys, changed)
		}
		sameRace(t, m.Runner(), afresh(t, m))
	}
}

// A changed lane makes the old results stale: none of them gets into the new sweep.
func TestSweepCancels(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "momentum"), 50)
	press(m, "s")
	old := m.sweep.compute()
	ctx, number := m.sweep.ctx, m.sweep.number
	press(m, "C")
	if ctx.Err() == nil || m.sweep.number == number {
		t.Fatal("the old sweep goes on")
	}
	if msg := old().(sweepMsg); len(msg.cells) > 0 && msg.number == m.sweep.number {
		t.Error("the old command computes for the new sweep")
	}
	known := m.sweep.Next
	m.Update(sweepMsg{number: number, indices: []int{0}, cells: []race.Cell{{Loss: 42}}})
	if m.sweep.Next != known || m.sweep.Known[0] {
		t.Error("a stale result was taken")
	}
	press(m, "esc")
	if m.sweep.ctx.Err() == nil {
		t.Error("a closed sweep goes on")
	}
}

// While all cores sweep, a key still makes its frame: the slowest of many takes
// no longer than a person needs to notice, however long one without a sweep takes.
func TestKeysStayLiveUnderLoad(t *testing.T) {
	m := openModel(t, playRace(t, "regression", "momentum:batch=4", "adam"), 400)
	resize(m, 200, 50)
	results := make(chan tea.Msg, 64)
	var run func(tea.Cmd)
	run = func(command tea.Cmd) {
		if command == nil {
			return
		}
		go func() {
			switch msg := command().(type) {
			case tea.BatchMsg:
				for _, one := range msg {
					run(one)
				}
			case sweepMsg:
				results <- msg
			}
		}()
	}
	run(press(m, "s"))
	run(press(m, "s"))
	var waits []time.Duration
	for len(waits) < 200 && m.sweep.Next < len(m.sweep.Order) {
		select {
		case msg := <-results:
			_, command := m.Update(msg)
			m.View()
			run(command)
		default:
		}
		began := time.Now()
		press(m, []string{"left", "right"}[len(waits)%2])
		waits = append(waits, time.Since(began))
	}
	press(m, "esc")
	slices.Sort(waits)
	const noticed = 250 * time.Millisecond // generous: the test machine may be busy with other tests
	if slowest := waits[len(waits)*99/100]; slowest > noticed {
		t.Errorf("a key took %v to its frame", slowest)
	}
	t.Logf("%d keys: median %v, p99 %v", len(waits), waits[len(waits)/2], waits[len(waits)*99/100])
}

// A lane that is removed takes its sweep with it.
func TestSweepOfARemovedLane(t *testing.T) {
	m := openDefault(t, 20)
	press(m, "s", "right", "right", "D")
	want := m.Lane().Spec().String()
	press(m, "esc")
	if got := m.Lane().Spec().String(); got != want {
		t.Errorf("esc put %s in the place of %s", got, want)
	}
}

// A sweep ends with whoever serves the playground.
func TestSweepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m, err := New(Options{Race: playRace(t, "neuron", "adam"), At: 5000, Keys: keymap.Default(), Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	resize(m, 120, 36)
	command := press(m, "s")
	cancel()
	settle(t, m, command)
	if slices.Contains(m.sweep.Known, true) {
		t.Error("cells were computed after the end")
	}
}

// On a rule with nothing but η there is one sweep; s again says where there are more.
func TestSweepOfEtaAlone(t *testing.T) {
	m := openDefault(t, 10)
	settle(t, m, press(m, "s", "s"))
	if want := "GD has η alone to sweep; j or ↓ selects another lane"; m.Status.Text != want {
		t.Errorf("s again says %q, want %q", m.Status.Text, want)
	}
	settle(t, m, press(m, "j", "s"))
	if want := []string{"eta", "gamma"}; !slices.Equal(m.sweep.keys(), want) {
		t.Errorf("s again after j sweeps %v, want %v", m.sweep.keys(), want)
	}
}
