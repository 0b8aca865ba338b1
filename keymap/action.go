package keymap

// Action is something that a key does, by its name in the overrides file.
type Action string

// The actions, in the order of the table.
const (
	RunPause      Action = "run-pause"
	StepOn        Action = "step-on"
	StepBack      Action = "step-back"
	TenOn         Action = "ten-on"
	TenBack       Action = "ten-back"
	ToStart       Action = "to-start"
	ToFurthest    Action = "to-furthest" // the furthest step reached
	ScrubBack     Action = "scrub-back"  // with acceleration while it repeats
	ScrubOn       Action = "scrub-on"
	Faster        Action = "faster"
	Slower        Action = "slower"
	Restart       Action = "restart"
	RestartRandom Action = "restart-random"
	Pace          Action = "pace" // by equal updates, or by equal examples

	NextLane      Action = "next-lane"
	PreviousLane  Action = "previous-lane"
	ToggleLane    Action = "toggle-lane"
	DuplicateLane Action = "duplicate-lane"
	RemoveLane    Action = "remove-lane"
	PreviousRule  Action = "previous-rule" // another optimizer in the selected lane
	NextRule      Action = "next-rule"

	TypeValue  Action = "type-value"
	TuneAll    Action = "tune-all"
	WhatIf     Action = "what-if"   // tuning holds from the start, or from the step shown
	Theory     Action = "theory"    // the theory's best values
	TuneRace   Action = "tune-race" // every lane at its best
	Sweep      Action = "sweep"
	TrialSteps Action = "trial-steps" // of the runs that those two compare
	Best       Action = "best"        // of the sweep
	Keep       Action = "keep"
	Cancel     Action = "cancel"
	Hints      Action = "hints"

	PreviousProblem Action = "previous-problem"
	NextProblem     Action = "next-problem"
	MainDown        Action = "main-down" // the ravine's κ, or the problem's main parameter
	MainUp          Action = "main-up"
	StartLeft       Action = "start-left"
	StartRight      Action = "start-right"
	StartUp         Action = "start-up"
	StartDown       Action = "start-down"
	Convention      Action = "convention"

	NextView     Action = "next-view"
	PreviousView Action = "previous-view"
	ZoomIn       Action = "zoom-in"
	ZoomOut      Action = "zoom-out"
	Fit          Action = "fit"
	NextAxis     Action = "next-axis" // another pair of parameters on the surface
	NextStep     Action = "next-step" // the selected lane's next step, drawn
	Inspector    Action = "inspector"
	Epochs       Action = "epochs"

	Prompt  Action = "prompt"  // a command, typed
	Formula Action = "formula" // of the problem, typed
	Undo    Action = "undo"
	Redo    Action = "redo"
	Copy    Action = "copy"
	Follow  Action = "follow" // the presenter, or not
	Help    Action = "help"
	Quit    Action = "quit"
	Suspend Action = "suspend"
)

// Down returns the action that steps a hyperparameter down, Up the one that steps it
// up.
func Down(hyperparameter string) Action { return Action(hyperparameter + "-down") }

// Up is the opposite of Down.
func Up(hyperparameter string) Action { return Action(hyperparameter + "-up") }
