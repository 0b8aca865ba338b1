package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// wrongLine is a command line with a mistake and what the answer must name: the
// mistake, and what would be right.
type wrongLine struct {
	args   []string
	status int
	says   []string
}

// check runs the line: the exact status, nothing on the standard output, and
// one line of printable text on the standard error.
func (w wrongLine) check(t *testing.T) {
	t.Helper()
	stdout, stderr, status := ravine(w.args...)
	if status != w.status {
		t.Errorf("%q: status %d, want %d: %s", w.args, status, w.status, stderr)
	}
	if stdout != "" {
		t.Errorf("%q: %d bytes on the standard output", w.args, len(stdout))
	}
	if problem := notOneLine(stderr); problem != "" {
		t.Errorf("%q: the error %q %s", w.args, stderr, problem)
	}
	for _, part := range w.says {
		if !strings.Contains(stderr, part) {
			t.Errorf("%q: the error %q does not say %q", w.args, stderr, part)
		}
	}
}

// notOneLine says what keeps text from being one line of printable text.
func notOneLine(text string) string {
	line, ended := strings.CutSuffix(text, "\n")
	switch {
	case !ended:
		return "does not end its line"
	case !strings.HasPrefix(line, "ravine: ") || len(line) < len("ravine: x"):
		return "does not begin with ravine:"
	case strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "has a character that is not printable"
	}
	return ""
}

// all runs lines that begin alike.
func all(t *testing.T, lines []wrongLine, begin ...string) {
	t.Helper()
	for _, line := range lines {
		line.args = append(append([]string(nil), begin...), line.args...)
		line.check(t)
	}
}

func words(text string) []string { return strings.Fields(text) }

func TestWrongCommands(t *testing.T) {
	all(t, []wrongLine{
		{words("rum"), 2, []string{`"rum"`, `"run"`, "list play run"}},
		{words("help run extra"), 2, []string{`help run takes no argument "extra"`}},
		{words("help rum"), 2, []string{`"rum"`, `"run"`}},
		{words("play --at 1e18"), 2, []string{"--at=1000000000000000000", "at ≤ 10000000"}},
		{words("run --seed 1.5"), 2, []string{"--seed=1.5", "whole number from 0"}},
		{words("run --seed -1"), 2, []string{"--seed", "whole number from 0"}},
		{[]string{"run", "--problem", "regression:file=no  such\tfile.csv"}, 1, []string{`no  such\tfile.csv: no such file`}},
		{words("sweet"), 2, []string{`"sweet"`, "list play run"}},
		{[]string{"ru\x1b[31mn"}, 2, []string{`\x1b`}},
		{[]string{""}, 2, []string{`""`, "list play run"}},
		{words("run extra"), 2, []string{`"extra"`, "--flag"}},
		{words("run gd adam"), 2, []string{`"gd"`}},
		{words("play extra"), 2, []string{`"extra"`}},
		{words("list optimisers"), 2, []string{`"optimisers"`, `"optimizers"`, "optimizers problems"}},
		{words("list optimizers problems"), 2, []string{`unknown optimizer "problems"`, "gd sgd"}},
		{words("list problems ravin"), 2, []string{`unknown problem "ravin" (did you mean "ravine"?)`}},
		{words("list optimizer nesterov"), 2, []string{`unknown optimizer "nesterov" (did you mean "nag" or "nadam"?)`}},
		{words("list optimizers ravine"), 2, []string{`unknown optimizer "ravine"`}},
		{words("list adma"), 2, []string{`(did you mean "adam"?)`}},
		{words("list adam ravin"), 2, []string{`(did you mean "ravine"?)`}},
		{words("list keys e"), 2, []string{"all at once", `"e"`}},
		{words("list keys --markdown"), 2, []string{"--markdown goes with optimizers"}},
		{words("list --all"), 2, []string{`"all"`}},
		{words("play --at -1"), 2, []string{"at=-1", "0 ≤ at"}},
		{words("play --steps -1"), 2, []string{"steps=-1", "steps ≥ 0 (0: no limit)"}},
		{words("play --at x"), 2, []string{"--at=x", "whole number"}},
		{words("play --every 3"), 2, []string{`"every"`, "problem"}},
		{words("play --keys /no/such/keys.json"), 1, []string{"--keys", "/no/such/keys.json"}},
		{words("--opt admm"), 2, []string{`"admm"`, `"adam"`}},
		{words("--format csv"), 2, []string{`"format"`}},
	})
}

