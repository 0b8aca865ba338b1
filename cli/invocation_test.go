package cli

import (
	"slices"
	"testing"
)

// TestInvocation: a copied command line starts what was started.
func TestInvocation(t *testing.T) {
	cached := "/home/ada/.cache/go-build/d3/d35bdf7a037e9a6e3c94454ce74b34f153335f030c7e01c325dcb9e7d38994f7-d/ravine"
	for _, test := range []struct {
		called, directory string
		want              []string
	}{
		{"ravine", "..", []string{"ravine"}},
		{"./ravine", "..", []string{"./ravine"}},
		{"../bin/ravine", "..", []string{"../bin/ravine"}},
		{"/usr/local/bin/ravine", "..", []string{"/usr/local/bin/ravine"}},
		{"/tmp/go-build169656468/b001/exe/ravine", "..", []string{"go", "run", "."}},
		{cached, "..", []string{"go", "run", "."}},
		{cached, t.TempDir(), []string{"ravine"}},
		{cached, "../tui", []string{"ravine"}},
	} {
		if got := invocation(test.called, test.directory); !slices.Equal(got, test.want) {
			t.Errorf("%s in %s: %q, want %q", test.called, test.directory, got, test.want)
		}
	}
}
