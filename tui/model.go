// Package tui is the playground: one Bubble Tea model whose panels draw into one
// grid of cells.
package tui

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/keymap"
	"ravine/optim"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
	"ravine/tui/screen"
	"ravine/tui/theme"
)

// FrameRate is the number of pictures a second while the race moves.
const FrameRate = 30

const openingSpeed = 4

// frameBudget is how long the race may be stepped for one picture.
const frameBudget = 12 * time.Millisecond

// flashTime is how long a changed value stays marked.
const flashTime = 700 * time.Millisecond

// Options say how the playground opens.
type Options struct {
	Race race.Race
	At   int  // go to this step first, and wait there
	Wait bool // wait at step 0 too
	// View says how the race is looked at, as the flag --view has it: NAME:key=value,….
	View string
	Keys keymap.Map
	// Background is "dark" or "light"; empty to ask the terminal, and to take
	// it for dark until it answers.
	Background string
	// MostSteps is where a race that has no limit of its own waits, since the way
	// back is a replay; 0 for ten million.
	MostSteps int
	// Visitor keeps what is typed from opening a file, but for the one of the race, and
	// from taking long.
	Visitor bool
	// Turns are shared with other playgrounds; nil for one that is alone.
	Turns *Turns
	// Grids are shared with them too: *screen.Grid to draw on; nil likewise.
	Grids *sync.Pool
	// Context ends what is computed beside the keys; nil for never.
	Context context.Context
	// Problem is the race's, if it is built already.
	Problem problem.Problem
	// Program is how a command line that is copied begins; nil for "ravine".
	Program []string
}

// MostSteps is where a race waits in a playground that has the machine to itself:
// a replay of ten lanes takes seconds.
const MostSteps = 10_000_000

// Model is the playground. It implements tea.Model; its methods are called by
// one goroutine.
type Model struct {
	panel.State
	runner  *race.Runner // state.Race
	panels  panel.Panels
	sweep   sweep
	tuned   tuneRace
	overlay *overlay // over the user's scene; nil where that is shown
	prompt  prompt
	visitor bool
	file    string // the race's, which may be opened again

	profile colorprofile.Profile
	dark    bool
	asks    bool // whether the terminal is asked for its background

	scrub     scrub
	catching  catchingUp
	dragging  bool   // on the timeline
	lastTuned string // hyperparameter

	stepTime  time.Duration // how long the race may be stepped for one picture
	mostSteps int
	ctx       context.Context // of what is computed beside the keys
	program   []string        // how a command line that is copied begins

	handlers map[keymap.Action]handler
	past     undoStacks // what was done before

	clock int             // id of the ticks that count; older ones are stale
	due   float64         // steps owed to the pace, less than one
	home  map[string]left // by problem

	grid  *screen.Grid
	grids *sync.Pool // where it comes from and goes to, if it is not the model's own
	frame string
	dirty bool
}

// New opens the playground on a race. The error is that of race.New.
func New(options Options) (*Model, error) {
	m := &Model{
		profile: colorprofile.TrueColor,
		dark:    options.Background != "light",
		asks:    options.Background == "",
		grid:    screen.New(0, 0),
		grids:   options.Grids,
		home:    map[string]left{},

		stepTime:  frameBudget,
		mostSteps: max(cmp.Or(options.MostSteps, MostSteps), options.Race.Steps, options.At),
		ctx:       options.Context,
		program:   options.Program,
		handlers:  handlers(),
		catching:  catchingUp{turns: options.Turns, slice: replaySlice, cores: 1},
	}
	if m.catching.turns == nil {
		m.catching.turns, m.catching.cores = &Turns{}, runtime.GOMAXPROCS(0)
	}
	if m.ctx == nil {
		m.ctx = context.Background()
	}
	if len(m.program) == 0 {
		m.program = []string{"ravine"}
	}
	m.Keys, m.Sweep = options.Keys, &m.sweep.Swept
	m.prompt, m.visitor, m.file = newPrompt(), options.Visitor, options.Race.Problem.Value("file", "")
	m.Theme = theme.New(m.profile, m.dark)
	m.Speed = openingSpeed
	m.WhatIf, m.Hints = true, true
	m.TrialSteps = openingTrialOf(options.Race)
	runner, err := newRunner(options)
	if err != nil {
		return nil, err
	}
	m.open(runner)
	m.Over = overOpening(runner)
	if options.At > 0 {
		m.runner.Aim(min(options.At, m.lastStep()))
		m.reach()
	}
	if options.View != "" {
		if err := m.setView(options.View); err != nil {
			return nil, fmt.Errorf("--view: %w", err)
		}
	}
	m.Running = options.At == 0 && !options.Wait
	m.greet()
	return m, nil
}

func newRunner(options Options) (*race.Runner, error) {
	if options.Problem != nil {
		return race.NewOn(options.Problem, options.Race)
	}
	return race.New(options.Race)
}

// greet says how to go on from the opening scene, or how its data were read.
func (m *Model) greet() {
	if note := problem.Note(m.runner.Problem()); note != "" {
		m.say("%s", note)
		return
	}
	m.say("%s raises a lane's η, %s lowers it; %s shows all keys", m.KeyOf(keymap.Up(optim.Eta)), m.KeyOf(keymap.Down(optim.Eta)), m.KeyOf(keymap.Help))
}

