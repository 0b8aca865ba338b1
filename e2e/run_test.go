package e2e_test

import (
	"encoding/csv"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ravine/cli"
	"ravine/param"
	"ravine/race"
)

// rowsOf runs a race and reads its CSV back, without the header.
func rowsOf(t *testing.T, args ...string) [][]string {
	t.Helper()
	return parseCSV(t, succeed(t, append([]string{"run"}, args...)...))
}

func parseCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	if shortest := strconv.FormatFloat(x, 'g', -1, 64); shortest != text {
		t.Errorf("%s is not the shortest form, %s", text, shortest)
	}
	return x
}

func TestCSVIsAsPromised(t *testing.T) {
	got := succeed(t, "run", "--problem", "ravine:kappa=4", "--start", "-2,1", "--steps", "2",
		"--opt", "gd:eta=0.25", "--opt", "lion:eta=0.5")
	const want = `step,lane,optimizer,status,loss,grad_norm,theta_0,theta_1
0,0,gd,running,4,4.47213595499958,-2,1
0,1,lion,running,4,4.47213595499958,-2,1
1,0,gd,running,1.125,1.5,-1.5,0
1,1,lion,running,1.625,2.5,-1.5,0.5
2,0,gd,running,0.6328125,1.125,-1.125,0
2,1,lion,running,0.5,1,-1,0
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestCSVHeaderHasEveryParameter(t *testing.T) {
	header, _, _ := strings.Cut(succeed(t, "run", "--problem", "sparse:n=20,features=4", "--steps", "1"), "\n")
	if want := "step,lane,optimizer,status,loss,grad_norm,theta_0,theta_1,theta_2,theta_3"; header != want {
		t.Errorf("header %s, want %s", header, want)
	}
}

func spec(t *testing.T, text string) param.Spec {
	t.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// TestCSVReadsBackExactly compares every number with the race's own.
func TestCSVReadsBackExactly(t *testing.T) {
	args := []string{"--problem", "regression:n=30", "--opt", "adam:eta=0.3", "--opt", "sgd", "--opt", "nag:eta@5=1e-9", "--steps", "25"}
	r := race.Race{Problem: spec(t, args[1]), Seed: race.DefaultSeed, Steps: 25, Tol: race.DefaultTol}
	for _, lane := range []string{args[3], args[5], args[7]} {
		read, err := race.ReadLane(spec(t, lane), r.Rules)
		if err != nil {
			t.Fatal(err)
		}
		r.Lanes = append(r.Lanes, read)
	}
	runner, err := race.New(r)
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, args...)
	if len(rows) != 26*3 {
		t.Fatalf("%d rows, want %d", len(rows), 26*3)
	}
	for i, row := range rows {
		runner.Seek(i / 3)
		lane := runner.Lanes()[i%3]
		if row[0] != strconv.Itoa(i/3) || row[1] != strconv.Itoa(i%3) || row[2] != lane.Optimizer().Name || row[3] != "running" {
			t.Errorf("row %d begins %v", i, row[:4])
		}
		want := append([]float64{lane.Loss(), lane.GradientNorm()}, lane.Theta()...)
		for j, x := range want {
			if got := number(t, row[4+j]); math.Float64bits(got) != math.Float64bits(x) {
				t.Errorf("row %d, column %d: %s, want %v", i, 4+j, row[4+j], x)
			}
		}
	}
}

func TestEvery(t *testing.T) {
	for _, test := range []struct {
		steps, every string
		want         []string
	}{
		{"10", "1", []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}},
		{"10", "4", []string{"0", "4", "8", "10"}},
		{"8", "4", []string{"0", "4", "8"}},
		{"3", "100", []string{"0", "3"}},
		{"1", "1", []string{"0", "1"}},
		{"1", "9223372036854775807", []string{"0", "1"}},
	} {
		all := rowsOf(t, "--opt", "adam", "--opt", "sgd", "--problem", "regression:n=9", "--steps", test.steps)
		rows := rowsOf(t, "--opt", "adam", "--opt", "sgd", "--problem", "regression:n=9", "--steps", test.steps, "--every", test.every)
		var want [][]string
		for _, row := range all {
			if slices.Contains(test.want, row[0]) {
				want = append(want, row)
			}
		}
		if !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
			t.Errorf("--steps %s --every %s: %v, want %v", test.steps, test.every, rows, want)
		}
	}
}

// laneRows are the rows of one lane.
func laneRows(rows [][]string, lane string) [][]string {
	return slices.DeleteFunc(slices.Clone(rows), func(row []string) bool { return row[1] != lane })
}

// TestStoppedLanes: a lane's rows end where it stops, whatever --every is, with
// the status that it stopped with.
func TestStoppedLanes(t *testing.T) {
	args := []string{"--problem", "ravine:kappa=1", "--start", "-8,6", "--tol", "0.1", "--steps", "40",
		"--opt", "gd:eta=0.5", "--opt", "gd:eta=3", "--opt", "gd:eta=1e300", "--opt", "gd:eta=0.5,eta@7=0.5,eta@2=1e160", "--opt", "gd:eta=0"}
	tests := []struct {
		lane, step, status string
		theta              []string
	}{
		{"0", "4", "converged", []string{"-0.5", "0.375"}},
		{"1", "20", "diverged", []string{"-8.388608e+06", "6.291456e+06"}},
		{"2", "0", "diverged", []string{"-8", "6"}},
		{"3", "2", "diverged", []string{"-2", "1.5"}},
		{"4", "40", "running", []string{"-8", "6"}},
	}
	for _, every := range []string{"1", "2", "7", "100"} {
		rows := rowsOf(t, append(args, "--every", every)...)
		for _, test := range tests {
			of := laneRows(rows, test.lane)
			last := of[len(of)-1]
			if last[0] != test.step || last[3] != test.status || !slices.Equal(last[6:], test.theta) {
				t.Errorf("--every %s: lane %s ends with %v; want step %s, %s, θ %v", every, test.lane, last, test.step, test.status, test.theta)
			}
			for _, row := range of[:len(of)-1] {
				if row[3] != "running" {
					t.Errorf("--every %s: lane %s is %s at step %s before its last", every, test.lane, row[3], row[0])
				}
			}
			if of[0][0] != "0" {
				t.Errorf("--every %s: lane %s begins at step %s", every, test.lane, of[0][0])
			}
		}
	}
}

// TestRowsAreOrdered: by step, then by lane.
func TestRowsAreOrdered(t *testing.T) {
	rows := rowsOf(t, "--problem", "ravine:kappa=1", "--tol", "0.1", "--every", "3", "--steps", "50",
		"--opt", "gd:eta=0.5", "--opt", "gd:eta=3", "--opt", "adam")
	before := -1
	for _, row := range rows {
		place := int(number(t, row[0]))*3 + int(number(t, row[1]))
		if place <= before {
			t.Fatalf("row %v is out of order", row)
		}
		before = place
	}
}

// TestRunByExamples: every lane has a row at every step, with its own updates and
// the examples it has seen, which differ by less than a batch.
func TestRunByExamples(t *testing.T) {
	args := []string{"--problem", "regression:n=100", "--pace", "examples", "--steps", "50",
		"--opt", "gd", "--opt", "sgd", "--opt", "minibatch:batch=8"}
	header, _, _ := strings.Cut(succeed(t, append([]string{"run"}, args...)...), "\n")
	if want := "step,lane,optimizer,status,loss,grad_norm,updates,examples,theta_0,theta_1"; header != want {
		t.Errorf("header %s, want %s", header, want)
	}
	rows := rowsOf(t, args...)
	if len(rows) != 51*3 {
		t.Fatalf("%d rows, want %d", len(rows), 51*3)
	}
	batches, perEpoch := []int{100, 1, 8}, []int{1, 100, 13}
	for i, row := range rows {
		step, lane := i/3, i%3
		share, seen, updates := 4*step, int(number(t, row[7])), int(number(t, row[6]))
		if row[0] != strconv.Itoa(step) || row[1] != strconv.Itoa(lane) || seen > share || seen <= share-batches[lane] {
			t.Errorf("row %v: at step %d, want between %d and %d examples", row, step, share-batches[lane], share)
		}
		if step%25 == 0 && (seen != share || updates != step/25*perEpoch[lane]) {
			t.Errorf("row %v: after %d epochs, want %d updates", row, step/25, step/25*perEpoch[lane])
		}
	}
	sparse := rowsOf(t, append(args, "--every", "25")...)
	for i, row := range sparse {
		if want := rows[i/3*25*3+i%3]; !slices.Equal(row, want) {
			t.Errorf("--every 25: row %v, want %v", row, want)
		}
	}
	d := documentOf(t, args...)
	if d.Race.Pace != "examples" || !slices.Contains(d.Race.Flags, "--pace") || d.Lanes[1].Columns.Examples[50] != 200 || d.Lanes[2].Columns.Updates[25] != 13 {
		t.Errorf("JSON: %+v", d.Race)
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestOutputThatFails(t *testing.T) {
	for _, line := range []string{
		"run --steps 3 --format csv", "run --steps 3 --format json", "sweep --opt gd --over eta=0.01..1:3",
		"list", "list problems", "list optimizers", "list optimizers --markdown",
		"--help", "run --help", "help sweep",
	} {
		var stderr strings.Builder
		status := cli.Main(words(line), full{}, &stderr)
		said := stderr.String()
		if status != statusFailed || notOneLine(said) != "" ||
			!strings.HasPrefix(said, "ravine: writing to the standard output: ") || !strings.HasSuffix(said, "no space left\n") {
			t.Errorf("%s: status %d, %q", line, status, stderr.String())
		}
	}
}

// TestWholeNumbersReadAlike writes seeds and steps in several ways.
func TestWholeNumbersReadAlike(t *testing.T) {
	run := func(seed string) string {
		stdout, stderr, status := ravine("run", "--problem", "regression:n=20", "--opt", "sgd:eta=1e-5", "--steps", "30", "--seed", seed)
		if status != statusDone {
			t.Fatalf("--seed %s: %s", seed, stderr)
		}
		return stdout
	}
	for _, same := range [][2]string{{"1e3", "1000"}, {"010", "10"}} {
		if run(same[0]) != run(same[1]) {
			t.Errorf("--seed %s is not --seed %s", same[0], same[1])
		}
	}
	stepped := func(step string) string {
		return succeed(t, "run", "--opt", "gd:eta=0.01,eta@"+step+"=0.001", "--steps", "20")
	}
	if stepped("1e1") != stepped("10") {
		t.Error("eta@1e1 is not eta@10")
	}
	if run("18446744073709551615") == run("18446744073709551614") {
		t.Error("the largest seeds are one")
	}
}