func TestWrongFlags(t *testing.T) {
	all(t, []wrongLine{
		{words("--step 3"), 2, []string{`"step"`, `"steps"`, "every format help opt out pace problem rules seed start starts steps tol"}},
		{words("--optimizer adam"), 2, []string{`"optimizer"`, "opt"}},
		{words("--at 3"), 2, []string{`"at"`}},
		{words("-x"), 2, []string{`"x"`, "problem"}},
		{[]string{"--see\x1b[31md", "1"}, 2, []string{`\x1b`}},
		{words("--problem"), 2, []string{"--problem", "argument"}},
		{words("--steps 0"), 2, []string{"--steps=0", "steps ≥ 1"}},
		{words("--steps -1"), 2, []string{"--steps=-1", "steps ≥ 1"}},
		{words("--steps 1.5"), 2, []string{"--steps=1.5", "whole number"}},
		{words("--steps 99999999999999999999"), 2, []string{"--steps=99999999999999999999", "18 digits"}},
		{words("--steps many"), 2, []string{"--steps=many", "whole number"}},
		{[]string{"--steps", ""}, 2, []string{"--steps=", "whole number"}},
		{[]string{"--steps", "1\n2"}, 2, []string{`--steps=1\n2`, "whole number"}},
		{words("--every 0"), 2, []string{"every=0", "every ≥ 1"}},
		{words("--every -3"), 2, []string{"every=-3", "every ≥ 1"}},
		{words("--every 1.5"), 2, []string{"--every=1.5", "whole number"}},
		{words("--seed -1"), 2, []string{"--seed=-1", "whole number from 0"}},
		{words("--seed 1.5"), 2, []string{"--seed=1.5", "whole number from 0"}},
		{words("--seed 18446744073709551616"), 2, []string{"--seed=18446744073709551616", "whole number from 0"}},
		{words("--tol -1"), 2, []string{"tol=-1", "0 ≤ tol"}},
		{words("--tol nan"), 2, []string{"tol=NaN", "0 ≤ tol"}},
		{words("--tol inf"), 2, []string{"tol=+Inf", "finite"}},
		{[]string{"--out", ""}, 2, []string{"--out=: want the name of a file"}},
		{words("--tol 1e999"), 2, []string{"--tol=1e999", "finite number"}},
		{words("--tol small"), 2, []string{"--tol=small", "number"}},
		{[]string{"--tol", "\x1b[31m"}, 2, []string{`--tol=\x1b[31m`, "number"}},
		{words("--rules paper"), 2, []string{"--rules", `"paper"`, `"papers"`, "slides papers"}},
		{[]string{"--rules", ""}, 2, []string{"--rules", "slides papers"}},
		{words("--pace example"), 2, []string{"--pace", `"example"`, `"examples"`, "updates examples"}},
		{words("--format xml"), 2, []string{"--format", `"xml"`, "csv json"}},
		{words("--format CSV"), 2, []string{`"CSV"`, `"csv"`}},
		{words("--help=maybe"), 2, []string{"--help=maybe", "true or false"}},
	}, "run")
}

