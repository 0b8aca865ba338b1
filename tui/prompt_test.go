package tui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
)

// typeText presses the keys of a text, and lets what is built of a formula arrive.
func typeText(t testing.TB, m *Model, text string) {
	t.Helper()
	for _, r := range text {
		name := string(r)
		if r == ' ' {
			name = "space"
		}
		settleFormula(t, m, press(m, name))
	}
}

// enterCommand types a command and enters it.
func enterCommand(t testing.TB, m *Model, text string) {
	t.Helper()
	press(m, ":")
	typeText(t, m, text)
	press(m, "enter")
}

// settleFormula runs a command until no formula is being built any more.
func settleFormula(t testing.TB, m *Model, command tea.Cmd) {
	t.Helper()
	for m.prompt.preview.busy {
		built := make(chan tea.Msg, 100)
		var run func(tea.Cmd)
		run = func(command tea.Cmd) {
			if command == nil {
				return
			}
			switch msg := command().(type) {
			case tea.BatchMsg:
				for _, each := range msg {
					go run(each)
				}
			case previewMsg:
				built <- msg
			}
		}
		go run(command)
		select {
		case msg := <-built:
			_, command = m.Update(msg)
			arrive(m)
			m.View()
		case <-time.After(20 * time.Second):
			t.Fatal("nothing is built")
		}
	}
}

// typingRows returns the line in which one types and the one below it.
func typingRows(m *Model) (line, note string) {
	rows := rowsOf(m)
	return strings.TrimRight(rows[m.Height-2], " "), strings.TrimRight(rows[m.Height-1], " ")
}

