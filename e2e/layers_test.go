package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "ravine"

// beside are the modules outside the standard library that a package, or all
// that is below a directory, may need, however indirectly. What is not here may
// use any.
var beside = map[string][]string{
	"ravine/param":     {},
	"ravine/smallfile": {},
	"ravine/formula":   {"gonum.org/v1/gonum"},
	"ravine/problem":   mathematicsAndData,
	"ravine/optim":     mathematicsAndData,
	"ravine/race":      mathematicsAndData,
}

// mathematicsAndData are gonum with its own need, and what unpacks and decodes files.
var mathematicsAndData = []string{"gonum.org/v1/gonum", "golang.org/x/tools", "github.com/klauspost/compress", "golang.org/x/text"}

// layers are the packages from the top to the bottom; a package imports only
// from layers below its own. A directory stands for all that is in it, which
// among itself may import as it likes.
var layers = [][]string{
	{"ravine", "ravine/docs", "ravine/e2e"},
	{"ravine/cli"},
	{"ravine/serve"},
	{"ravine/serve/lecture", "ravine/serve/pace"},
	{"ravine/tui"},
	{"ravine/tui/panel"},
	{"ravine/tui/chart", "ravine/tui/idle", "ravine/tui/theme"},
	{"ravine/tui/screen"},
	{"ravine/keymap", "ravine/race"},
	{"ravine/optim"},
	{"ravine/problem"},
	{"ravine/formula"},
	{"ravine/param", "ravine/smallfile"},
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports, Deps  []string
	Module                  *struct{ Path string }
	Standard                bool
}

// listPackages returns the packages of the module and all they need.
func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	command := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,Imports,Deps,Module,Standard", "./...")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no go command here to list the packages:", err)
	}
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	packages := map[string]listed{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	return packages
}

// ours returns the import paths of the module's own packages.
func ours(packages map[string]listed) (paths []string) {
	for path := range packages {
		if within(path, module) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// within reports whether a package is in a directory or a module.
func within(path, directory string) bool {
	return path == directory || strings.HasPrefix(path, directory+"/")
}

// layerOf returns the layer of a package and the directory it is in there.
func layerOf(path string) (layer int, directory string) {
	layer = -1
	for i, names := range layers {
		for _, name := range names {
			if len(name) > len(directory) && (path == name || name != module && within(path, name)) {
				layer, directory = i, name
			}
		}
	}
	return layer, directory
}

// TestLayers: imports go one way.
func TestLayers(t *testing.T) {
	packages := listPackages(t)
	checked := 0
	for _, path := range ours(packages) {
		layer, directory := layerOf(path)
		if layer < 0 {
			t.Errorf("%s is in no layer; put it into one", path)
			continue
		}
		for _, imported := range packages[path].Imports {
			if !within(imported, module) {
				continue
			}
			checked++
			if below, there := layerOf(imported); below <= layer && there != directory {
				t.Errorf("%s imports %s, which is not below it", path, imported)
			}
		}
	}
	if checked == 0 {
		t.Error("no import was checked")
	}
}

// TestNothingBelowKnowsATerminal: what is below tui needs the standard library
// and libraries for mathematics and files only, so neither a terminal nor its keys.
func TestNothingBelowKnowsATerminal(t *testing.T) {
	packages := listPackages(t)
	for path, allowed := range beside {
		p, ok := packages[path]
		if !ok {
			t.Errorf("there is no %s", path)
			continue
		}
		for _, needed := range append(slices.Clone(p.Deps), path) {
			other := packages[needed]
			if other.Standard || within(needed, module) {
				continue
			}
			if other.Module == nil || !slices.Contains(allowed, other.Module.Path) {
				t.Errorf("%s needs %s", path, needed)
			}
		}
	}
}

// TestKeymapImports: of the terminal's libraries keymap knows the keys alone.
func TestKeymapImports(t *testing.T) {
	allowed := []string{"charm.land/bubbles/v2/key", "charm.land/bubbletea/v2"}
	packages := listPackages(t)
	for _, imported := range packages["ravine/keymap"].Imports {
		if !within(imported, module) && !packages[imported].Standard && !slices.Contains(allowed, imported) {
			t.Errorf("keymap imports %s", imported)
		}
	}
}

// TestNoVariableChanges: no package has a variable that changes once it is
// initialized, since two sessions may share a process. What is reached through
// another name for a variable's slice or map is not seen.
func TestNoVariableChanges(t *testing.T) {
	packages := listPackages(t)
	variables := 0
	for _, path := range ours(packages) {
		found, changes := variableChanges(t, packages[path], packages)
		variables += found
		for _, change := range changes {
			t.Error(change)
		}
	}
	if variables == 0 {
		t.Error("no variable was looked at")
	}
}

// variableChanges returns how many variables a package has, and where it changes
// one of its own or of another package.
func variableChanges(t *testing.T, p listed, packages map[string]listed) (variables int, changes []string) {
	t.Helper()
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	config := types.Config{Importer: importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(packages[path].Export)
	})}
	info := &types.Info{
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Types:      map[ast.Expr]types.TypeAndValue{},
	}
	checked, err := config.Check(p.ImportPath, files, parsed, info)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range checked.Scope().Names() {
		if _, ok := checked.Scope().Lookup(name).(*types.Var); ok {
			variables++
		}
	}
	for _, file := range parsed {
		ast.Inspect(file, func(node ast.Node) bool {
			for _, changed := range changedBy(node, info) {
				if v := variableOf(changed, info); v != nil {
					changes = append(changes, fmt.Sprintf("%s: %s changes after it is initialized", files.Position(changed.Pos()), v.Name()))
				}
			}
			return true
		})
	}
	return variables, changes
}