// open shows a race from its start. Every lane keeps the η with which it opens.
func (m *Model) open(runner *race.Runner) {
	m.setRunner(runner)
	m.Furthest = 0
	runner.KeepEtas()
	if len(m.Lanes) != len(runner.Lanes()) {
		m.Lanes = openingLanes(runner)
	}
	m.Selected = min(m.Selected, len(m.Lanes)-1)
	m.Axes, m.Detour = [2]int{0, 1}, [2]int{}
	m.Window = m.openingWindow()
}

// setRunner puts a race in the place of the one shown.
func (m *Model) setRunner(runner *race.Runner) { m.runner, m.Race = runner, runner }

// openingLanes is how lanes look at first.
func openingLanes(runner *race.Runner) []panel.LaneView {
	lanes := make([]panel.LaneView, len(runner.Lanes()))
	seen := map[string]int{}
	for i, lane := range runner.Lanes() {
		lanes[i].Variant = seen[lane.Spec().Rule]
		seen[lane.Spec().Rule]++
	}
	return lanes
}

// Init asks the terminal what it can do and starts the race.
func (m *Model) Init() tea.Cmd {
	if !m.asks {
		return m.start()
	}
	return tea.Batch(tea.RequestBackgroundColor, m.start())
}

// start lets the race run, if it is to.
func (m *Model) start() tea.Cmd {
	m.clock++
	if !m.Running {
		return nil
	}
	return m.tick()
}

type tickMsg struct{ clock int }

// wakeMsg asks for one more frame, when a flash ends or a hint has its turn.
type wakeMsg struct{}

// wakeForHint asks for the frame in which a hint takes the place of the status.
// A race that runs has one anyway.
func (m *Model) wakeForHint() tea.Cmd {
	if m.Running || m.Status.Last || m.Hint() == "" {
		return nil
	}
	return tea.Tick(panel.StatusTime, func(time.Time) tea.Msg { return wakeMsg{} })
}

func (m *Model) tick() tea.Cmd {
	clock := m.clock
	return tea.Tick(time.Second/FrameRate, func(time.Time) tea.Msg { return tickMsg{clock} })
}

// Update takes one message, and then lanes that are behind catch up.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	command := m.take(msg)
	_, turn := msg.(turnMsg)
	return m, tea.Batch(command, m.catchUp(turn))
}

func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.Width, m.Height = max(0, msg.Width), max(0, msg.Height)
		m.dirty = true
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.retheme()
	case tea.BackgroundColorMsg:
		if m.asks {
			m.dark = msg.IsDark()
			m.retheme()
		}
	case tickMsg:
		if msg.clock == m.clock && m.Running {
			return m.advance()
		}
	case wakeMsg:
		m.dirty = true
	case sweepMsg:
		m.dirty = true
		return m.sweep.take(msg)
	case bestMsg:
		m.dirty = true
		m.sweep.settle(msg)
	case tea.MouseReleaseMsg:
		m.dragging = false
	case previewMsg:
		m.dirty = true
		return m.takePreview(msg)
	case tea.PasteMsg:
		if m.Prompt.Open {
			return m.recorded(func() tea.Cmd { return m.takeInput(msg) })
		}
	case tuneMsg, tea.KeyPressMsg, tea.MouseClickMsg, tea.MouseMotionMsg, tea.MouseWheelMsg:
		return m.recorded(func() tea.Cmd { return m.takeInput(msg) })
	}
	return nil
}

// takeInput takes a message that may change what undo brings back.
func (m *Model) takeInput(msg tea.Msg) tea.Cmd {
	if motion, ok := msg.(tea.MouseMotionMsg); ok {
		m.dirty = m.dirty || m.dragging
		m.drag(motion)
		return nil
	}
	m.dirty = true
	switch msg := msg.(type) {
	case tuneMsg:
		return m.takeTuning(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.KeyPressMsg:
		m.Card = false
		command := m.press(msg)
		return tea.Batch(command, m.renewSweep(), m.wakeForHint())
	case tea.MouseClickMsg:
		m.Card = false
		command := m.click(msg)
		return tea.Batch(command, m.renewSweep())
	case tea.MouseWheelMsg:
		m.Card = false
		m.wheel(msg)
	}
	return nil
}

func (m *Model) retheme() {
	m.Theme = theme.New(m.profile, m.dark)
	m.dirty = true
}

// say shows what was done.
func (m *Model) say(format string, values ...any) {
	m.Status = panel.Status{Text: fmt.Sprintf(format, values...), At: time.Now()}
}

// warn shows what could not be done.
func (m *Model) warn(err error) {
	m.Status = panel.Status{Text: err.Error(), Bad: true, At: time.Now()}
}

// picture draws on a grid that is nobody else's for so long.
func (m *Model) picture() {
	if m.grids != nil {
		m.grid = m.grids.Get().(*screen.Grid)
	}
	m.Now = time.Now()
	m.grid.Resize(m.Width, m.Height)
	m.panels.Draw(m.grid, &m.State)
	m.frame = m.grid.String()
	if m.grids != nil {
		m.grids.Put(m.grid)
		m.grid, m.panels.Curves.Drawing.Grid = nil, nil
	}
}

// View returns the picture; it is drawn anew only when something has changed.
func (m *Model) View() tea.View {
	if m.dirty {
		m.picture()
		m.dirty = false
	}
	view := tea.NewView(m.frame)
	view.AltScreen = true
	view.MouseMode = tea.MouseModeCellMotion
	view.WindowTitle = "ravine"
	return view
}

// Screen returns the cells of the last picture of a playground with a grid of its own.
func (m *Model) Screen() *screen.Grid { return m.grid }

// Runner returns the race on screen, for tests and for whoever serves the model.
func (m *Model) Runner() *race.Runner { return m.runner }
