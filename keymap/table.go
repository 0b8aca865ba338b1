package keymap

import (
	"cmp"
	"slices"

	"ravine/optim"
)

// A section is one group of the help screen.
type section struct {
	title string
	rows  []row
}

// A row is one line of the help screen and of the README's table: an action,
// or a few that are best read together.
type row struct {
	help    string // as the README says it
	short   string // as the footer says it
	actions []definition
}

func (r row) has(a Action) bool {
	return slices.ContainsFunc(r.actions, func(d definition) bool { return d.action == a })
}

// A definition is an action as it is before any override.
type definition struct {
	action Action
	help   string
	keys   []string
	silent []string // keys that also do it, but are not shown
}

func does(action Action, help string, keys ...string) definition {
	return definition{action: action, help: help, keys: keys}
}

// silently adds keys that are easily hit by mistake, such as the = under the +.
func (d definition) silently(keys ...string) definition {
	d.silent = keys
	return d
}

// table is every key of ravine; help, footer and README are made from it.
var table = []section{
	{"Race", []row{
		{"run / pause", "run / pause", []definition{
			does(RunPause, "run / pause", "space")}},
		{"one step on · one step back", "step on · back", []definition{
			does(StepOn, "one step on", "n"),
			does(StepBack, "one step back", "p")}},
		{"ten steps on · back", "ten steps on · back", []definition{
			does(TenOn, "ten steps on", "N"),
			does(TenBack, "ten steps back", "P")}},
		{"to the start · to the furthest step reached", "start · furthest step", []definition{
			does(ToStart, "to the start", "<"),
			does(ToFurthest, "to the furthest step", ">")}},
		{"scrub back · on, faster while it is held", "scrub back · on", []definition{
			does(ScrubBack, "scrub back", "ctrl+left"),
			does(ScrubOn, "scrub on", "ctrl+right")}},
		{"faster · slower (steps a second: 1 2 5 10 … up to as fast as it goes)", "faster · slower", []definition{
			does(Faster, "faster", "+"),
			does(Slower, "slower", "-").silently("_")}},
		{"restart · restart from a new random start", "restart · random start", []definition{
			does(Restart, "restart", "r"),
			does(RestartRandom, "restart from a new random start", "R")}},
		{"race by equal updates / by equal examples, where there are data", "by updates / examples", []definition{
			does(Pace, "by updates / examples", "X")}},
	}},
	{"Lanes", []row{
		{"select the next · previous lane", "next · previous lane", []definition{
			does(NextLane, "next lane", "j", "down"),
			does(PreviousLane, "previous lane", "k", "up")}},
		{"lane on / off", "lane on / off", []definition{
			does(ToggleLane, "lane on / off", "x")}},
		{"duplicate the lane · remove it", "duplicate · remove", []definition{
			does(DuplicateLane, "duplicate the lane", "d"),
			does(RemoveLane, "remove the lane", "D")}},
		{"the lane's rule: previous · next", "rule previous · next", []definition{
			does(PreviousRule, "previous rule", "{"),
			does(NextRule, "next rule", "}")}},
	}},
	{"Tuning", append(tuningRows(), []row{
		{"type the value tuned last, as a digit from 1 does too; tab or a tuning key chooses another, enter sets it, esc does not", "type a value", []definition{
			does(TypeValue, "type a value", ".").silently("1", "2", "3", "4", "5", "6", "7", "8", "9")}},
		{"tuning keys act on the selected lane / on all lanes", "tune one / all lanes", []definition{
			does(TuneAll, "tune one / all lanes", "a")}},
		{"what-if: tuning replays the lane from the start / holds from the step shown", "what-if on / off", []definition{
			does(WhatIf, "what-if on / off", "w")}},
		{"the theory's best values for the selected lane, where there is a theory", "theory's best", []definition{
			does(Theory, "theory's best", "o")}},
		{"every lane at its best: tune all with one budget; again for the values set by hand", "all at their best", []definition{
			does(TuneRace, "all at their best", "T")}},
		{"sweep: the loss over a hyperparameter's whole range, or over two (again for the next) · how many steps it and tuning compare: 100 / 300 / 1000 / the race's own", "sweep · its steps", []definition{
			does(Sweep, "sweep", "s"),
			does(TrialSteps, "steps of a trial", "S")}},
		{"in the sweep: to the best (a click: to where it is) · keep the value · put the old one back", "best · keep · put back", []definition{
			does(Best, "to the best", "*"),
			does(Keep, "keep the value", "enter"),
			does(Cancel, "put back, or close", "esc")}},
		{"hints on / off", "hints on / off", []definition{
			does(Hints, "hints on / off", "h")}},
	}...)},
	{"Problem", []row{
		{"previous · next problem", "previous · next problem", []definition{
			does(PreviousProblem, "previous problem", "["),
			does(NextProblem, "next problem", "]")}},
		{"the ravine's κ (or the problem's main parameter) down · up", "κ or the like down · up", []definition{
			does(MainDown, "κ (or the main parameter) down", "c"),
			does(MainUp, "κ (or the main parameter) up", "C")}},
		{"move the start point; a click on the surface sets it", "move the start", []definition{
			does(StartLeft, "start to the left", "shift+left"),
			does(StartRight, "start to the right", "shift+right"),
			does(StartUp, "start up", "shift+up"),
			does(StartDown, "start down", "shift+down")}},
		{"convention: slides / papers", "slides / papers", []definition{
			does(Convention, "convention: slides / papers", "u")}},
	}},
	{"View", []row{
		{"next · previous view", "next · previous view", []definition{
			does(NextView, "next view", "tab"),
			does(PreviousView, "previous view", "shift+tab")}},
		{"zoom in · out on the surface · fit", "zoom in · out · fit", []definition{
			does(ZoomIn, "zoom in", "z"),
			does(ZoomOut, "zoom out", "Z"),
			does(Fit, "fit the surface to the race", "0")}},
		{"the surface's axes, where there are more than two parameters: those in which the lane is still off, then the next pair", "next pair of axes", []definition{
			does(NextAxis, "next pair of axes", "A")}},
		{"the selected lane's next step on the surface: gradient, velocity, look-ahead; again: Momentum and NAG side by side", "the next step, drawn", []definition{
			does(NextStep, "the next step, drawn", "l")}},
		{"inspector: the selected lane's rule with its numbers, step by step", "inspector", []definition{
			does(Inspector, "inspector", "i")}},
		{"curves over updates / epochs / examples seen, then the three on a log axis (in the sweep: loss / steps to the tolerance)", "updates / epochs / …", []definition{
			does(Epochs, "curves over updates / epochs", "t")}},
	}},
	{"Program", []row{
		{"type a command: eta 0.03, problem rosenbrock, goto 100, or the name of what a key does", "type a command", []definition{
			does(Prompt, "type a command", ":")}},
		{"type a formula of your own: the surface and the race follow while you do", "type a formula", []definition{
			does(Formula, "type a formula", "=")}},
		{"undo · redo: every change of the race and of the view", "undo · redo", []definition{
			does(Undo, "undo", "U").silently("ctrl+_"),
			does(Redo, "redo", "ctrl+r")}},
		{"copy the command line that reproduces what is on screen", "copy the command", []definition{
			does(Copy, "copy the command line", "y")}},
		{"where someone presents: let go and play on / follow again", "let go / follow", []definition{
			does(Follow, "let go / follow", "f")}},
		{"all keys", "all keys", []definition{
			does(Help, "all keys", "?")}},
		{"quit", "quit", []definition{
			does(Quit, "quit", "q", alwaysQuits)}},
		{"suspend (fg in the shell brings it back)", "suspend", []definition{
			does(Suspend, "suspend", "ctrl+z")}},
	}},
}

// tuningRows are the keys that step the hyperparameters.
func tuningRows() []row {
	var rows []row
	for _, h := range optim.Tunable() {
		rows = append(rows, row{h.Name() + " down · up", cmp.Or(h.Symbol, h.Key) + " down · up", []definition{
			does(Down(h.Key), h.Name()+" down", h.Down),
			does(Up(h.Key), h.Name()+" up", h.Up)}})
	}
	return rows
}

// Actions returns every action, in the order of the table.
func Actions() (all []Action) {
	for _, definition := range definitions {
		all = append(all, definition.action)
	}
	return all
}

// definitions is the actions of table, in its order.
var definitions = list(table)

func list(sections []section) (all []definition) {
	for _, section := range sections {
		for _, row := range section.rows {
			all = append(all, row.actions...)
		}
	}
	return all
}