// TestCommands types commands into a race at step 10.
func TestCommands(t *testing.T) {
	for _, test := range []struct{ text, args, status string }{
		{"eta 0.03", "--problem ravine --opt gd:eta=0.03 --opt adam:eta=0.1", "η of GD: 0.05 → 0.03, from the start"},
		{"η=0.03", "--problem ravine --opt gd:eta=0.03 --opt adam:eta=0.1", "η of GD: 0.05 → 0.03"},
		{"eta = 0.1/sqrt(t)", "--problem ravine --opt gd:eta=0.1/sqrt(t) --opt adam:eta=0.1", "η of GD: 0.1/sqrt(t), from the start"},
		{"kappa 50", "--problem ravine:kappa=50 --opt gd:eta=0.05 --opt adam:eta=0.1", "kappa=50, replayed from the start"},
		{"opt rmsprop:eta=0.2", "--problem ravine --opt rmsprop:eta=0.2 --opt adam:eta=0.1", "rmsprop:eta=0.2 in this lane"},
		{"add rule:step=theta<-theta-nu*g,nu=0.01", "--problem ravine --opt gd:eta=0.05 --opt rule:step=theta<-theta-nu*g,nu=0.01 --opt adam:eta=0.1", "added"},
		{"problem himmelblau", "--problem himmelblau --opt gd:eta=0.013 --opt adam:eta=0.16", "himmelblau: Four equal minima"},
		{"problem formula:J=x^2+k*y^2,k=3", "--problem formula:J=x^2+k*y^2,k=3 --opt gd:eta=0.31 --opt adam:eta=0.043", "formula: A loss"},
		{"start 3,-2", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1 --start 3,-2", "start 3,-2, from the start"},
		{"seed 7", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1 --seed 7", "seed 7"},
		{"tol 0.001", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1 --tol 0.001", "tolerance 0.001"},
		{"rules papers", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1 --rules papers", "the rules as in the papers"},
		{"steps 500", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1 --steps 500", "at most 500 steps"},
		{"goto 40", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1", "step 40 of 40 reached"},
		{"40", "--problem ravine --opt gd:eta=0.05 --opt adam:eta=0.1", "step 40 of 40 reached"},
		{"next-rule", "--problem ravine --opt sgd:eta=0.032 --opt adam:eta=0.1", "SGD in this lane"},
		{"duplicate", "--problem ravine --opt gd:eta=0.05 --opt gd:eta=0.05 --opt adam:eta=0.1", "GD duplicated"},
		{"remlane", "--problem ravine --opt adam:eta=0.1", "GD removed"},
	} {
		t.Run(test.text, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", "gd:eta=0.05", "adam:eta=0.1"), 10)
			before := m.Scene()
			enterCommand(t, m, test.text)
			r := m.runner.Race()
			if test.args != strings.ReplaceAll(strings.Join(r.Args(), " "), " --steps 0", "") || m.Prompt.Open {
				t.Errorf("the race is %q\nwant        %q; the line is open: %v %s", r.Args(), test.args, m.Prompt.Open, m.Prompt.Fault)
			}
			if !strings.Contains(statusOf(m), test.status) {
				t.Errorf("the status line says %q, want %q", statusOf(m), test.status)
			}
			sameRace(t, m.runner, afresh(t, m))
			after := m.Scene()
			if test.text == "steps 500" { // the limit is no change of its own
				return
			}
			press(m, "U")
			if fault := differ(m.Scene(), before); fault != "" {
				t.Errorf("it is not undone in %s", fault)
			}
			press(m, "ctrl+r", ":", "up")
			if line, _ := typingRows(m); line != " : "+test.text {
				t.Errorf("the history has %q", line)
			}
			press(m, "esc")
			if fault := differ(m.Scene(), after); fault != "" {
				t.Errorf("it is not done again in %s", fault)
			}
		})
	}
}

// TestCommandMistakes: the line says what is wrong, below the place if there is one, and
// stays; nothing is changed.
func TestCommandMistakes(t *testing.T) {
	for _, test := range []struct{ text, note string }{
		{"eta", " η wants a value"},
		{"eta -1", " eta=-1 is out of range: 0 < eta, finite, or 0"},
		{"eta 0.1*sin(", `               ^ the formula ends too early`},
		{"gamma 0.5", ` unknown command "gamma 0.5"`},
		{"problem rosenbrok", ` unknown problem "rosenbrok" (did you mean "rosenbrock"?)`},
		{"problem formula:J=x^2+exq(y)", `                         ^ unknown function "exq" (did you mean "exp"?)`},
		{"opt adm", ` unknown optimizer "adm" (did you mean "adam"?)`},
		{"add rule:step=theta<-theta-eta*q(", `                                  ^ unknown function "q"`},
		{"goto x", " goto x: want a step from 0 to 10000000"},
		{"start 1", " "},
		{"seed -1", " seed=-1: want a whole number from 0 to 18446744073709551615"},
		{"steps many", " steps=many: want a whole number, or none"},
		{"rules book", ` unknown convention "book"`},
		{"step", ` "step" could be `},
		{"flurb", ` unknown command "flurb"`},
	} {
		t.Run(test.text, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", "gd:eta=0.05", "adam:eta=0.1"), 10)
			before := m.Scene()
			enterCommand(t, m, test.text)
			line, note := typingRows(m)
			if line != " : "+test.text || !strings.HasPrefix(note, test.note) || note == "" {
				t.Errorf("the screen says\n%s\n%s\nwant\n%s", line, note, test.note)
			}
			for _, size := range [][2]int{{80, 24}, {40, 12}, {20, 6}} {
				resize(m, size[0], size[1])
				if _, small := typingRows(m); size[0] == 80 && strings.Contains(small, "^") != strings.Contains(note, "^") {
					t.Errorf("in 80 columns it says\n%s", small)
				}
			}
			press(m, "esc")
			if fault := differ(m.Scene(), before); fault != "" {
				t.Errorf("it has changed %s", fault)
			}
		})
	}
}

// TestCompletion: tab takes the likeliest word.
func TestCompletion(t *testing.T) {
	for _, test := range []struct{ typed, completed, note string }{
		{"pro", "problem ", " problem  prompt  previous-problem  next-problem"},
		{"problem ros", "problem rosenbrock ", " rosenbrock"},
		{"opt ad", "opt adagrad ", " adagrad  adadelta  adam  adamax  adamw  nadam"},
		{"toggl", "toggle-lane ", " toggle-lane"},
		{"kap", "kappa ", " kappa"},
		{"rules p", "rules papers ", " papers"},
		{"", "", " a command, such as eta 0.03"},
	} {
		m := openDefault(t, 10)
		press(m, ":")
		typeText(t, m, test.typed)
		if _, note := typingRows(m); !strings.HasPrefix(note, test.note) {
			t.Errorf("%q is noted %q, want %q", test.typed, note, test.note)
		}
		press(m, "tab")
		if got := string(m.Prompt.Text); got != test.completed {
			t.Errorf("%q becomes %q, want %q", test.typed, got, test.completed)
		}
	}
}

// TestTypedFormula: the race runs on what is typed, over the user's scene; esc puts it
// back, enter makes it one change.
func TestTypedFormula(t *testing.T) {
	open := func() *Model { return openModel(t, playRace(t, "rosenbrock", "gd", "adam:eta=0.1"), 10) }
	m := open()
	before := m.Scene()
	press(m, "=")
	line, note := typingRows(m)
	if line != " J = (a-x)^2+b*(y-x^2)^2,a=1,b=100" || !strings.HasPrefix(note, " the surface follows") {
		t.Fatalf("the line opens with\n%s\n%s", line, note)
	}
	for range 3 {
		settleFormula(t, m, press(m, "backspace"))
	}
	if _, note := typingRows(m); !strings.Contains(note, "want a formula, and name=number behind commas") {
		t.Errorf("b= is noted %q", note)
	}
	typeText(t, m, "5")
	if spec := m.runner.Race().Problem.String(); spec != "formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=5" {
		t.Errorf("the race is on %s", spec)
	}
	if start := m.runner.Start(); !reflect.DeepEqual(start, before.problem.Start()) || m.Window != before.View.Window || !m.Running {
		t.Errorf("it starts from %v in %v, running: %v", start, m.Window, m.Running)
	}
	press(m, "ctrl+a")
	typeText(t, m, "exq(x)+")
	if _, note := typingRows(m); note != `     ^ unknown function "exq" (did you mean "exp"?)` {
		t.Errorf("exq is noted %q", note)
	}
	if spec := m.runner.Race().Problem.String(); spec != "formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=5" {
		t.Errorf("with a mistake the race is on %s", spec)
	}
	settleFormula(t, m, press(m, "enter"))
	if !m.Prompt.Open {
		t.Error("a mistake is taken")
	}
	settleFormula(t, m, press(m, "esc"))
	if fault := differ(m.Scene(), before); fault != "" || m.Prompt.Open || m.Running {
		t.Errorf("esc leaves %s", fault)
	}

	press(m, "=")
	typeText(t, m, "0")
	settleFormula(t, m, press(m, "enter"))
	if spec := m.runner.Race().Problem.String(); spec != "formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=1000" || m.Prompt.Open {
		t.Errorf("enter leaves %s", spec)
	}
	after := m.Scene()
	press(m, "U")
	if fault := differ(m.Scene(), before); fault != "" {
		t.Errorf("it is not undone in %s", fault)
	}
	press(m, "ctrl+r")
	if fault := differ(m.Scene(), after); fault != "" {
		t.Errorf("it is not done again in %s", fault)
	}

	// A visitor's formula is no longer than a command may make it.
	m.visitor = true
	press(m, "=", "ctrl+u")
	_, long := m.Update(tea.PasteMsg{Content: "sum(i,1,900,sin(i*x)*cos(i*y))+x^2+y^2"})
	settleFormula(t, m, long)
	if _, note := typingRows(m); !strings.Contains(note, "too long here") {
		t.Errorf("a long formula is noted %q", note)
	}
	settleFormula(t, m, press(m, "esc"))
	m.visitor = false

	// A paste is one change of the text; constants that are still named stay.
	press(m, "=", "ctrl+u")
	_, command := m.Update(tea.PasteMsg{Content: "b*x^2 +\n c*y^2,c=2"})
	settleFormula(t, m, command)
	if spec := m.runner.Race().Problem.String(); spec != "formula:J=b*x^2 + c*y^2,c=2,b=1000" {
		t.Errorf("the paste makes it %s; %s", spec, m.Prompt.Fault)
	}
	settleFormula(t, m, press(m, "esc"))
	if fault := differ(m.Scene(), after); fault != "" {
		t.Errorf("esc leaves %s", fault)
	}
}

// TestFormulaAfterEnter: enter pressed before the formula is built keeps it once it is.
func TestFormulaAfterEnter(t *testing.T) {
	m := openModel(t, playRace(t, "himmelblau", "gd"), 0)
	press(m, "=")
	command := press(m, "2")
	press(m, "enter")
	if !m.Prompt.Open {
		t.Fatal("kept before it was built")
	}
	settleFormula(t, m, command)
	if spec := m.runner.Race().Problem.String(); m.Prompt.Open || spec != "formula:J=(x^2+y-11)^2+(x+y^2-7)^22" {
		t.Errorf("the race is on %s, the line is open: %v", spec, m.Prompt.Open)
	}
	press(m, "U")
	if name := m.runner.Race().Problem.Name; name != "himmelblau" {
		t.Errorf("undone, it is %s", name)
	}

	// himmelblau's start, (0, 0), is kept unless J is flat there.
	for formula, kept := range map[string]bool{"x^2+3*y^4+x*y": false, "x^2+3*y^4+x*y+x": true} {
		press(m, "=", "ctrl+u")
		_, command := m.Update(tea.PasteMsg{Content: formula})
		settleFormula(t, m, command)
		if start := m.runner.Start(); (start[0] == 0 && start[1] == 0) != kept {
			t.Errorf("%s starts from %v", formula, start)
		}
		settleFormula(t, m, press(m, "esc"))
	}
}

// TestVisitorsOpenNoFile: whatever is typed, no file but the race's own is opened.
func TestVisitorsOpenNoFile(t *testing.T) {
	directory := t.TempDir()
	own, other := filepath.Join(directory, "own.csv"), filepath.Join(directory, "other.csv")
	for _, name := range []string{own, other} {
		if err := os.WriteFile(name, []byte("x,y,z\n1,2,3\n2,3,5\n4,4,4\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := New(Options{Race: playRace(t, "regression:file="+own+",y=y"), Keys: keymap.Default(), Background: "dark", Visitor: true, Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	m.catching.slice = time.Hour
	resize(m, 120, 36)
	for _, text := range []string{
		"problem regression:file=" + other, `problem regression:"file=` + other + `"`, "file " + other, "file=" + other, "file=-",
		"problem fit:model=a*x+b,file=" + other, "problem logistic:file=/etc/passwd", "add rule:file=" + other, "opt rule:file=" + other + ",eta=1",
		"problem regression:file=" + directory + "/../" + filepath.Base(directory) + "/other.csv", "problem regression:file=-",
	} {
		enterCommand(t, m, text)
		if _, note := typingRows(m); !m.Prompt.Open || !strings.Contains(note, "no file is opened from here") && !strings.Contains(note, "want its lines") {
			t.Errorf("%s: %q", text, note)
		}
		press(m, "esc")
	}
	for text, want := range map[string]string{
		"problem regression:n=20000": "n=20000 is too many examples here; want at most 10000",
		"problem fit:n=1e6":          "n=1e6 is too many examples here",
		"problem formula:J=sum(i,1,900,sin(x*i)*cos(y*i))+x^2+y^2":           "operations is too long here; want at most 3000",
		"add rule:step=theta<-theta-eta*sum(i,1,900,g^i*sin(i*theta)),eta=1": "operations is too long here",
	} {
		enterCommand(t, m, text)
		if _, note := typingRows(m); !m.Prompt.Open || !strings.Contains(note, want) {
			t.Errorf("%s: %q", text, note)
		}
		press(m, "esc")
	}
	enterCommand(t, m, "y z")
	if spec := m.runner.Race().Problem; spec.Value("y", "") != "z" {
		t.Errorf("another column of its own file: %s; %s", spec, m.Prompt.Fault)
	}

	// Another seed draws other batches of the data that are there: the file is not read.
	if err := os.Remove(own); err != nil {
		t.Fatal(err)
	}
	enterCommand(t, m, "seed 7")
	if r := m.runner.Race(); r.Seed != 7 || m.Prompt.Open {
		t.Errorf("the seed is %d; %s", r.Seed, m.Prompt.Fault)
	}
}

// TestSchedules: a value that is a function of t is shown as it is now, said when its lane
// is selected, and multiplied by its keys.
func TestSchedules(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "adam", "gd:eta=linear(0.06,0.02,40)"), 20)
	press(m, "j")
	if want := "GD selected; η is linear(0.06,0.02,40)"; !strings.HasPrefix(statusOf(m), want) {
		t.Errorf("the status line says %q, want %q", statusOf(m), want)
	}
	if text := textOf(m); !strings.Contains(text, "0.04 ") {
		t.Errorf("after 20 of 40 steps η is not 0.04:\n%s", text)
	}
	press(m, "e")
	if want := "gd:eta=0.8*(linear(0.06,0.02,40))"; m.Lane().Spec().String() != want {
		t.Errorf("e makes it %s, want %s", m.Lane().Spec(), want)
	}
	press(m, "E", "E", "w", "E")
	if want := "gd:eta=1.25*(linear(0.06,0.02,40)),eta@20=1.6*(linear(0.06,0.02,40))"; m.Lane().Spec().String() != want {
		t.Errorf("E leads to %s, want %s", m.Lane().Spec(), want)
	}
	sameRace(t, m.runner, afresh(t, m))
}
