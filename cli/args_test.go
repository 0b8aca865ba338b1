package cli

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"ravine/optim"
	"ravine/race"
)

// raceOf returns the race that race flags determine.
func raceOf(args []string) (race.Race, error) {
	var flags raceFlags
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags.add(set)
	if err := set.Parse(args); err != nil {
		return race.Race{}, err
	}
	return flags.race()
}

// drawRace draws race flags.
func drawRace(t *rapid.T) []string {
	args := []string{"--problem", rapid.SampledFrom([]string{
		"ravine", "ravine:kappa=1e-3,angle=-45.5", "regression:n=30", "sparse:n=20,features=2,reduce=mean",
		"regression:n=30,standardize=true", `regression:"file=../e2e/testdata/a, b.csv",x=size+rooms`, "neuron:n=12", "beale",
	}).Draw(t, "problem")}
	for range rapid.IntRange(0, 3).Draw(t, "lanes") {
		optimizer := rapid.SampledFrom(optim.All()).Draw(t, "optimizer")
		lane := race.LaneSpec{Rule: optimizer.Name}
		if rapid.Bool().Draw(t, "given") {
			lane = lane.With(race.Setting{Key: "eta", Value: rapid.Float64Range(0, 10).Draw(t, "eta")})
		}
		if rapid.Bool().Draw(t, "edited") {
			lane = lane.With(race.Setting{Key: "eta", From: rapid.IntRange(1, 99).Draw(t, "step"), Value: 0.001})
		}
		args = append(args, "--opt", lane.String())
	}
	for _, flag := range [][]string{
		{"--start", rapid.SampledFrom([]string{"random", "1.5,-2", "1e-300,0"}).Draw(t, "start")},
		{"--seed", rapid.StringMatching(`0|[1-9][0-9]{0,18}`).Draw(t, "seed")},
		{"--steps", rapid.StringMatching(`0|[1-9][0-9]?`).Draw(t, "steps")},
		{"--rules", rapid.SampledFrom([]string{"slides", "papers"}).Draw(t, "rules")},
		{"--tol", rapid.SampledFrom([]string{"0", "1e-9", "0.25"}).Draw(t, "tol")},
	} {
		if rapid.Bool().Draw(t, flag[0]) {
			args = append(args, flag...)
		}
	}
	return args
}

// TestArgsRoundTrip: the flags that a race writes are read as the same race, and
// lead to the same numbers.
func TestArgsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		args := drawRace(t)
		first, err := raceOf(args)
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		again, err := raceOf(first.Args())
		if err != nil {
			t.Fatalf("%q: %v", first.Args(), err)
		}
		if !reflect.DeepEqual(first, again) {
			t.Fatalf("%q is written as %q and read as %+v", args, first.Args(), again)
		}
		var written []string
		for _, r := range []race.Race{first, again} {
			r.Steps = 20
			runner, err := race.New(r)
			if err != nil {
				return // a file that does not exist, or a start that does not fit
			}
			var text strings.Builder
			if err := race.WriteCSV(&text, runner, 1); err != nil {
				t.Fatal(err)
			}
			written = append(written, text.String())
		}
		if written[0] != written[1] {
			t.Fatalf("%q leads to other numbers than %q", again.Args(), args)
		}
	})
}

// TestTunedArgs: a race that was tuned on the way is the race that its flags say.
func TestTunedArgs(t *testing.T) {
	runner, err := race.New(race.Default())
	if err != nil {
		t.Fatal(err)
	}
	runner.Advance(40)
	for _, err := range []error{
		runner.Tune(0, "eta", 0.01, true),
		runner.Tune(5, "eta", 0.0123456789, false),
		runner.Tune(1, "gamma", 0.99, false),
		runner.InsertLane(2, race.LaneSpec{Rule: "lion", Settings: []race.Setting{{Key: "decay", Value: 0.1}}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	runner.RemoveLane(3)
	runner.Advance(40)
	again, err := raceOf(runner.Race().Args())
	if err != nil {
		t.Fatal(err)
	}
	other, err := race.New(again)
	if err != nil {
		t.Fatal(err)
	}
	other.Seek(80)
	if len(other.Lanes()) != len(runner.Lanes()) {
		t.Fatalf("%d lanes, want %d", len(other.Lanes()), len(runner.Lanes()))
	}
	for i, lane := range other.Lanes() {
		want := runner.Lanes()[i]
		if !slices.Equal(lane.Theta(), want.Theta()) || lane.Hyper() != want.Hyper() || lane.Spec().String() != want.Spec().String() {
			t.Errorf("lane %d is %s at %v, want %s at %v", i, lane.Spec(), lane.Theta(), want.Spec(), want.Theta())
		}
	}
}