func TestWrongStarts(t *testing.T) {
	all(t, []wrongLine{
		{[]string{"--start", ""}, 2, []string{"--start", "finite number", "random"}},
		{[]string{"--start", "1"}, 2, []string{"start 1 does not fit ravine", "each of x,y"}},
		{[]string{"--start", "1,2,3"}, 2, []string{"start 1,2,3 does not fit ravine", "each of x,y"}},
		{[]string{"--start", "1,"}, 2, []string{`""`, "finite number"}},
		{[]string{"--start", "1;2"}, 2, []string{`"1;2"`, "V,V,…"}},
		{[]string{"--start", "Random"}, 2, []string{`"Random"`, "random"}},
		{[]string{"--start", "nan,1"}, 2, []string{`"nan"`, "finite"}},
		{[]string{"--start", "1,-inf"}, 2, []string{`"-inf"`, "finite"}},
		{[]string{"--start", "1e400,1"}, 2, []string{`"1e400"`, "finite"}},
		{[]string{"--start", "1,\x1b"}, 2, []string{`\x1b`}},
		{[]string{"--start", "1,\n"}, 2, []string{"finite number"}},
		{[]string{"--start", "１,2"}, 2, []string{"１", "finite number"}},
		{[]string{"--start", "1e200,1"}, 2, []string{"1e+200,1", "not finite"}},
		{[]string{"--start", "1e100,1", "--problem", "rosenbrock"}, 2, []string{"not finite"}},
		{[]string{"--start", "1,2", "--problem", "sparse:n=9,features=3"}, 2, []string{"start 1,2 does not fit sparse", "each of w1,w2,w3"}},
	}, "run", "--steps", "3")
}

func TestWrongFiles(t *testing.T) {
	directory := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return "regression:file=" + path
	}
	good := file("good.csv", "size,rooms,price\n1,2,3\n2,3,5\n4,4,4\n")
	all(t, []wrongLine{
		{[]string{"regression:file=" + directory + "/none.csv"}, 1, []string{"none.csv", "no such file"}},
		{[]string{"regression:file=" + directory}, 1, []string{directory, "directory", "CSV"}},
		{[]string{"regression:file=\x1b[31m"}, 1, []string{`\x1b`}},
		{[]string{file("empty.csv", "")}, 1, []string{"empty.csv", "header"}},
		{[]string{file("header.csv", "x,y\n")}, 1, []string{"header.csv:1", "row"}},
		{[]string{file("one.csv", "x\n1\n")}, 1, []string{"one.csv:1", "two or more"}},
		{[]string{file("word.csv", "x,y\n1,2\n3,four\n")}, 1, []string{"word.csv:3", `"y"`, `"four"`, "number"}},
		{[]string{file("hostile.csv", "x,y\n1,2\n1,\x1b[2J\n")}, 1, []string{"hostile.csv:3", `\x1b`}},
		{[]string{file("inf.csv", "x,y\n1,inf\n")}, 1, []string{"inf.csv:2", "finite"}},
		{[]string{file("short.csv", "x,y\n1,2\n3\n")}, 1, []string{"short.csv:3", "1 field", "2"}},
		{[]string{file("quote.csv", "x,y\n1,\"2\n")}, 1, []string{"quote.csv:2", "quoted"}},
		{[]string{file("constant.csv", "x,y\n1,2\n1,3\n") + ",standardize=true"}, 1, []string{"constant.csv", `"x"`, "same value"}},
		{[]string{good + ",x=sise"}, 2, []string{`"sise"`, `"size"`, `"rooms"`}},
		{[]string{good + ",y=cost"}, 2, []string{`"cost"`, `"price"`}},
		{[]string{good + ",x=size+size"}, 2, []string{`"size"`, "twice"}},
		{[]string{good + ",x=price"}, 2, []string{`"price"`, "both"}},
		{[]string{good + ",x=\x1b"}, 2, []string{`\x1b`}},
		{[]string{good + ",n=5"}, 2, []string{"n ", "file"}},
		{[]string{"regression:x=size"}, 2, []string{"x ", "file"}},
		{[]string{good, "--opt", "minibatch:batch=4"}, 2, []string{"batch=4", "batch ≤ 3"}},
	}, "run", "--steps", "3", "--problem")
	all(t, []wrongLine{
		{[]string{filepath.Join(directory, "none", "x.csv")}, 1, []string{"--out", "creating a file in " + filepath.Join(directory, "none") + ": no such file"}},
		{[]string{directory}, 1, []string{"--out", directory}},
		{[]string{filepath.Join(directory, "x\x1b\n", "y")}, 1, []string{"--out", `\x1b`}},
		{[]string{filepath.Join(directory, strings.Repeat("x", 300))}, 1, []string{"--out", "too long"}},
	}, "run", "--steps", "3", "--out")
}
