//go:build linux

package e2e_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// madeUpFiles are a rule with a hyperparameter of its own and a problem, as
// ARCHITECTURE says that they are added.
var madeUpFiles = map[string]string{
	"optim/drift.go": `package optim

import "ravine/param"

var drift = Optimizer{
	Name: "drift", Title: "Drift", Summary: "Steps down, ζ times as far.", Source: "nowhere",
	opening:    overCurvature(0.1),
	parameters: both(eta.at(""), zeta.at("0.25"), batch.at(param.All)),
	start:      func(int, Convention) Rule { return driftRule{} },
}

type driftRule struct{}

func (driftRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	for i, g := range gradient.At(theta) {
		theta[i] -= h.Eta * h.Zeta * g
	}
}

func (driftRule) Clone() Rule   { return driftRule{} }
func (driftRule) Lines() []Line { return []Line{gradientLine, thetaLine("θ − η·ζ·g")} }

var zeta = Hyperparameter{
	Parameter: param.Parameter{Key: "zeta", Symbol: "ζ", Help: "how far", Range: param.Positive, Scale: param.Log},
	Down:      "$", Up: "%", Width: 7, Rank: 3,
	value: func(h *Hyperparameters) *float64 { return &h.Zeta },
}
`,
	"problem/trough.go": `package problem

func troughKind() Kind {
	return Kind{
		Name: "trough", Summary: "A round trough.", Formula: "J = x² + y²",
		build: func(values, uint64) (Problem, error) {
			return &trough{plane{
				names: []string{"x", "y"}, start: []float64{1, 2}, view: []Interval{{-3, 3}, {-3, 3}},
				scale: Scale{Curvature: 2, Distance: 2}, optima: []Optimum{{Theta: []float64{0, 0}}},
			}}, nil
		},
	}
}

type trough struct{ plane }

//go:noinline
func (p *trough) Loss(theta []float64) float64 { return theta[0]*theta[0] + theta[1]*theta[1] }

func (p *trough) Evaluate(gradient, theta []float64) float64 {
	gradient[0], gradient[1] = 2*theta[0], 2*theta[1]
	return p.Loss(theta)
}
`,
}

// madeUpPanel is one, in the file that it would have.
const madeUpPanel = `package panel

import "ravine/tui/screen"

func drawSign(grid *screen.Grid, area screen.Area, s *State) {
	grid.Text(area.X, area.Y, area.Width, "mind the wobble of "+s.Lane().Optimizer().Title, s.Theme.Text)
}
`

// madeUpLines are what is added besides: below a line of a file that is there, the
// lines for the made-up things, and a key that turns a toggle of the view.
var madeUpLines = map[string][][2]string{
	"optim/hyper.go": {
		{"type Hyperparameters struct {", "\tZeta float64"},
		{"var table = []Hyperparameter{", "\tzeta,"},
	},
	"optim/optim.go":    {{"	return []Optimizer{", "\t\tdrift,"}},
	"problem/kinds.go":  {{"	return []Kind{", "\t\ttroughKind(),"}},
	"keymap/action.go":  {{"const (", "\tWobble Action = \"wobble\""}},
	"keymap/table.go":   {{`	{"View", []row{`, "\t\t{\"the surface wobbles\", \"wobble\", []definition{\n\t\t\tdoes(Wobble, \"wobble\", \"(\")}},"}},
	"tui/panel/view.go": {{"type View struct {", "\tWobble bool"}},
	"tui/viewflag.go":   {{"	return []viewSetting{", "\t\tflagged(\"wobble\", func(m *Model) *bool { return &m.Wobble }, false),"}},
	"tui/panel/layout.go": {
		{"type Layout struct {", "\tsign screen.Area"},
		{"	l.Lanes, rest = rest.SplitBottom(s.tableHeight(rest.Height))", "\tif s.Wobble {\n\t\tl.sign, rest = rest.SplitTop(1)\n\t}"},
		{"	drawHead(grid, l.Head, s)", "\tdrawSign(grid, l.sign, s)"},
	},
	"tui/actions.go": {{"	all := map[keymap.Action]handler{", "\t\tkeymap.Wobble: does(func(m *Model) { m.Wobble = !m.Wobble; m.say(\"the surface wobbles: %v\", m.Wobble) }),"}},
}

// extended builds the program with what is made up, in memory.
func extended(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	texts := maps.Clone(madeUpFiles)
	texts["tui/panel/sign.go"] = madeUpPanel
	for path, lines := range madeUpLines {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
		for _, line := range lines {
			if strings.Count(texts[path], line[0]) != 1 {
				t.Fatalf("%s has not exactly one %q", path, line[0])
			}
			texts[path] = strings.Replace(texts[path], line[0], line[0]+"\n"+line[1]+"\n", 1)
		}
	}
	replace := map[string]string{}
	for i, path := range slices.Sorted(maps.Keys(texts)) {
		file := filepath.Join(directory, string(rune('a'+i))+".go")
		replace[filepath.Join(here, path)] = file
		if err := os.WriteFile(file, []byte(texts[path]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	binary, overlay := filepath.Join(directory, "ravine"), filepath.Join(directory, "overlay.json")
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command("go", "build", "-overlay", overlay, "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return binary
}

// TestExtension: a rule, a problem, a hyperparameter, a key, a toggle of the view and a panel
// that are added where ARCHITECTURE says are everywhere.
func TestExtension(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command here to build with:", err)
	}
	binary := extended(t)
	for line, wants := range map[string][]string{
		"list optimizers": {`(?m)^drift — `, `(?m)^    zeta +ζ +0\.25 +`},
		"list problems":   {`(?m)^trough — `},
		"list keys":       {`(?m)^\$ % +zeta-down zeta-up +ζ down · up$`, `(?m)^\( +wobble +the surface wobbles$`},
		"run --problem trough --opt drift:zeta=0.5":                         {`drift`},
		"sweep --problem trough --opt drift --over zeta=0.1..1:3 --steps 5": {`zeta`, `(?m)^0\.1,`},
	} {
		output, err := exec.Command(binary, strings.Fields(line)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", line, err, output)
		}
		for _, want := range wants {
			if !regexp.MustCompile(want).Match(output) {
				t.Errorf("%s: no %q in\n%s", line, want, output)
			}
		}
	}

	x := open(t, session{binary: binary, alone: true, args: strings.Fields("--problem trough --opt drift --opt gd --steps 40 --view race:wobble=on")})
	shows := func(what string, wants ...string) {
		t.Helper()
		x.await(what, func() bool {
			text := x.text()
			return !slices.ContainsFunc(wants, func(want string) bool { return !strings.Contains(text, want) })
		})
	}
	shows("column, value, footer and panel", "Drift", "  ζ ", "0.25", "$ % ζ down · up", "mind the wobble of Drift")
	x.press(" <")
	for _, key := range []struct{ key, status string }{
		{"%", "ζ of Drift: 0.25 → 0.3"},
		{"U", "undone: ζ of Drift"},
		{"(", "the surface wobbles: false"},
		{"U", "undone: the surface wobbles"},
		{"ss", "over η × ζ"},
		{"s", "over ζ"},
		{"\x1b", "as it was: drift"},
		{"((", "the surface wobbles: true"},
	} {
		x.press(key.key)
		shows("the status after "+key.key, key.status)
	}
	if text := x.copies(); !strings.Contains(text, "wobble=on") {
		t.Errorf("copied %q, want the toggle in it", text)
	}
	x.press("?")
	shows("the help", "ζ down · up", "the surface wobbles")
}
