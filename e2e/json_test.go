package e2e_test

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// document is the JSON of run, as a reader of it would write it down.
type document struct {
	Race struct {
		Flags             []string
		Problem           string
		ProblemParameters map[string]string `json:"problem_parameters"`
		Parameters        []string
		Start             []float64
		Seed              uint64
		Steps             int
		Pace              string
		Rules             string
		Tol               float64
		Every             int
		Optima            []struct {
			Theta         []float64
			ThetaUnscaled []float64 `json:"theta_unscaled"`
			Loss          float64
		}
	}
	Lanes []struct {
		Lane                int
		Optimizer           string
		Hyperparameters     map[string]any
		Status              string
		Steps               int
		Loss                float64
		LossAboveBest       float64 `json:"loss_above_best"`
		Theta               []float64
		ThetaUnscaled       []float64 `json:"theta_unscaled"`
		GradientEvaluations int       `json:"gradient_evaluations"`
		Edits               []struct {
			Step  int
			Key   string
			Value any
		}
		Columns struct {
			Step         []int
			Status       []string
			Loss         []float64
			GradientNorm []float64 `json:"grad_norm"`
			Updates      []int
			Examples     []int
			Theta        [][]float64
		}
	}
}

func documentOf(t *testing.T, args ...string) document {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(succeed(t, append([]string{"run", "--format", "json"}, args...)...)))
	decoder.DisallowUnknownFields()
	var d document
	if err := decoder.Decode(&d); err != nil {
		t.Fatal(err)
	}
	if decoder.More() {
		t.Fatal("more than one JSON value")
	}
	return d
}

func TestJSONValues(t *testing.T) {
	d := documentOf(t, "--problem", "regression:n=30,standardize=true", "--opt", "adam:beta1=0.8,batch@4=8,eta@9=0.5", "--opt", "sgd",
		"--start", "1,-2", "--seed", "9", "--steps", "12", "--rules", "papers", "--tol", "1e-12", "--every", "5")
	r := d.Race
	if r.Problem != "regression" || r.ProblemParameters["n"] != "30" || r.ProblemParameters["standardize"] != "true" || r.ProblemParameters["slope"] != "2" {
		t.Errorf("problem %s %v", r.Problem, r.ProblemParameters)
	}
	if !slices.Equal(r.Parameters, []string{"a", "b"}) || !slices.Equal(r.Start, []float64{1, -2}) || r.Seed != 9 || r.Steps != 12 ||
		r.Rules != "papers" || r.Tol != 1e-12 || r.Every != 5 {
		t.Errorf("race %+v", r)
	}
	if len(r.Optima) != 1 || len(r.Optima[0].Theta) != 2 || len(r.Optima[0].ThetaUnscaled) != 2 || r.Optima[0].Loss <= 0 {
		t.Errorf("optima %+v", r.Optima)
	}
	adam, sgd := d.Lanes[0], d.Lanes[1]
	if adam.Optimizer != "adam" || adam.Status != "running" || adam.Steps != 12 || adam.GradientEvaluations != 12 || len(adam.ThetaUnscaled) != 2 {
		t.Errorf("lane 0: %+v", adam)
	}
	if h := adam.Hyperparameters; h["beta1"] != 0.8 || h["beta2"] != 0.999 || h["eps"] != 1e-8 || h["batch"] != "all" || h["eta"] == nil {
		t.Errorf("hyperparameters %v", h)
	}
	if e := adam.Edits; len(e) != 2 || e[0].Step != 4 || e[0].Key != "batch" || e[0].Value != 8.0 || e[1].Step != 9 || e[1].Value != 0.5 {
		t.Errorf("edits %+v", e)
	}
	if sgd.Lane != 1 || sgd.Hyperparameters["batch"] != 1.0 || sgd.Edits != nil {
		t.Errorf("lane 1: %+v", sgd)
	}
}

func TestJSONSaysHowFarAboveTheBest(t *testing.T) {
	for _, test := range []struct {
		problem, start, status string
		above                  float64
	}{
		{"saddle", "1,0", "saddle", 0.25},
		{"saddle", "1,1", "converged", 0},
		{"rastrigin", "1,0", "local-min", 0.995},
	} {
		lane := documentOf(t, "--problem", test.problem, "--start", test.start, "--opt", "gd").Lanes[0]
		if lane.Status != test.status || math.Abs(lane.LossAboveBest-test.above) > 1e-3 {
			t.Errorf("%s from %s: %s, %g above the best; want %s, %g", test.problem, test.start, lane.Status, lane.LossAboveBest, test.status, test.above)
		}
	}
}

// TestJSONAgreesWithCSV compares all recorded numbers, of lanes of every fate.
func TestJSONAgreesWithCSV(t *testing.T) {
	args := []string{"--problem", "ravine:kappa=1", "--tol", "0.1", "--every", "3", "--steps", "50",
		"--opt", "gd:eta=0.5", "--opt", "gd:eta=3", "--opt", "adam", "--opt", "gd:eta=1e300"}
	d := documentOf(t, args...)
	rows := rowsOf(t, args...)
	if len(d.Lanes) != 4 {
		t.Fatalf("%d lanes", len(d.Lanes))
	}
	for _, lane := range d.Lanes {
		of := laneRows(rows, strconv.Itoa(lane.Lane))
		c := lane.Columns
		for _, length := range []int{len(c.Step), len(c.Status), len(c.Loss), len(c.GradientNorm), len(c.Theta[0]), len(c.Theta[1])} {
			if length != len(of) {
				t.Fatalf("lane %d: a column of %d, the CSV has %d rows", lane.Lane, length, len(of))
			}
		}
		for i, row := range of {
			same := row[0] == strconv.Itoa(c.Step[i]) && row[2] == lane.Optimizer && row[3] == c.Status[i] &&
				number(t, row[4]) == c.Loss[i] && number(t, row[5]) == c.GradientNorm[i] &&
				number(t, row[6]) == c.Theta[0][i] && number(t, row[7]) == c.Theta[1][i]
			if !same {
				t.Errorf("lane %d: the CSV has %v, the columns at %d differ", lane.Lane, row, i)
			}
		}
		last := of[len(of)-1]
		if last[0] != strconv.Itoa(lane.Steps) || last[3] != lane.Status || number(t, last[4]) != lane.Loss ||
			number(t, last[6]) != lane.Theta[0] || number(t, last[7]) != lane.Theta[1] {
			t.Errorf("lane %d ends %s at step %d; the CSV with %v", lane.Lane, lane.Status, lane.Steps, last)
		}
	}
}

// TestJSONFlagsMakeTheRace runs the flags that the JSON names.
func TestJSONFlagsMakeTheRace(t *testing.T) {
	args := []string{"--problem", "sparse:n=20,features=3", "--opt", "adam:eta=0.1,eta@5=0.2", "--opt", "minibatch", "--start", "random", "--seed", "4", "--steps", "17"}
	first := rowsOf(t, args...)
	again := rowsOf(t, documentOf(t, args...).Race.Flags...)
	if !slices.EqualFunc(first, again, slices.Equal[[]string]) {
		t.Error("the flags in the JSON make another race")
	}
}
