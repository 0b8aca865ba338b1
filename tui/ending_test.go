package tui

import (
	"strings"
	"testing"

	"ravine/optim"
	"ravine/race"
	"ravine/tui/panel"
)

// TestRanking ends races and reads the status line, which hints leave alone.
func TestRanking(t *testing.T) {
	examples := playRace(t, "regression:noise=0", "gd:eta=1.8e-5", "minibatch:batch=200,eta=3e-5")
	examples.Pace = race.ByExamples
	saddle := playRace(t, "saddle", "gd", "nag")
	saddle.Start = []float64{1, 0}
	tests := []struct {
		name  string
		race  race.Race
		steps int
		width int
		want  string
	}{
		{"all there", playRace(t, "ravine", "gd", "adagrad", "nag"), 0, 80, "1 Adagrad 176 updates · 2 NAG 253 · 3 GD 254"},
		{"some not", playRace(t, "ravine", "gd", "adagrad", "gd:eta=1", "adam", "momentum"), 260, 120,
			"1 Adagrad 176 updates · 2 GD ● 254 · 3 Momentum loss 6.29e-11 · 4 Adam 1.03e-10 · GD ○ diverged; space goes on"},
		{"cut between two lanes", playRace(t, "ravine", "gd", "adagrad", "nag", "adam", "momentum", "rmsprop"), 260, 80,
			"1 Adagrad 176 updates · 2 NAG 253 · 3 GD 254 · 4 Momentum loss 6.29e-11 …"},
		{"nobody", playRace(t, "ravine", "gd", "adagrad"), 3, 80, "1 Adagrad loss 17.2 · 2 GD 36.9; space goes on"},
		{"elsewhere", playRace(t, "rastrigin", "gd", "adagrad"), 0, 80, "1 Adagrad loss 9.95, local-min · 2 GD 12.9, local-min"},
		{"at a saddle", saddle, 0, 80, "1 NAG loss − optimum 0.25, saddle · 2 GD 0.25, saddle"},
		{"by examples", examples, 0, 80, "1 Mini-batch 792.00 epochs · 2 GD 1314.00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.race.Steps = test.steps
			m := openModel(t, test.race, 0)
			resize(m, test.width, 24)
			m.Speed, m.stepTime = len(panel.Speeds)-1, 1<<40
			for m.Running {
				m.Update(currentTick(m))
			}
			m.Status.At = m.Status.At.Add(-2 * panel.StatusTime)
			resize(m, test.width, 25)
			line, _, _ := strings.Cut(statusOf(m), "  ")
			if line != test.want {
				t.Errorf("the status line says %q, want %q", line, test.want)
			}
		})
	}
}

// TestOneRule: where two lanes make the same steps, the table and the inspector
// say so, and only there.
func TestOneRule(t *testing.T) {
	tests := []struct {
		problem, one, other, want string
		rules                     optim.Convention
		same                      bool
	}{
		{"ravine", "adadelta", "rmsprop", "Adadelta =▼", optim.Slides, true},
		{"ravine", "adadelta:gamma=0.8", "rmsprop", "Adadelta =▼", optim.Slides, false},
		{"ravine", "adadelta", "rmsprop", "Adadelta =▼", optim.Papers, false},
		{"ravine", "momentum:gamma=0,eta=0.07", "gd:eta=0.07", "Momentum =●", optim.Slides, true},
		{"ravine", "minibatch:eta=0.07", "gd:eta=0.07", "Mini-batch=●", optim.Slides, true},
		{"ravine", "adamw:decay=0,eta=0.1", "adam:eta=0.1", "AdamW =★", optim.Papers, true},
		{"regression", "sgd:batch=32,eta=1e-5", "minibatch:batch=32,eta=1e-5", "SGD =◄", optim.Slides, true},
		{"ravine:kappa=1", "gd:eta=0.5,eta@9=1", "nag:gamma=0,eta=0.25,eta@9=1", "GD =▲", optim.Slides, false}, // both at 0, by two ways
		{"ravine", "gd:eta=0", "adam:eta=0", "GD =★", optim.Slides, false},                                     // they stand still
	}
	for _, test := range tests {
		r := playRace(t, test.problem, test.one, test.other)
		r.Rules = test.rules
		m := openModel(t, r, 20)
		if got := strings.Contains(textOf(m), test.want); got != test.same {
			t.Errorf("%s and %s: the table has %q: %t, want %t", test.one, test.other, test.want, got, test.same)
		}
		press(m, "i")
		if got := strings.Contains(textOf(m), "Its steps are those of"); got != test.same {
			t.Errorf("%s and %s: the inspector says so: %t, want %t", test.one, test.other, got, test.same)
		}
	}
}

// TestWhyALaneStopped selects lanes that have stopped, and opens the inspector.
func TestWhyALaneStopped(t *testing.T) {
	tests := []struct {
		problem, start, lane string
		steps                int
		status, line, note   string
	}{
		{"ravine", "", "gd", 0, "converged", "GD selected; it has converged: ‖∇J‖ = 2.5e-8 is within the tolerance, 2.7e-8", "It has converged: "},
		{"saddle", "1,0", "gd", 0, "saddle", "GD selected; it has stopped at a saddle: ‖∇J‖ = 8e-10 is within the tolerance, 1.5e-9, and the loss 0.25 above the best",
			"It has stopped at a saddle: "},
		{"ravine", "", "gd:eta=1", 0, "diverged", "GD selected; it has diverged: the loss is more than 10¹² times what it was", "It has diverged: "},
		{"ravine", "", "gd:eta=1e300", 0, "diverged", "GD selected; it has diverged: the next step would be non-finite", "It has diverged: "},
		{"ravine", "", "gd", 100, "at limit", "GD selected; it is at the race's limit of 100 steps", "It is at the race's limit"},
		{"ravine", "", "gd", 200, "paused", "GD selected", ""},
	}
	for _, test := range tests {
		r := playRace(t, test.problem, "momentum:eta=0", test.lane)
		r.Steps = test.steps
		if test.start != "" {
			if err := r.SetStart(test.start); err != nil {
				t.Fatal(err)
			}
		}
		m := openModel(t, r, 400)
		if test.status == "paused" {
			m = openModel(t, r, 100)
		}
		resize(m, 140, 36)
		press(m, "j")
		if line, _, _ := strings.Cut(statusOf(m), "  "); line != test.line {
			t.Errorf("%s on %s: the status line says %q, want %q", test.lane, test.problem, line, test.line)
		}
		if !strings.Contains(textOf(m), test.status) {
			t.Errorf("%s on %s: no %s in\n%s", test.lane, test.problem, test.status, textOf(m))
		}
		press(m, "i")
		if !strings.Contains(textOf(m), test.note) {
			t.Errorf("%s on %s: no %q in\n%s", test.lane, test.problem, test.note, textOf(m))
		}
	}
}
