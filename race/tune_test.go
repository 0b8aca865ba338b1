package race_test

import (
	"strings"
	"testing"

	"ravine/race"
)

func TestTuneFromTheStart(t *testing.T) {
	runner := newRunner(t, raceOn(t, "regression:n=40", "adam:beta1=0.5,eta@20=0.2", "sgd"))
	runner.Advance(60)
	if err := runner.Tune(0, "eta", 0.3, true); err != nil {
		t.Fatal(err)
	}
	runner.Seek(60)
	want := newRunner(t, raceOn(t, "regression:n=40", "adam:beta1=0.5,eta=0.3", "sgd"))
	want.Advance(60)
	if states(runner) != states(want) {
		t.Error("tuned from the start is not a new race with that value")
	}
}

// TestTuneAsEdit tunes at steps, in order, and compares with the race that has
// those edits from the beginning.
func TestTuneAsEdit(t *testing.T) {
	type tune struct {
		step  int
		key   string
		value float64
	}
	tests := []struct {
		name, lane string
		tunes      []tune
		want       string
	}{
		{"one", "adam", []tune{{50, "eta", 0.01}}, "adam:eta@50=0.01"},
		{"at the start it is no edit", "adam:eta=1", []tune{{0, "eta", 0.01}}, "adam:eta=0.01"},
		{"twice at one step", "adam", []tune{{50, "eta", 0.01}, {50, "eta", 0.02}}, "adam:eta@50=0.02"},
		{"in order", "adam", []tune{{20, "eta", 0.01}, {50, "eta", 0.02}}, "adam:eta@20=0.01,eta@50=0.02"},
		{"a later one gives way", "adam", []tune{{50, "eta", 0.01}, {20, "eta", 0.02}}, "adam:eta@20=0.02"},
		{"another key's stays", "adam", []tune{{50, "beta1", 0.5}, {20, "eta", 0.02}}, "adam:beta1@50=0.5,eta@20=0.02"},
		{"one beyond the end gives way", "adam:eta@900=1", []tune{{20, "eta", 0.02}}, "adam:eta@20=0.02"},
		{"the first value gives way to an edit at 0", "adam:eta=1,eta@0=2", []tune{{0, "eta", 0.02}}, "adam:eta=0.02"},
		{"a step that is written otherwise", "adam:eta@5e1=1", []tune{{50, "eta", 0.02}}, "adam:eta@50=0.02"},
		{"batch", "sgd:eta=0.001", []tune{{20, "batch", 8}, {50, "batch", 0}}, "sgd:eta=0.001,batch@20=8,batch@50=all"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runner := newRunner(t, raceOn(t, "regression:n=40", test.lane))
			for _, tune := range test.tunes {
				runner.Seek(tune.step)
				if err := runner.Tune(0, tune.key, tune.value, false); err != nil {
					t.Fatal(err)
				}
			}
			if got := runner.Race().Lanes[0].String(); got != test.want {
				t.Errorf("the lane is %s, want %s", got, test.want)
			}
			runner.Seek(80)
			want := newRunner(t, raceOn(t, "regression:n=40", test.want))
			want.Seek(80)
			if states(runner) != states(want) {
				t.Error("the tuned lane is not the one with those edits from the beginning")
			}
		})
	}
}

// TestTuneWhatDiverged: the edit takes the place of the one that made the lane
// diverge.
func TestTuneWhatDiverged(t *testing.T) {
	value := raceOn(t, "regression:n=40", "gd:eta=1e-7,eta@3=1e300")
	value.Pace = race.ByExamples
	runner := newRunner(t, value)
	runner.Seek(200)
	if lane := runner.Lanes()[0]; lane.Status() != race.Diverged || lane.Step() != 3 {
		t.Fatalf("the lane has %s at %d", lane.Status(), lane.Step())
	}
	if err := runner.Tune(0, "eta", 1e-8, false); err != nil {
		t.Fatal(err)
	}
	if runner.Seek(200); runner.Lanes()[0].Status() != race.Running {
		t.Error("the lane has still diverged")
	}
}

// TestTunedHyper looks at what the next update uses, around an edit.
func TestTunedHyper(t *testing.T) {
	runner := newRunner(t, raceOn(t, "ravine", "adam:eta=0.5,eta@3=0.25,beta1@0=0.1"))
	for step, want := range []float64{0.5, 0.5, 0.5, 0.25, 0.25, 0.25} {
		runner.Seek(step)
		if got := runner.Lanes()[0].Hyper().Eta; got != want {
			t.Errorf("η after step %d is %g, want %g", step, got, want)
		}
	}
	if got := runner.Lanes()[0].Edits(); len(got) != 1 || got[0] != 3 {
		t.Errorf("edits at %v, want 3", got)
	}
}

func TestRefusedChangesChangeNothing(t *testing.T) {
	changes := []struct {
		name   string
		change func(*race.Runner) error
		says   []string
	}{
		{"out of range", func(r *race.Runner) error { return r.Tune(0, "beta1", 1, false) }, []string{"beta1=1", "0 ≤ beta1 < 1"}},
		{"negative", func(r *race.Runner) error { return r.Tune(0, "eta", -1, true) }, []string{"eta=-1", "eta"}},
		{"no such key", func(r *race.Runner) error { return r.Tune(0, "gamma", 0.5, true) }, []string{"Adam", "gamma"}},
		{"batch beyond the data", func(r *race.Runner) error { return r.Tune(0, "batch", 41, false) }, []string{"batch@10=41", "40"}},
		{"broken batch", func(r *race.Runner) error { return r.Tune(0, "batch", 1.5, false) }, []string{"batch=1.5", "whole"}},
		{"no such optimizer", func(r *race.Runner) error { return r.InsertLane(0, race.LaneSpec{Rule: "admm"}) }, []string{`"admm"`, `"adam"`}},
		{"no such key of a lane", func(r *race.Runner) error {
			return r.SetLane(0, race.LaneSpec{Rule: "sgd", Settings: []race.Setting{{Key: "momentum", Value: 1}}})
		}, []string{"momentum", "eta batch"}},
	}
	for _, test := range changes {
		t.Run(test.name, func(t *testing.T) {
			runner := newRunner(t, raceOn(t, "regression:n=40", "adam"))
			runner.Advance(10)
			before := states(runner)
			err := test.change(runner)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if states(runner) != before || len(runner.Race().Lanes) != 1 || runner.Race().Lanes[0].String() != "adam" {
				t.Error("the refused change has changed the race")
			}
		})
	}
}
