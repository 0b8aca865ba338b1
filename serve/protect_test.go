package serve

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// thrower panics in one connection, at one place, once.
type thrower struct {
	mu     sync.Mutex
	victim string // address
	where  string
	thrown bool
	seen   map[string]bool
}

func (f *thrower) call(c *connection, where string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen[where] = true
	if f.where == where && !f.thrown && (c == nil || c.address == f.victim) {
		f.thrown = true
		panic("thrown by a test")
	}
}

func (f *thrower) aim(victim, where string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.victim, f.where, f.thrown = victim, where, false
}

func (f *thrower) hit() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.thrown
}

// eventful is a visit with something of everything, as far as it gets.
func (r *room) eventful(t *testing.T, from string) (*person, error) {
	p, err := r.tryVisit(asker{from: from}, ordinary())
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { p.client.Close() })
	if err := p.await("step", 5*time.Second); err != nil {
		return p, err
	}
	p.client.SendRequest("unknown@example.org", false, nil)
	go p.client.OpenChannel("another", nil)
	p.session.WindowChange(31, 101)
	p.keys.Write([]byte(" "))
	p.await("No key for a while", time.Minute)
	return p, nil
}

// TestPanicAnywhere lets each goroutine of a session panic in turn. That is logged
// and ends this session, with a word where that can be said, and no other.
func TestPanicAnywhere(t *testing.T) {
	aimed := &thrower{seen: map[string]bool{}}
	r := startWith(t, func(o *Options) {
		o.Present, o.PresenterKeys = true, keyFile(t, newKey(t))
		o.Limits.Idle = allowed(1200 * time.Millisecond)
	}, func(s *Server) {
		s.admission.fault = aimed.call
		s.alive = clientAlive{10 * time.Millisecond, 10_000}
	})
	if p, err := r.eventful(t, "127.0.8.1"); err != nil {
		t.Fatal(err)
	} else {
		p.ends(t, 5*time.Second)
	}
	r.refusal("")
	aimed.mu.Lock()
	seen := slices.Sorted(maps.Keys(aimed.seen))
	aimed.mu.Unlock()
	missing := slices.DeleteFunc(protected(t), func(where string) bool { return slices.Contains(seen, where) })
	// What needs a crowd, a timeout or a broken line.
	if rare := []string{"closing", "giving way", "telling why", "the deadline", "the end", "turning away"}; !slices.Equal(missing, rare) {
		t.Errorf("a visit leaves out %q, want %q", missing, rare)
	}
	// Where the line itself fails, nothing can be said.
	silent := []string{"admitting", "exchanging keys", "reading", "writing", "requests", "the channel", "draining", "the standard error", "quitting", "the reason"}
	for i, where := range seen {
		if i == 1 { // the first is to admit, which may hit anyone
			r.besieged(t)
		}
		t.Run(where, func(t *testing.T) {
			from := "127.0.8." + strconv.Itoa(i+2)
			aimed.aim(from, where)
			before := strings.Count(r.log.String(), "msg=panic")
			p, _ := r.eventful(t, from)
			eventually(t, "it is logged", 10*time.Second, func() bool { return strings.Count(r.log.String(), "msg=panic") > before })
			if !aimed.hit() {
				t.Fatal("it did not panic")
			}
			if log := r.log.String(); !strings.Contains(log, "in="+strconv.Quote(where)) && !strings.Contains(log, "in="+where) || !strings.Contains(log, "serve.(*thrower).call") {
				t.Error("the log does not say where")
			}
			if i > 0 && where != "quitting" && where != "the reason" { // which come when there is one
				eventually(t, "the connection ends of it", 5*time.Second, func() bool {
					for line := range strings.Lines(r.log.String()) {
						if strings.Contains(line, "address="+from+":") && strings.Contains(line, "reason=panic") {
							return true
						}
					}
					return false
				})
			}
			if p == nil {
				return
			}
			p.ends(t, 5*time.Second)
			if !slices.Contains(silent, where) {
				eventually(t, "the visitor is told", 5*time.Second, func() bool { return strings.Contains(string(p.bytes()), brokenWord) })
			}
		})
	}
}

// TestSecondPanic: what a first panic ends in its own way, a second one cuts off.
func TestSecondPanic(t *testing.T) {
	s := &Server{log: slog.New(slog.DiscardHandler)}
	c := door(t, 32).comes(t, "192.0.2.1")
	ends := 0
	c.endsBy(func() { ends++ })
	for n := range 2 {
		s.panicked(c, "a test", "burst", nil)
		if ends != 1 || c.released != (n == 1) {
			t.Errorf("after %d panics it was ended %d times and is closed: %v", n+1, ends, c.released)
		}
	}
}

// protected returns what is protected in this package, and finds what is not.
func protected(t *testing.T) []string {
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	rooms, _ := filepath.Glob("*/*.go")
	names = append(names, rooms...)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, argument := range call.Args {
				if text, ok := argument.(*ast.BasicLit); ok && slices.Contains([]string{"protect", "start", "after"}, called(call)) {
					where, _ := strconv.Unquote(text.Value)
					found[where] = true
				}
			}
			if called(call) == "AfterFunc" && name != "protect.go" && name != "pace/paced.go" {
				t.Errorf("%s: a timer that is not protected", files.Position(call.Pos()))
			}
			return true
		})
		ast.Inspect(file, func(node ast.Node) bool {
			statement, ok := node.(*ast.GoStmt)
			if !ok || name == "metrics.go" || called(statement.Call) == "Send" {
				return true
			}
			safe := false
			ast.Inspect(statement, func(node ast.Node) bool {
				call, ok := node.(*ast.CallExpr)
				safe = safe || ok && called(call) == "protect"
				return true
			})
			if !safe {
				t.Errorf("%s: a goroutine that is not protected", files.Position(statement.Pos()))
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}
