package tui

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"gonum.org/v1/gonum/floats"

	"ravine/formula"
	"ravine/param"
	"ravine/problem"
	"ravine/tui/panel"
)

// preview shows a formula while it is typed: the race runs on it, over the user's scene.
type preview struct {
	open   bool
	before Scene // the user's
	paused bool
	kind   string       // formula or fit
	key    string       // of the formula in its spec
	others []param.Pair // what the spec has beside it
	number int          // of the latest text
	built  int          // the text that is shown
	busy   bool         // whether one is being built
	enter  bool         // whether it is to be kept once it is
}

// previewMsg is a problem that was built of what was typed.
type previewMsg struct {
	number  int
	spec    param.Spec
	problem problem.Problem
	err     error
}

// openFormula opens the line on the problem's formula.
func (m *Model) openFormula() tea.Cmd {
	m.keep()
	now := m.runner.Race().Problem
	kind := m.runner.Kind()
	last := m.prompt.preview
	p := preview{open: true, before: m.Scene(), paused: m.paused(), number: last.number + 1, built: last.number + 1, busy: last.busy, kind: "formula", key: problem.FormulaKey}
	text := kind.Typed
	for _, parameter := range kind.Parameters {
		if problem.IsFormula(parameter.Key) {
			p.kind, p.key = now.Name, parameter.Key
			text = now.Value(p.key, parameter.Default)
			for _, pair := range now.Pairs {
				if pair.Key != p.key {
					p.others = append(p.others, pair)
				}
			}
		}
	}
	if text == "" {
		formulaKind, err := problem.Find(p.kind)
		if err == nil {
			text = formulaKind.Parameters[0].Default
		}
	}
	m.prompt.preview = p
	m.Prompt = panel.Prompt{Open: true, Mark: panel.Pick(p.key == problem.FormulaKey, "J =", "f ="), FaultAt: -1,
		Note: "the surface follows; names are parameters, name=number behind a comma makes one a constant; enter keeps it, esc does not"}
	m.prompt.input.SetValue(text)
	m.prompt.input.CursorEnd()
	m.readPrompt()
	return nil
}

// typeFormula takes a key or a paste, and builds what is typed then.
func (m *Model) typeFormula(msg tea.Msg) tea.Cmd {
	if !m.edit(msg) {
		return nil
	}
	m.prompt.preview.number++
	m.prompt.preview.enter = false
	return m.build()
}

// typedSpec returns the problem that is typed. Constants that are not typed again stay.
func (m *Model) typedSpec() (param.Spec, error) {
	p := &m.prompt.preview
	text := strings.TrimSpace(m.prompt.input.Value())
	if text == "" {
		return param.Spec{}, errors.New("type a formula")
	}
	spec, err := param.Parse(p.kind + ":" + p.key + "=" + text)
	if err != nil {
		return spec, errors.New("want a formula, and name=number behind commas")
	}
	read, err := formula.Parse(spec.Pairs[0].Value)
	if err != nil {
		return spec, err
	}
	for _, pair := range p.others {
		kind, _ := problem.Find(p.kind)
		isName := !param.Has(kind.Parameters, pair.Key)
		if spec.Value(pair.Key, "") != "" || isName && !slices.Contains(read.Names(), formula.ASCII(pair.Key)) || pair.Key == "start" || pair.Key == "view" {
			continue
		}
		spec.Pairs = append(spec.Pairs, pair)
	}
	if err := m.mayOpen(spec); err != nil {
		return spec, err
	}
	return spec, problem.Check(spec)
}

// build begins to build what is typed, unless a build is under way: the latest text
// follows it.
func (m *Model) build() tea.Cmd {
	p := &m.prompt.preview
	spec, err := m.typedSpec()
	if err != nil {
		m.fault(err)
		return nil
	}
	if p.busy {
		return nil
	}
	p.busy = true
	number, seed, turns, ctx := p.number, m.runner.Race().Seed, m.catching.turns, m.ctx
	return func() tea.Msg {
		built, err := turns.build(ctx, func() (problem.Problem, error) { return problem.Build(spec, seed) })
		return previewMsg{number, spec, built, err}
	}
}

// build builds a problem when no other playground does, so that what visitors type takes
// one processor at most.
func (t *Turns) build(ctx context.Context, build func() (problem.Problem, error)) (problem.Problem, error) {
	t.building.Lock()
	defer t.building.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return build()
}

// takePreview shows a problem that was built of what is typed.
func (m *Model) takePreview(msg previewMsg) tea.Cmd {
	p := &m.prompt.preview
	p.busy = false
	if !p.open || msg.number != p.number {
		if p.open {
			return m.build()
		}
		return nil
	}
	start, window, names := m.runner.Start(), m.Window, m.runner.Problem().Names()
	if msg.err == nil {
		msg.err = m.mayTake(problem.Operations(msg.problem))
	}
	if msg.err == nil {
		msg.err = m.openOn(msg.spec, msg.problem)
	}
	if msg.err != nil {
		m.fault(msg.err)
		return nil
	}
	if slices.Equal(names, msg.problem.Names()) && slopes(msg.problem, start) { // the picture stays
		m.moveStart(start, 0)
		m.Window = window
	}
	p.built = p.number
	if p.enter {
		return tea.Batch(m.run(), m.recorded(m.keepPreview))
	}
	return m.run()
}

// slopes reports whether a loss is finite at a point, and not flat there.
func slopes(p problem.Problem, theta []float64) bool {
	const flat = 1e-6 // beside the problem's own start
	gradient, own := make([]float64, p.Dim()), make([]float64, p.Dim())
	loss := p.Evaluate(gradient, theta)
	p.Evaluate(own, p.Start())
	return param.Finite(loss) && floats.Norm(gradient, 2) > flat*floats.Norm(own, 2)
}

// dropPreview shows the user's scene again.
func (m *Model) dropPreview() tea.Cmd {
	p := &m.prompt.preview
	before := p.before
	p.open = false
	if err := m.become(before); err != nil {
		m.warn(err)
		return nil
	}
	m.say("the old formula is back")
	return m.runUnless(p.paused)
}

// keepPreview makes what is typed the user's own.
func (m *Model) keepPreview() tea.Cmd {
	p := &m.prompt.preview
	p.enter = p.built != p.number
	switch {
	case m.Prompt.Fault != "":
		return nil
	case p.enter: // not there yet
		return m.build()
	}
	p.open = false
	m.Prompt = panel.Prompt{}
	m.say("%s", m.runner.Race().Problem)
	return nil
}
