package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
)

// builtByGoRun is where go run keeps what it runs: the build's own directory or,
// from the second time on, the build cache.
var builtByGoRun = regexp.MustCompile(`/go-build\d+/b\d+/exe/[^/]+$|/[0-9a-f]{2}/[0-9a-f]{64}-d/[^/]+$`)

// invocation returns the words that start the program again in that directory,
// where its first argument was called.
func invocation(called, directory string) []string {
	if !builtByGoRun.MatchString(filepath.ToSlash(called)) {
		return []string{called}
	}
	module, err := os.ReadFile(filepath.Join(directory, "go.mod"))
	if err == nil && bytes.HasPrefix(module, []byte("module ravine\n")) {
		return []string{"go", "run", "."}
	}
	return []string{"ravine"}
}
