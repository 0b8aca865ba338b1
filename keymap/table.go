package keymap

import "slices"

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
	id     string // in the overrides file
	help   string
	keys   []string
	silent []string // keys that also do it, but are not shown
}

func does(action Action, id, help string, keys ...string) definition {
	return definition{action: action, id: id, help: help, keys: keys}
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
			does(RunPause, "run-pause", "run / pause", "space")}},
		{"one step on · one step back", "step on · back", []definition{
			does(StepOn, "step-on", "one step on", "n"),
			does(StepBack, "step-back", "one step back", "p")}},
		{"ten steps on · back", "ten steps on · back", []definition{
			does(TenOn, "ten-on", "ten steps on", "N"),
			does(TenBack, "ten-back", "ten steps back", "P")}},
		{"to the start · to the furthest step reached", "start · furthest step", []definition{
			does(ToStart, "to-start", "to the start", "<"),
			does(ToFurthest, "to-furthest", "to the furthest step", ">")}},
		{"scrub back · on, faster while it is held", "scrub back · on", []definition{
			does(ScrubBack, "scrub-back", "scrub back", "ctrl+left"),
			does(ScrubOn, "scrub-on", "scrub on", "ctrl+right")}},
		{"faster · slower (steps a second: 1 2 5 10 … up to as fast as it goes)", "faster · slower", []definition{
			does(Faster, "faster", "faster", "+").silently("="),
			does(Slower, "slower", "slower", "-").silently("_")}},
		{"restart · restart from a new random start", "restart · random start", []definition{
			does(Restart, "restart", "restart", "r"),
			does(RestartRandom, "restart-random", "restart from a new random start", "R")}},
		{"race by equal updates / by equal examples, where there are data", "by updates / examples", []definition{
			does(Pace, "pace", "by updates / examples", "X")}},
	}},
	{"Lanes", []row{
		{"select the next · previous lane", "next · previous lane", []definition{
			does(NextLane, "next-lane", "next lane", "j", "down"),
			does(PreviousLane, "previous-lane", "previous lane", "k", "up")}},
		{"lane on / off", "lane on / off", []definition{
			does(ToggleLane, "toggle-lane", "lane on / off", "x")}},
		{"duplicate the lane · remove it", "duplicate · remove", []definition{
			does(DuplicateLane, "duplicate-lane", "duplicate the lane", "d"),
			does(RemoveLane, "remove-lane", "remove the lane", "D")}},
		{"the lane's rule: previous · next", "rule previous · next", []definition{
			does(PreviousRule, "previous-rule", "previous rule", "{"),
			does(NextRule, "next-rule", "next rule", "}")}},
	}},
	{"Tuning", []row{
		{"η down · up", "η down · up", []definition{
			does(EtaDown, "eta-down", "η down", "e"),
			does(EtaUp, "eta-up", "η up", "E")}},
		{"γ down · up", "γ down · up", []definition{
			does(GammaDown, "gamma-down", "γ down", "g"),
			does(GammaUp, "gamma-up", "γ up", "G")}},
		{"β₁ down · up", "β₁ down · up", []definition{
			does(Beta1Down, "beta1-down", "β₁ down", "b"),
			does(Beta1Up, "beta1-up", "β₁ up", "B")}},
		{"β₂ down · up", "β₂ down · up", []definition{
			does(Beta2Down, "beta2-down", "β₂ down", "v"),
			does(Beta2Up, "beta2-up", "β₂ up", "V")}},
		{"batch size down · up", "batch down · up", []definition{
			does(BatchDown, "batch-down", "batch size down", "m"),
			does(BatchUp, "batch-up", "batch size up", "M")}},
		{"type the value tuned last, as a digit from 1 does too; tab or a tuning key chooses another, enter sets it, esc does not", "type a value", []definition{
			does(TypeValue, "type-value", "type a value", ".").silently("1", "2", "3", "4", "5", "6", "7", "8", "9")}},
		{"tuning keys act on the selected lane / on all lanes", "tune one / all lanes", []definition{
			does(TuneAll, "tune-all", "tune one / all lanes", "a")}},
		{"what-if: tuning replays the lane from the start / holds from the step shown", "what-if on / off", []definition{
			does(WhatIf, "what-if", "what-if on / off", "w")}},
		{"the theory's best values for the selected lane, where there is a theory", "theory's best", []definition{
			does(Theory, "theory", "theory's best", "o")}},
		{"every lane at its best: tune all with one budget; again for the values set by hand", "all at their best", []definition{
			does(TuneRace, "tune-race", "all at their best", "T")}},
		{"sweep: the loss over a hyperparameter's whole range, or over two (again for the next) · how many steps it and tuning compare: 100 / 300 / 1000 / the race's own", "sweep · its steps", []definition{
			does(Sweep, "sweep", "sweep", "s"),
			does(TrialSteps, "trial-steps", "steps of a trial", "S")}},
		{"in the sweep: to the best (a click: to where it is) · keep the value · put the old one back", "best · keep · put back", []definition{
			does(Best, "best", "to the best", "*"),
			does(Keep, "keep", "keep the value", "enter"),
			does(Cancel, "cancel", "put back, or close", "esc")}},
		{"hints on / off", "hints on / off", []definition{
			does(Hints, "hints", "hints on / off", "h")}},
	}},
	{"Problem", []row{
		{"previous · next problem", "previous · next problem", []definition{
			does(PreviousProblem, "previous-problem", "previous problem", "["),
			does(NextProblem, "next-problem", "next problem", "]")}},
		{"the ravine's κ (or the problem's main parameter) down · up", "κ or the like down · up", []definition{
			does(MainDown, "main-down", "κ (or the main parameter) down", "c"),
			does(MainUp, "main-up", "κ (or the main parameter) up", "C")}},
		{"move the start point; a click on the surface sets it", "move the start", []definition{
			does(StartLeft, "start-left", "start to the left", "shift+left"),
			does(StartRight, "start-right", "start to the right", "shift+right"),
			does(StartUp, "start-up", "start up", "shift+up"),
			does(StartDown, "start-down", "start down", "shift+down")}},
		{"convention: slides / papers", "slides / papers", []definition{
			does(Convention, "convention", "convention: slides / papers", "u")}},
	}},
	{"View", []row{
		{"next · previous view", "next · previous view", []definition{
			does(NextView, "next-view", "next view", "tab"),
			does(PreviousView, "previous-view", "previous view", "shift+tab")}},
		{"zoom in · out on the surface · fit", "zoom in · out · fit", []definition{
			does(ZoomIn, "zoom-in", "zoom in", "z"),
			does(ZoomOut, "zoom-out", "zoom out", "Z"),
			does(Fit, "fit", "fit the surface to the race", "0")}},
		{"the surface's axes, where there are more than two parameters: those in which the lane is still off, then the next pair", "next pair of axes", []definition{
			does(NextAxis, "next-axis", "next pair of axes", "A")}},
		{"the selected lane's next step on the surface: gradient, velocity, look-ahead; again: Momentum and NAG side by side", "the next step, drawn", []definition{
			does(NextStep, "next-step", "the next step, drawn", "l")}},
		{"inspector: the selected lane's rule with its numbers, step by step", "inspector", []definition{
			does(Inspector, "inspector", "inspector", "i")}},
		{"curves over updates / epochs / examples seen, then the three on a log axis (in the sweep: loss / steps to the tolerance)", "updates / epochs / …", []definition{
			does(Epochs, "epochs", "curves over updates / epochs", "t")}},
	}},
	{"Program", []row{
		{"undo · redo: every change of the race and of the view", "undo · redo", []definition{
			does(Undo, "undo", "undo", "U").silently("ctrl+_"),
			does(Redo, "redo", "redo", "ctrl+r")}},
		{"copy the command line that reproduces what is on screen", "copy the command", []definition{
			does(Copy, "copy", "copy the command line", "y")}},
		{"where someone presents: let go and play on / follow again", "let go / follow", []definition{
			does(Follow, "follow", "let go / follow", "f")}},
		{"all keys", "all keys", []definition{
			does(Help, "help", "all keys", "?")}},
		{"quit", "quit", []definition{
			does(Quit, "quit", "quit", "q", alwaysQuits)}},
		{"suspend (fg in the shell brings it back)", "suspend", []definition{
			does(Suspend, "suspend", "suspend", "ctrl+z")}},
	}},
}

// definitions is table by action.
var definitions = index(table)

func index(sections []section) (byAction [actionCount]definition) {
	for _, section := range sections {
		for _, row := range section.rows {
			for _, definition := range row.actions {
				byAction[definition.action] = definition
			}
		}
	}
	return byAction
}
