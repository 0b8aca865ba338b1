package race_test

import (
	"context"
	"fmt"

	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

// A race is a value; a runner steps its lanes, on and back.
func ExampleRunner() {
	runner, err := race.New(race.Race{
		Problem: param.Spec{Name: "ravine"},
		Lanes:   []race.LaneSpec{{Rule: "gd"}, {Rule: "momentum"}},
		Tol:     race.DefaultTol,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range []int{100, 200, 100} {
		runner.Seek(step)
		for _, lane := range runner.Lanes() {
			fmt.Printf("%3d %s %.3g\n", lane.Step(), lane.Spec(), lane.Loss())
		}
	}
	// Output:
	// 100 gd 8.46e-06
	// 100 momentum 0.000998
	// 200 gd 1.43e-12
	// 200 momentum 4.65e-09
	// 100 gd 8.46e-06
	// 100 momentum 0.000998
}

// What a playground copies and ravine run reads.
func ExampleRace_Args() {
	shown := race.Default()
	shown.Lanes = []race.LaneSpec{{Rule: "adam", Settings: []race.Setting{{Key: "eta", Value: 0.1}, {Key: "eta", From: 50, Value: 0.01}}}}
	shown.Seed = 7
	fmt.Println(race.Command(append([]string{"ravine", "run"}, shown.Args()...)...))
	// Output:
	// ravine run --problem ravine --opt adam:eta=0.1,eta@50=0.01 --seed 7
}

// A tuning holds from the start or, as an edit in mid-run, from the step shown.
func ExampleRunner_Tune() {
	shown := race.Default()
	shown.Lanes = []race.LaneSpec{{Rule: "gd"}}
	runner, err := race.New(shown)
	if err != nil {
		fmt.Println(err)
		return
	}
	runner.Seek(20)
	for _, fromStart := range []bool{false, true} {
		if err := runner.Tune(0, "eta", 0.02, fromStart); err != nil {
			fmt.Println(err)
		}
		fmt.Println(runner.Lanes()[0].Spec())
	}
	// Output:
	// gd:eta@20=0.02
	// gd:eta=0.02
}

// The loss of GD after 20 steps, over η: from too careful to diverged.
func ExampleSweep() {
	shown := race.Default()
	ravine, err := problem.Build(shown.Problem, shown.Seed)
	if err != nil {
		fmt.Println(err)
		return
	}
	axes := []race.Axis{{Key: "eta", From: 0.001, To: 10, Count: 5}}
	sweep, err := race.NewSweep(ravine, shown, race.LaneSpec{Rule: "gd"}, axes, race.Trial{Steps: 20, Starts: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	cells, err := sweep.Cells(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, cell := range cells {
		fmt.Printf("%v %.3g %s\n", sweep.Spec(i), cell.Loss, cell.Status)
	}
	// Output:
	// gd:eta=0.001 52.6 running
	// gd:eta=0.01 33.4 running
	// gd:eta=0.1 1.38e+08 running
	// gd:eta=1 7.93e+14 diverged
	// gd:eta=10 2.98e+15 diverged
}
