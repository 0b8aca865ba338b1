package e2e_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// named are what the pages name in the code: a file or directory, and in it a
// function, method, type, field or variable; or a package's.
var named = regexp.MustCompile("`(?:((?:[a-z0-9]+/)+|(?:[a-z0-9]+/)*[a-z0-9_]+\\.go)(?::(\\w+))?|(param|problem|optim|race|keymap|tui|serve)\\.([A-Z]\\w*))`")

// TestReadmeIsRightAboutTheCode: what it and the pages beside it name is there.
func TestReadmeIsRightAboutTheCode(t *testing.T) {
	for _, page := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range named.FindAllStringSubmatch(string(text), -1) {
			path, name := match[1], match[2]
			if path == "" {
				path, name = match[3], match[4]
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%s names %s: there is no %s", page, match[0], path)
			} else if name != "" && !slices.Contains(declared(t, path), name) {
				t.Errorf("%s names %s: no %s is declared there", page, match[0], name)
			}
		}
	}
}

// TestReadmeIsCompleteAboutFolders: every package has its line.
func TestReadmeIsCompleteAboutFolders(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, layout, _ := strings.Cut(string(readme), "## How the code is laid out")
	for _, path := range ours(listPackages(t)) {
		if path == module || strings.HasPrefix(path, module+"/docs/") || path == module+"/keymap/generate" {
			continue
		}
		if line := regexp.MustCompile(`(?m)^ *` + filepath.Base(path) + `/ +\S`); !line.MatchString(layout) {
			t.Errorf("%s is not in the table of folders", path)
		}
	}
}

// declared returns the names that a file, or the files of a directory, declare.
func declared(t *testing.T, path string) (names []string) {
	t.Helper()
	paths := []string{path}
	if filepath.Ext(path) != ".go" {
		paths, _ = filepath.Glob(filepath.Join(path, "*.go"))
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.FuncDecl:
				names = append(names, node.Name.Name)
			case *ast.TypeSpec:
				names = append(names, node.Name.Name)
			case *ast.ValueSpec:
				for _, name := range node.Names {
					names = append(names, name.Name)
				}
			case *ast.Field:
				for _, name := range node.Names {
					names = append(names, name.Name)
				}
			}
			return true
		})
	}
	return names
}
