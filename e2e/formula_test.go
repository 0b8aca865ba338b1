package e2e_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMistakesInAFormula: the place stands below what is wrong there.
func TestMistakesInAFormula(t *testing.T) {
	tests := []struct{ formula, says string }{
		{"J=(1-x)^2 + exq(y)", `formula:1:11: unknown function "exq" (did you mean "exp"?)
(1-x)^2 + exq(y)
          ^`},
		{"J=√x+2y", `formula:1:5: a product needs its sign: write *y
√x+2y
    ^`},
		{"J=(1-x)^2+y**2", `formula:1:10: no "**" here; write ^
(1-x)^2+y**2
         ^`},
		{"J=(1-x", `formula:1:1: "(" is not closed
(1-x
^`},
		{"J=x·y+√q²+μ,μ=2,zeta=3", `formula: J has no name "zeta"; its names are x y q mu`},
		{"J=x^2+y^2,start=[1]", `formula: start=[1]: want [ … ] with 2 values, for x y`},
		{"J=x^2+y^2,view=[1..0,0..1]", `formula: view=[1..0,0..1]: "1..0" is not LOW..HIGH`},
		{"J=x^2", `formula: J has 1 parameter; want 2 or more, since the surface shows two`},
	}
	for _, test := range tests {
		stdout, stderr, status := ravine("run", "--problem", "formula:"+test.formula)
		if want := "ravine: " + test.says + "\n"; status != statusUsage || stdout != "" || stderr != want {
			t.Errorf("%s: status %d, got\n%swant\n%s", test.formula, status, stderr, want)
		}
	}
}

// TestMistakesInARule: the same for a rule of one's own and for schedules.
func TestMistakesInARule(t *testing.T) {
	tests := []struct{ lane, says string }{
		{"rule", "rule: want its lines, such as rule:step=m<-beta1*m+(1-beta1)*g; theta<-theta-eta*m,eta=0.1"},
		{"rule:step=theta<-theta-eta*g", "rule: eta has no value; say eta=…"},
		{"rule:step=theta<-theta-mu*g,eta=1", `rule: no name "eta" is in its lines; its hyperparameters are mu batch`},
		{"rule:step=theta<-theta-et*g,eta=1", `rule: no name "eta" is in its lines (did you mean "et"?); its hyperparameters are et batch`},
		{"rule:step=m<-g", `formula:1:1: no line gives theta a value; want one such as theta <- theta - eta*g
m<-g
^`},
		{"rule:step=theta<-theta-eta*nrm(g),eta=1", `formula:1:18: unknown function "nrm" (did you mean "norm"?)
theta<-theta-eta*nrm(g)
                 ^`},
		{"rule:step=θ ← θ − η·dot(g),eta=1", `formula:1:11: dot takes 2 arguments, not 1
θ ← θ − η·dot(g)
          ^`},
		{"rule:step=2m<-g;theta<-m", `formula:1:1: want a name before <-, not "2m"
2m<-g;theta<-m
^`},
		{"rule:step=theta<-theta-eta*g;pi<-3,eta=1", `formula:1:20: "pi" has a meaning already; choose another name
theta<-theta-eta*g;pi<-3
                   ^`},
		{"rule:step=theta<-theta-eta*g,eta=1,eta=2", `--opt: "rule:step=theta<-theta-eta*g,eta=1,eta=2": eta is given twice`},
		{"rule:step=theta<-theta-eta*g,file=x.rule,eta=1", `rule: step and file are two ways to give its lines; want one`},
		{"gd:eta=0.1/sqrt(u)", `gd: formula:1:10: unknown name "u"; want a formula in t, the number of the update
0.1/sqrt(u)
         ^`},
		{"momentum:gamma=t/10", "momentum: gamma=t/10 is 1 at update 10, out of range: 0 ≤ gamma < 1"},
		{"gd:eta=0.1,eta@5=cosine(1,2)", `gd: eta@5: formula:1:1: want cosine(from, to, steps)
cosine(1,2)
^`},
	}
	for _, test := range tests {
		stdout, stderr, status := ravine("run", "--steps", "9", "--opt", test.lane)
		if want := "ravine: " + test.says + "\n"; status != statusUsage || stdout != "" || stderr != want {
			t.Errorf("%s: status %d, got\n%swant\n%s", test.lane, status, stderr, want)
		}
	}
}

// TestRuleFromAFile: its lines become part of the command line that is copied.
func TestRuleFromAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "my.rule")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# Polyak's heavy ball\n\nv ← γ·v + η·g  # as on the slides\nθ ← θ − v;\n")
	got := succeed(t, "run", "--steps", "30", "--opt", "rule:file="+name+",eta=0.02,gamma=0.9")
	if want := succeed(t, "run", "--steps", "30", "--opt", "momentum:eta=0.02"); strings.ReplaceAll(got, ",rule,", ",momentum,") != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	write("# nothing\n")
	_, stderr, status := ravine("run", "--opt", "rule:file="+name)
	if status != statusUsage || stderr != "ravine: rule: "+name+" has no lines such as theta <- theta - eta*g\n" {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// TestDataFromStandardInput: a table that comes through a pipe, packed too, is the file.
func TestDataFromStandardInput(t *testing.T) {
	const file = "examples/coffee.csv"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	writer.Write(text)
	writer.Close()
	want := succeed(t, "run", "--problem", "regression:file="+file, "--opt", "gd", "--steps", "9")
	for _, input := range []io.Reader{bytes.NewReader(text), &packed} {
		command := program(t, "run", "--problem", "regression:file=-", "--opt", "gd", "--steps", "9")
		command.Stdin = input
		if got, err := command.Output(); err != nil || string(got) != want {
			t.Errorf("%v; got\n%swant\n%s", err, got, want)
		}
	}
	command := program(t, "run", "--problem", "fit:file=-,model=a*x+b", "--opt", "gd")
	command.Stdin = strings.NewReader("x,y\n1,2\n3,four\n")
	_, err = command.Output()
	failed := (*exec.ExitError)(nil)
	if !errors.As(err, &failed) || string(failed.Stderr) != "ravine: fit: standard input:3: column \"y\" is \"four\"; want a number: correct it, or take its line out\n" {
		t.Errorf("%v: %s", err, failed.Stderr)
	}
}
