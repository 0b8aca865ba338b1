package tui

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
)

// command is what can be typed beside hyperparameters, parameters of the problem and
// the names of actions.
type command struct {
	word  string
	do    func(m *Model, value string) (tea.Cmd, error)
	words func() []string // that its value can be or begin with; nil for none
}

// commands are those, in the order of what is completed first.
func commands() []command {
	return []command{
		{"problem", (*Model).commandProblem, problemNames},
		{"opt", (*Model).commandOpt, ruleNames},
		{"add", (*Model).commandAdd, ruleNames},
		{"goto", (*Model).commandGoto, nil},
		{"start", (*Model).commandStart, func() []string { return []string{"random"} }},
		{"steps", (*Model).commandSteps, func() []string { return []string{"none"} }},
		{"seed", (*Model).commandSeed, nil},
		{"tol", (*Model).commandTol, nil},
		{"rules", (*Model).commandRules, func() []string { return []string{optim.Slides.String(), optim.Papers.String()} }},
	}
}

func commandOf(word string) (command, bool) {
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return c.word == word }); i >= 0 {
		return all[i], true
	}
	return command{}, false
}

func problemNames() (names []string) {
	for _, kind := range problem.Kinds() {
		names = append(names, kind.Name)
	}
	return names
}

func ruleNames() (names []string) {
	for _, optimizer := range optim.All() {
		names = append(names, optimizer.Name)
	}
	return append(names, optim.TypedName+":")
}

// commandWords returns all with which a command can begin.
func (m *Model) commandWords() []string {
	words := param.Keys(m.Lane().Parameters())
	for _, c := range commands() {
		words = append(words, c.word)
	}
	for _, p := range m.runner.Kind().Parameters {
		if problem.Applies(m.runner.Race().Problem, p.Key) && !slices.Contains(words, p.Key) {
			words = append(words, p.Key)
		}
	}
	for _, action := range keymap.Actions() {
		if !slices.Contains(words, string(action)) {
			words = append(words, string(action))
		}
	}
	return words
}

// do does what a command says: a hyperparameter with a value, a word of commands, a
// parameter of the problem, a step, or an action by its name or part of it.
func (m *Model) do(text string) (tea.Cmd, error) {
	word, value := text, ""
	if i := strings.IndexAny(text, " ="); i >= 0 {
		word, value = text[:i], strings.TrimSpace(strings.TrimLeft(text[i:], " ="))
	}
	if key := optim.TypedKey(word); param.Has(m.Lane().Parameters(), key) {
		return m.commandValue(key, value)
	}
	if c, ok := commandOf(word); ok {
		if value == "" {
			return nil, fmt.Errorf("%s wants a value", word)
		}
		return c.do(m, value)
	}
	if param.Has(m.runner.Kind().Parameters, word) {
		if value == "" {
			return nil, fmt.Errorf("%s wants a value", word)
		}
		return m.commandProblemKey(word, value)
	}
	if _, err := param.Whole(text); err == nil {
		return m.commandGoto(text)
	}
	return m.commandAction(text)
}

// commandAction does what a key would.
func (m *Model) commandAction(text string) (tea.Cmd, error) {
	name := strings.ReplaceAll(text, " ", "-")
	var names []string
	for _, action := range keymap.Actions() {
		names = append(names, string(action))
	}
	if !slices.Contains(names, name) {
		found := matching(name, names)
		if len(found) == 0 {
			return nil, fmt.Errorf("unknown command %q%s", param.Printable(text), param.DidYouMean(name, m.commandWords()))
		}
		if len(found) > 1 && !strings.HasPrefix(found[0], name) || len(found) > 1 && strings.HasPrefix(found[1], name) {
			return nil, fmt.Errorf("%q could be %s", param.Printable(text), strings.Join(found[:min(len(found), 5)], ", "))
		}
		name = found[0]
	}
	return m.handlers[keymap.Action(name)](m, tea.KeyPressMsg{}), nil
}

