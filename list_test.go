package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"ravine/optim"
	"ravine/problem"
)

var update = flag.Bool("update", false, "write testdata/list.golden anew")

func TestList(t *testing.T) {
	const golden = "testdata/list.golden"
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
		t.Errorf("ravine list has changed; if rightly so, go test . -update\n%s", got)
	}
	if parts := succeed(t, "list", "optimizers") + "\n" + succeed(t, "list", "problems"); parts != got {
		t.Error("list is not list optimizers and list problems")
	}
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
	for _, optimizer := range optim.All() {
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
	if want := len(optim.All()) + len(problem.Kinds()); len(sections) != want {
		t.Errorf("%d sections, want %d", len(sections), want)
	}
}
