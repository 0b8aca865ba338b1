package keymap

// Action is something that a key does.
type Action int

// The actions, in the order of the table.
const (
	RunPause Action = iota
	StepOn
	StepBack
	TenOn
	TenBack
	ToStart
	ToFurthest // the furthest step reached
	ScrubBack  // with acceleration while it repeats
	ScrubOn
	Faster
	Slower
	Restart
	RestartRandom
	Pace // by equal updates, or by equal examples

	NextLane
	PreviousLane
	ToggleLane
	DuplicateLane
	RemoveLane
	PreviousRule // another optimizer in the selected lane
	NextRule

	EtaDown
	EtaUp
	GammaDown
	GammaUp
	Beta1Down
	Beta1Up
	Beta2Down
	Beta2Up
	BatchDown
	BatchUp
	TypeValue
	TuneAll
	WhatIf   // tuning holds from the start, or from the step shown
	Theory   // the theory's best values
	TuneRace // every lane at its best
	Sweep
	TrialSteps // of the runs that those two compare
	Best       // of the sweep
	Keep
	Cancel
	Hints

	PreviousProblem
	NextProblem
	MainDown // the ravine's κ, or the problem's main parameter
	MainUp
	StartLeft
	StartRight
	StartUp
	StartDown
	Convention

	NextView
	PreviousView
	ZoomIn
	ZoomOut
	Fit
	NextAxis // another pair of parameters on the surface
	NextStep // the selected lane's next step, drawn
	Inspector
	Epochs

	Undo
	Redo
	Copy
	Follow // the presenter, or not
	Help
	Quit
	Suspend

	actionCount
)

// String returns the action's id, as in the overrides file: "eta-up".
func (a Action) String() string {
	if a < 0 || a >= actionCount {
		return "unknown"
	}
	return definitions[a].id
}
