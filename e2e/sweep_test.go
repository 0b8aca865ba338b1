package e2e_test

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"ravine/cli"
)

// procs sets the number of cores until the test ends.
func procs(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// TestSweepIsAsPromised: on a round bowl gd's θ is (1−η)ᵗ times the start, and
// what can be computed by hand is.
func TestSweepIsAsPromised(t *testing.T) {
	args := []string{"sweep", "--problem", "ravine:kappa=1", "--start", "-8,6", "--tol", "0.1", "--steps", "40", "--opt", "gd:eta=7,batch=all"}
	for _, test := range []struct {
		over []string
		want string
	}{
		{[]string{"eta=0.5..2:3"}, `eta,loss,status,steps
0.5,0.1953125,converged,4
1,0,converged,1
2,50,running,40
`},
		{[]string{"eta=3..3:1"}, `eta,loss,status,steps
3,5.49755813888e+13,diverged,20
`},
	} {
		command := slices.Clone(args)
		for _, over := range test.over {
			command = append(command, "--over", over)
		}
		if got := succeed(t, command...); got != test.want {
			t.Errorf("%v: got\n%swant\n%s", test.over, got, test.want)
		}
	}
}

// TestSweepAgreesWithRun compares every row with the last row of a run.
func TestSweepAgreesWithRun(t *testing.T) {
	for _, test := range []struct{ problem, lane, first, second string }{
		{"regression:n=40,noise=0,reduce=mean", "adam:eta@20=0.5", "eta=1e-3..10:5", "batch=1..all:4"},
		{"regression:n=40", "sgd", "batch=1..all:4", "eta=1e-5..0.1:5"},
		{"rosenbrock", "momentum:gamma=0.1,eta=1", "gamma=0.9..0.999:3", "eta=1e-6..1:7"},
		{"ravine", "rmsprop:eta=0.1", "eps=1e-12..1e-2:3", "gamma=0..0.9:3"},
	} {
		flags := []string{"--problem", test.problem, "--steps", "60", "--tol", "1e-3", "--seed", "5"}
		rows, err := csv.NewReader(strings.NewReader(succeed(t, slices.Concat([]string{"sweep", "--opt", test.lane,
			"--over", test.first, "--over", test.second}, flags)...))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		first, second := rows[0][0], rows[0][1]
		name, values, _ := strings.Cut(test.lane, ":")
		for i, row := range rows[1:] {
			lane := name + ":" + first + "=" + row[0] + "," + second + "=" + row[1]
			for value := range strings.SplitSeq(values, ",") {
				if key, _, _ := strings.Cut(value, "="); key != "" && key != first && key != second && key != first+"@20" {
					lane += "," + value
				}
			}
			run := rowsOf(t, slices.Concat([]string{"--opt", lane, "--every", "100"}, flags)...)
			last := run[len(run)-1]
			if row[2] != last[4] || row[3] != last[3] || row[4] != last[0] {
				t.Errorf("%s: the sweep has %v, the run %v", lane, row, last)
			}
			if i > 0 && rows[i][0] != row[0] && number(t, rows[i][0]) >= number(t, row[0]) {
				t.Errorf("%s %s comes after %s", first, row[0], rows[i][0])
			}
		}
		if rows[1][0] != rows[2][0] || rows[1][1] == rows[2][1] {
			t.Errorf("the first key is not outermost: %v, %v", rows[1], rows[2])
		}
	}
}

func TestSweepDoesNotDependOnCores(t *testing.T) {
	args := []string{"sweep", "--problem", "neuron:n=20", "--opt", "nadam:batch=3", "--over", "eta=1e-5..100:31", "--over", "beta2=0..0.9999:9", "--steps", "77"}
	procs(t, 1)
	one := succeed(t, args...)
	if rows := strings.Count(one, "\n"); rows != 1+31*9 {
		t.Errorf("%d lines", rows)
	}
	for _, cores := range []int{2, 7} {
		runtime.GOMAXPROCS(cores)
		if succeed(t, args...) != one {
			t.Errorf("%d cores write another table than one", cores)
		}
	}
}

func TestSweepErrors(t *testing.T) {
	over := []string{"--over", "eta=0.01..1:5"}
	opt := []string{"--opt", "adam"}
	huge := []string{"--over", "eta=0.01..1:2000", "--over", "beta1=0..0.9:501"}
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no lane", over, "--opt is given 0 times; want it once"},
		{"two lanes", slices.Concat(opt, opt, over), "--opt is given 2 times; want it once"},
		{"nothing to sweep", opt, "--over is given 0 times; want --over KEY=FROM..TO:COUNT"},
		{"three keys", slices.Concat(opt, over, over, over), "--over is given 3 times"},
		{"one key twice", slices.Concat(opt, over, over), "eta is swept twice"},
		{"form", slices.Concat(opt, []string{"--over", "eta"}), "want KEY=FROM..TO:COUNT"},
		{"unknown key", slices.Concat(opt, []string{"--over", "betta1=0..0.9:3"}), `"betta1" (did you mean "beta1"?); there are eta beta1 beta2 eps batch`},
		{"key of another rule", slices.Concat(opt, []string{"--over", "gamma=0..0.9:3"}), `"gamma"`},
		{"range", slices.Concat(opt, []string{"--over", "beta1=0..1:3"}), "beta1=1 is out of range: 0 ≤ beta1 < 1"},
		{"downwards", slices.Concat(opt, []string{"--over", "eta=1..0.1:3"}), "FROM 1 is above TO 0.1"},
		{"count", slices.Concat(opt, []string{"--over", "eta=0.1..1:0"}), `COUNT is "0"; want a whole number from 1`},
		{"cells", slices.Concat(opt, huge), "2000 × 501 cells are too many; want at most 1000000"},
		{"no data", slices.Concat(opt, []string{"--over", "batch=1..all:3"}), "no data"},
		{"no starts", slices.Concat(opt, over, []string{"--starts", "0"}), "--starts=0 is out of range: 1 ≤ starts ≤ 1000"},
		{"starts beyond", slices.Concat(opt, over, []string{"--starts", "1001"}), "--starts=1001 is out of range"},
		{"no end", slices.Concat(opt, over, []string{"--steps", "0"}), "--steps=0 is out of range: steps ≥ 1"},
		{"lane", slices.Concat([]string{"--opt", "adm"}, over), `"adm" (did you mean "adam"?)`},
		{"start", slices.Concat(opt, over, []string{"--start", "1"}), "start 1 does not fit"},
		{"argument", slices.Concat(opt, over, []string{"eta"}), `"eta"`},
		{"flag", slices.Concat(opt, over, []string{"--every", "3"}), `"every"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "sweep.csv")
			stdout, stderr, status := ravine(slices.Concat([]string{"sweep", "--out", file}, test.args)...)
			if status != statusUsage || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.says) {
				t.Errorf("status %d, stdout %q, stderr %q; want %q", status, stdout, stderr, test.says)
			}
			if all := names(t, filepath.Dir(file)); len(all) != 0 {
				t.Errorf("left behind: %v", all)
			}
		})
	}
	stdout, stderr, status := ravine(slices.Concat([]string{"sweep", "--problem", "regression:file=none.csv,x=a,y=b"}, opt, over)...)
	if status != statusFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "none.csv") {
		t.Errorf("a file that is not there: status %d, %q", status, stderr)
	}
}

// TestSweepStarts: with several starts the CSV has a column more, the best is
// named, and a fragile one is passed over or marked.
func TestSweepStarts(t *testing.T) {
	args := []string{"sweep", "--problem", "rosenbrock", "--opt", "rmsprop", "--steps", "100", "--over", "eta=1e-3..10:41", "--over", "gamma=0..0.99:12"}
	one, stderr, status := ravine(args...)
	if status != statusDone || stderr != "" || !strings.HasPrefix(one, "eta,gamma,loss,status,steps\n") {
		t.Errorf("status %d, %q, %q", status, one[:40], stderr)
	}
	if same := succeed(t, append(args, "--starts", "1")...); same != one {
		t.Error("--starts 1 is not what is written without it")
	}
	five, stderr, status := ravine(append(args, "--starts", "5")...)
	const best = "best: --opt rmsprop:eta=0.2512,gamma=0.9769\nnote: rmsprop:eta=0.3162,gamma=0.96489 is fragile: 5 % more or less of a value is much worse\n"
	if status != statusDone || !strings.HasPrefix(five, "eta,gamma,loss,status,steps,outside\n") || stderr != best {
		t.Errorf("status %d, %q, %q", status, five[:40], stderr)
	}
	losses := map[string]float64{}
	for row := range strings.SplitSeq(strings.TrimSpace(five), "\n") {
		if cells := strings.Split(row, ","); cells[5] == "false" && cells[3] != "diverged" {
			losses[cells[0]+" "+cells[1]] = number(t, cells[2])
		}
	}
	chosen, fragile := losses["0.2512 0.9769"], losses["0.3162 0.96489"]
	for setting, loss := range losses {
		if loss < fragile {
			t.Errorf("%s has loss %g, the fragile one %g", setting, loss, fragile)
		}
	}
	if chosen <= fragile {
		t.Errorf("the best has loss %g, the fragile one %g", chosen, fragile)
	}
	_, stderr, _ = ravine("sweep", "--opt", "gd", "--steps", "300", "--starts", "5", "--over", "eta=0.079..0.0799:4")
	if want := "best: --opt gd:eta=0.079\nnote: gd:eta=0.079 is fragile: 5 % more or less of a value is much worse\n"; stderr != want {
		t.Errorf("said %q, want %q", stderr, want)
	}
}

func TestSweepOut(t *testing.T) {
	directory := t.TempDir()
	file := filepath.Join(directory, "sweep.csv")
	args := []string{"sweep", "--opt", "lion", "--over", "eta=0.001..1:7"}
	if stdout := succeed(t, append(args, "--out", file)...); stdout != "" {
		t.Errorf("--out, and %q on the standard output", stdout)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != succeed(t, args...) {
		t.Error("the file is not what the standard output gets")
	}
	var stderr strings.Builder
	if status := cli.Main(args, full{}, &stderr); status != statusFailed || !strings.Contains(stderr.String(), "no space left") {
		t.Errorf("a full disk: status %d, %q", status, stderr.String())
	}
}

// TestSweepInterrupt presses ctrl+c in the middle of work that would last for hours.
func TestSweepInterrupt(t *testing.T) {
	for name, args := range map[string][]string{
		"sweep": {"sweep", "--opt", "gd:eta=0", "--over", "eta=1e-9..1e-8:100"},
		"tune":  {"run", "--opt", "adamw:decay=1e300", "--opt", "gd", "--tune", "1000000000000"}, // the first is quick
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			var output bytes.Buffer
			command := program(t, append(args, "--steps", "1000000000", "--tol", "0", "--out", filepath.Join(directory, "out.csv"))...)
			stderr, err := command.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			command.Stdout = &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			defer command.Process.Kill() // where the test fails before the process ends
			if name == "sweep" {
				waitFor(t, "the temporary file", func() bool { return len(names(t, directory)) > 0 })
			} else if _, err := io.ReadFull(stderr, make([]byte, len("tuned:"))); err != nil {
				t.Fatalf("the first lane is not tuned: %v", err)
			}
			interrupted(t, command, os.Interrupt, directory, &output)
		})
	}
}

func TestTune(t *testing.T) {
	args := []string{"run", "--problem", "ravine", "--steps", "100", "--opt", "gd:eta=0.001", "--opt", "adam:eta=0.0001,eps=1e-6", "--tune", "200000"}
	stdout, stderr, status := ravine(append(args, "--format", "json")...)
	if status != statusDone {
		t.Fatalf("status %d: %s", status, stderr)
	}
	lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "tuned: --opt gd:eta=0.07") || !strings.HasPrefix(lines[1], "tuned: --opt adam:eta=") {
		t.Fatalf("said %q", lines)
	}
	// The lines are flags, and the race is the one that they make.
	flags := []string{"--problem", "ravine", "--steps", "100"}
	for _, line := range lines {
		flags = append(flags, strings.Fields(strings.TrimPrefix(line, "tuned: "))...)
	}
	if stdout != succeed(t, slices.Concat([]string{"run", "--format", "json"}, flags)...) {
		t.Error("the race is not the one that the found values make")
	}
	for _, flag := range flags[4:] {
		if !strings.Contains(stdout, `"`+flag+`"`) {
			t.Errorf("the JSON's flags do not hold %s", flag)
		}
	}
	for _, lane := range []string{"0", "1"} {
		before, after := laneRows(rowsOf(t, args[1:9]...), lane), laneRows(rowsOf(t, flags...), lane)
		if number(t, after[len(after)-1][4]) >= number(t, before[len(before)-1][4])/1e6 {
			t.Errorf("lane %s: %v is tuned to %v", lane, before[len(before)-1], after[len(after)-1])
		}
	}
}

// TestTuneReplacesEdits: edits of what is tuned give way, and one line says so;
// others stay.
func TestTuneReplacesEdits(t *testing.T) {
	const note = "note: what is tuned holds from the start, in place of "
	for _, test := range []struct{ lane, note string }{
		{"gd:eta=0.05,eta@3=0.01", note + "gd:eta@3=0.01\n"},
		{"adam:eta@3=0.01,beta1@4=0.5,beta2@5=0.9", note + "adam:eta@3=0.01, adam:beta1@4=0.5\n"},
		{"adam:beta2@5=0.9", ""},
	} {
		_, stderr, status := ravine("run", "--steps", "100", "--opt", test.lane, "--opt", "gd", "--tune", "5000")
		lines := strings.SplitAfter(stderr, "\n") // the lanes, tuned and fragile; the note is last
		replaced := strings.Contains(stderr, note)
		if status != statusDone || !strings.HasSuffix(stderr, test.note) || replaced != (test.note != "") {
			t.Errorf("%s: status %d, said %q, want %q at the end", test.lane, status, stderr, test.note)
		}
		if strings.Contains(test.lane, "beta2@5") != strings.Contains(lines[0], "beta2@5=0.9") {
			t.Errorf("%s: said %q", test.lane, stderr)
		}
	}
}

func TestTuneErrors(t *testing.T) {
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"--tune", "99", "--steps", "100"}, "--tune=99 is too small: a setting takes --starts=5 runs of --steps=100 gradient evaluations; want tune ≥ 5 × 100"},
		{[]string{"--tune", "0"}, "--tune=0 is too small"},
		{[]string{"--tune", "-5"}, "--tune=-5 is too small"},
		{[]string{"--tune", "many"}, "--tune=many: want a whole number"},
		{[]string{"--tune", "100", "--steps", "0"}, "--steps=0 is out of range: steps ≥ 1"},
		{[]string{"--tune", "1000", "--starts", "1", "--opt", "gd:batch=4"}, "no data"},
		{[]string{"--starts", "5"}, "--starts is how --tune tries a setting; want --tune N too"},
		{[]string{"--tune", "5000", "--starts", "0"}, "--starts=0 is out of range: 1 ≤ starts ≤ 1000"},
		{[]string{"--tune", "1001000", "--starts", "1001"}, "--starts=1001 is out of range: 1 ≤ starts ≤ 1000"},
		{[]string{"--tune", "1000000000000000000", "--steps", "1000000000000000000"}, "--tune=1000000000000000000 is too small"},
	} {
		stdout, stderr, status := ravine(append([]string{"run"}, test.args...)...)
		if status != statusUsage || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, test.says) {
			t.Errorf("%v: status %d, stdout %q, stderr %q", test.args, status, stdout, stderr)
		}
	}
}

func TestSweepHelp(t *testing.T) {
	for command, flags := range map[string][]string{
		"":      {"sweep"},
		"sweep": {"--problem", "--opt", "--start", "--seed", "--steps", "--rules", "--tol", "--over", "--starts", "--out"},
		"run":   {"--tune", "--starts"},
	} {
		help := succeed(t, append(strings.Fields(command), "--help")...)
		for _, flag := range flags {
			if !strings.Contains(help, flag) {
				t.Errorf("ravine %s --help does not name %s", command, flag)
			}
		}
	}
}