// commandValue gives the selected lane's hyperparameter a number, or a function of t.
func (m *Model) commandValue(key, value string) (tea.Cmd, error) {
	if value == "" {
		return nil, fmt.Errorf("%s wants a value", panel.SymbolOf(key))
	}
	parameter, _ := param.Find(m.Lane().Parameters(), key)
	read, err := race.ReadSetting(parameter, value)
	if err != nil {
		return nil, err
	}
	if read.Course == "" {
		m.tune(key, change{value: func(param.Parameter, float64, *race.Lane) float64 { return read.Value }, did: "set to " + value})
		return unflash(), nil
	}
	return nil, m.setCourse(m.Selected, key, read.Course)
}

// readLane reads a lane as --opt does.
func (m *Model) readLane(value string) (race.LaneSpec, error) {
	spec, err := param.Parse(value)
	if err != nil {
		return race.LaneSpec{}, err
	}
	lane, err := race.ReadLane(spec, m.runner.Race().Rules)
	if err != nil {
		return lane, err
	}
	rule, err := lane.Optimizer()
	if err != nil {
		return lane, err
	}
	return lane, m.mayTake(rule.Operations())
}

func (m *Model) commandOpt(value string) (tea.Cmd, error) {
	lane, err := m.readLane(value)
	if err != nil {
		return nil, err
	}
	variant := m.FreeVariant(lane.Rule)
	if err := m.runner.SetLane(m.Selected, lane); err != nil {
		return nil, err
	}
	m.Lanes[m.Selected].Variant = variant
	m.runner.KeepEtas()
	m.say("%s in this lane", m.Lane().Spec())
	return nil, nil
}

func (m *Model) commandAdd(value string) (tea.Cmd, error) {
	lane, err := m.readLane(value)
	if err != nil {
		return nil, err
	}
	if len(m.Lanes) >= mostLanes {
		return nil, fmt.Errorf("%d lanes are the most", mostLanes)
	}
	variant := m.FreeVariant(lane.Rule)
	if err := m.runner.InsertLane(m.Selected+1, lane); err != nil {
		return nil, err
	}
	m.Lanes = slices.Insert(m.Lanes, m.Selected+1, panel.LaneView{Variant: variant})
	m.Selected++
	m.runner.KeepEtas()
	m.say("%s added", m.Lane().Spec())
	return nil, nil
}

func (m *Model) commandProblem(value string) (tea.Cmd, error) {
	spec, err := param.Parse(value)
	if err != nil {
		return nil, err
	}
	built, err := m.buildTyped(spec)
	if err != nil {
		return nil, err
	}
	return m.raceOn(spec, built)
}

func (m *Model) commandProblemKey(key, value string) (tea.Cmd, error) {
	spec := m.runner.Race().Problem.With(key, value)
	built, err := m.buildTyped(spec)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(built.Names(), m.runner.Problem().Names()) {
		return m.raceOn(spec, built)
	}
	s := m.Scene()
	s.Race.Problem, s.problem = spec, built
	if err := m.assign(s); err != nil {
		return nil, err
	}
	m.say("%s=%s, replayed from the start", key, value)
	return nil, nil
}

// What a visitor may type: others are served beside.
const (
	mostTypedExamples   = 10_000
	mostTypedOperations = 3000
)

// mayOpen returns an error where a problem names a file that a visitor must not open, or
// is too large for one.
func (m *Model) mayOpen(spec param.Spec) error {
	file := spec.Value("file", "")
	n, err := strconv.ParseFloat(spec.Value("n", "0"), 64)
	switch {
	case !m.visitor:
	case file != "" && file != m.file:
		return errors.New("no file is opened from here")
	case err == nil && n > mostTypedExamples:
		return fmt.Errorf("n=%s is too many examples here; want at most %d", spec.Value("n", ""), mostTypedExamples)
	}
	return nil
}

// mayTake returns an error where a formula takes too long for a visitor.
func (m *Model) mayTake(operations int) error {
	if m.visitor && operations > mostTypedOperations {
		return fmt.Errorf("a formula of %d operations is too long here; want at most %d", operations, mostTypedOperations)
	}
	return nil
}

