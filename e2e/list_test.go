package e2e_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ravine/keymap"
	"ravine/optim"
	"ravine/problem"
)

var update = flag.Bool("update", false, "write testdata/list.golden anew")

func TestList(t *testing.T) {
	const golden = "e2e/testdata/list.golden"
	got := succeed(t, "list")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("ravine list has changed; if rightly so, go test ./e2e -run TestList -update\n%s", got)
	}
	if parts := succeed(t, "list", "optimizers") + "\n" + succeed(t, "list", "problems"); parts != got {
		t.Error("list is not list optimizers and list problems")
	}
}

// TestListOfSome: what is named is listed as it is in the whole.
func TestListOfSome(t *testing.T) {
	optimizers, problems := strings.Split(succeed(t, "list", "optimizers"), "\n\n"), strings.Split(succeed(t, "list", "problems"), "\n\n")
	gd, adam, ravine, sparse := optimizers[0], optimizers[8], problems[0], problems[2]
	for line, sections := range map[string][]string{
		"optimizers adam":       {adam},
		"optimizer adam":        {adam},
		"adam":                  {adam},
		"problems ravine":       {ravine},
		"problem ravine sparse": {ravine, sparse},
		"ravine":                {ravine},
		"adam ravine gd":        {adam, ravine, gd},
		"problem":               problems,
		"optimizer":             optimizers,
	} {
		want := strings.TrimRight(strings.Join(sections, "\n\n"), "\n") + "\n"
		if got := succeed(t, append([]string{"list"}, strings.Fields(line)...)...); got != want {
			t.Errorf("list %s:\n%swant\n%s", line, got, want)
		}
	}
}

// TestListKeys: the keys are the user's own, with the names to bind them by.
func TestListKeys(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	t.Setenv("HOME", home)
	keys := regexp.MustCompile(`(?m)^e E +eta-down eta-up +η down · up$`)
	if text := succeed(t, "list", "keys"); !keys.MatchString(text) || text != succeed(t, "list", "key") {
		t.Errorf("η's keys are not listed:\n%s", text)
	}
	file := keymap.DefaultPath()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(`{"eta-up": "$"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if text := succeed(t, "list", "keys"); !strings.Contains(text, "\ne $ ") || !strings.Contains(text, file) {
		t.Errorf("the user's key is not listed:\n%s", text)
	}
	if err := os.WriteFile(file, []byte(`{"eta-upp": "$"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	wrongLine{words("list keys"), statusFailed, []string{file + ":1", "eta-upp"}}.check(t)
}

// TestListIsComplete: every name begins a line, and its keys stand below it.
func TestListIsComplete(t *testing.T) {
	sections := map[string]string{}
	for _, topic := range []string{"optimizers", "problems"} {
		for _, section := range strings.Split(succeed(t, "list", topic), "\n\n") {
			name, text, _ := strings.Cut(section, " — ")
			sections[topic+" "+name] = text
		}
	}
	expect := func(name string, keys ...string) {
		text, ok := sections[name]
		if !ok {
			t.Errorf("%s are not listed", name)
		}
		for _, key := range keys {
			if !strings.Contains(text, "\n    "+key+" ") {
				t.Errorf("%s: no line for %s", name, key)
			}
		}
	}
	typed, err := optim.Typed("m <- beta1*m + (1-beta1)*g; theta <- theta - eta*m")
	if err != nil {
		t.Fatal(err)
	}
	for _, optimizer := range append(optim.All(), typed) {
		for _, p := range optimizer.Parameters(optim.Slides) {
			expect("optimizers "+optimizer.Name, p.Key)
		}
	}
	for _, kind := range problem.Kinds() {
		expect("problems " + kind.Name)
		for _, p := range kind.Parameters {
			expect("problems "+kind.Name, p.Key)
		}
	}
	if want := len(optim.All()) + 1 + len(problem.Kinds()); len(sections) != want {
		t.Errorf("%d sections, want %d", len(sections), want)
	}
}