// onlyRead are the variables whose address is taken to read a part of them, as
// one may see there; a copy would cost too much.
var onlyRead = map[string]bool{"ravine/tui/screen.decimals": true}

// changedBy returns what a node assigns to, or takes the address of, be it for
// a method with a pointer receiver or by slicing an array.
func changedBy(node ast.Node, info *types.Info) []ast.Expr {
	switch node := node.(type) {
	case *ast.AssignStmt:
		if node.Tok != token.DEFINE {
			return node.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{node.X}
	case *ast.RangeStmt:
		if node.Tok == token.ASSIGN {
			return []ast.Expr{node.Key, node.Value}
		}
	case *ast.UnaryExpr:
		if v := variableOf(node.X, info); node.Op == token.AND && (v == nil || !onlyRead[v.Pkg().Path()+"."+v.Name()]) {
			return []ast.Expr{node.X}
		}
	case *ast.SliceExpr:
		if _, ok := info.Types[node.X].Type.Underlying().(*types.Array); ok {
			return []ast.Expr{node.X}
		}
	case *ast.CallExpr:
		if called, ok := node.Fun.(*ast.Ident); ok && info.Types[called].IsBuiltin() && slices.Contains([]string{"delete", "clear", "copy"}, called.Name) {
			return node.Args[:1]
		}
	case *ast.SelectorExpr:
		method := info.Selections[node]
		if method == nil || method.Kind() != types.MethodVal || isPointer(method.Recv()) {
			return nil
		}
		if isPointer(method.Obj().Type().(*types.Signature).Recv().Type()) {
			return []ast.Expr{node.X}
		}
	}
	return nil
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// variableOf returns the package's variable of this module that an expression is
// or is a part of, or nil.
func variableOf(e ast.Expr, info *types.Info) *types.Var {
	for {
		switch part := e.(type) {
		case *ast.ParenExpr:
			e = part.X
		case *ast.IndexExpr:
			e = part.X
		case *ast.SliceExpr:
			e = part.X
		case *ast.StarExpr:
			e = part.X
		case *ast.SelectorExpr:
			if info.Selections[part] == nil { // a name of another package
				e = part.Sel
				continue
			}
			e = part.X
		case *ast.Ident:
			v, ok := info.Uses[part].(*types.Var)
			if ok && v.Pkg() != nil && within(v.Pkg().Path(), module) && v.Parent() == v.Pkg().Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}

// TestPanelsOnlyRead: a panel neither names what changes a race nor looks at the clock,
// and assigns nothing to the state that it draws.
func TestPanelsOnlyRead(t *testing.T) {
	paths, err := filepath.Glob("tui/panel/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	files := token.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.SelectorExpr:
				of, _ := node.X.(*ast.Ident)
				if name := node.Sel.Name; of != nil && (of.Name == "race" && (name == "Runner" || name == "New" || name == "NewOn") || of.Name == "time" && (name == "Now" || name == "Since")) {
					t.Errorf("%s: %s.%s is not for panels", files.Position(node.Pos()), of.Name, name)
				}
			case *ast.AssignStmt:
				for _, to := range node.Lhs {
					if field, ok := to.(*ast.SelectorExpr); ok {
						if of, _ := field.X.(*ast.Ident); of != nil && of.Name == "s" {
							t.Errorf("%s: a panel assigns to s.%s", files.Position(to.Pos()), field.Sel.Name)
						}
					}
				}
			}
			return true
		})
	}
}