// buildTyped builds a problem that is typed, if that may be.
func (m *Model) buildTyped(spec param.Spec) (problem.Problem, error) {
	if err := m.mayOpen(spec); err != nil {
		return nil, err
	}
	if err := problem.Check(spec); err != nil {
		return nil, err
	}
	built, err := problem.Build(spec, m.runner.Race().Seed)
	if err != nil {
		return nil, err
	}
	return built, m.mayTake(problem.Operations(built))
}

// raceOn goes to a problem that is built, with the rules that race here, each with an η that suits it
// there.
func (m *Model) raceOn(spec param.Spec, built problem.Problem) (tea.Cmd, error) {
	paused := m.paused()
	m.keep()
	if err := m.openOn(spec, built); err != nil {
		return nil, err
	}
	m.say("%s", panel.Pick(problem.Note(built) != "", problem.Note(built), spec.Name+": "+m.runner.Kind().Summary))
	return m.runUnless(paused), nil
}

// openOn races the rules of the present race on a problem that is built, from its start.
func (m *Model) openOn(spec param.Spec, built problem.Problem) error {
	from := m.runner.Race()
	to := from
	to.Problem, to.Start, to.RandomStart = spec, nil, false
	to.Lanes = lanesFor(from, spec.Name)
	runner, err := newRunner(Options{Race: to, Problem: built})
	if err != nil {
		return err
	}
	m.open(runner)
	if !slices.Equal(rulesOf(to.Lanes), rulesOf(from.Lanes)) {
		m.Lanes = openingLanes(runner)
		m.Selected = min(m.Selected, len(m.Lanes)-1)
	}
	return nil
}

// changeRace races as changed says, from the start.
func (m *Model) changeRace(changed func(*race.Race) error, said string) (tea.Cmd, error) {
	r := m.runner.Race()
	if err := changed(&r); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	paused := m.paused()
	if !m.raceAs(r, 0) {
		return nil, nil
	}
	m.Furthest = 0
	m.say("%s, from the start", said)
	return m.runUnless(paused), nil
}

func (m *Model) commandStart(value string) (tea.Cmd, error) {
	return m.changeRace(func(r *race.Race) error { return r.SetStart(value) }, "start "+value)
}

func (m *Model) commandSeed(value string) (tea.Cmd, error) {
	return m.changeRace(func(r *race.Race) (err error) {
		if r.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return fmt.Errorf("seed=%s: want a whole number from 0 to 18446744073709551615", value)
		}
		return nil
	}, "seed "+value)
}

func (m *Model) commandTol(value string) (tea.Cmd, error) {
	return m.changeRace(func(r *race.Race) (err error) {
		if r.Tol, err = strconv.ParseFloat(value, 64); err != nil {
			return fmt.Errorf("tol=%s: want a number", value)
		}
		return nil
	}, "tolerance "+value)
}

func (m *Model) commandRules(value string) (tea.Cmd, error) {
	return m.changeRace(func(r *race.Race) (err error) {
		r.Rules, err = optim.ParseConvention(value)
		return err
	}, "the rules as in the "+value)
}

func (m *Model) commandSteps(value string) (tea.Cmd, error) {
	steps, err := param.Whole(value)
	if value == "none" {
		steps, err = 0, nil
	}
	if err != nil || steps < 0 {
		return nil, fmt.Errorf("steps=%s: want a whole number, or none", value)
	}
	m.runner.SetSteps(steps)
	m.say("%s", panel.Pick(steps == 0, "no limit of steps", "at most "+param.Plural(steps, "step")))
	return nil, nil
}

func (m *Model) commandGoto(value string) (tea.Cmd, error) {
	step, err := param.Whole(value)
	if err != nil || step < 0 || step > m.lastStep() {
		return nil, fmt.Errorf("goto %s: want a step from 0 to %d", value, m.lastStep())
	}
	m.stepTo(step)
	return nil, nil
}
