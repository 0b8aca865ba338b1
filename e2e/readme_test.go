package e2e_test

import (
	"os"
	"strings"
	"testing"

	"ravine/keymap"
)

// The README's rules and keys are made from the program.
func TestReadmeIsUpToDate(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), succeed(t, "list", "optimizers", "--markdown")) {
		t.Error("the rules are stale; put there what this prints: go run . list optimizers --markdown")
	}
	if err := keymap.ReadmeStale(string(readme)); err != nil {
		t.Error(err)
	}
}
