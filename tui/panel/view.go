package panel

// View is how a race is looked at. It is copied whole: what is added to it is
// presented and undone without being named anywhere else.
type View struct {
	Running  bool
	Speed    int // index into speeds
	Furthest int // the furthest step reached

	Lanes    []LaneView // one for each of the race's lanes
	Selected int

	Arrangement Arrangement // the one asked for, whether it fits or not
	Help        bool
	HelpPage    int
	Inspector   bool

	Axes     [2]int // parameters on the surface's x and y
	Detour   [2]int // the axes that were left for where a lane is farthest off, if they were
	Window   Window
	Over     Over // what the curves are over
	NextStep NextStep

	TuneAll    bool
	WhatIf     bool // tuning holds from the start and replays the lane
	Hints      bool
	TrialSteps int // of each run that a sweep or a tuning compares
}

// Arrangement is one arrangement of panels; tab goes through those that fit.
type Arrangement int

const (
	ShowRace Arrangement = iota // surface and curves, and the data where there is room
	ShowSurface
	ShowCurves
	ShowData
)

// ArrangementWords returns what --view calls the arrangements, in order.
func ArrangementWords() []string { return []string{"race", "surface", "curves", "data"} }

// String is what the status line calls v.
func (v Arrangement) String() string {
	return [...]string{"surface and curves", "the surface", "the curves", "the data"}[v]
}

// Over is what stands along the curves' x axis.
type Over int

const (
	OverUpdates Over = iota
	OverEpochs
	OverExamples // that gradients were taken over
	OverLogUpdates
	OverLogEpochs
	OverLogExamples
	OverCount
)

// String is what the curves' title calls o.
func (o Over) String() string {
	words := [...]string{"updates", "epochs", "examples seen"}
	return words[o.Counted()] + Pick(o.Log(), ", log axis", "")
}

// Log reports whether the axis is one, for a lane that goes on long after the others.
func (o Over) Log() bool { return o >= OverLogUpdates }

// Counted returns what is counted along the axis, whatever its scale.
func (o Over) Counted() Over { return o % OverLogUpdates }

// LaneView is how a lane looks beside the others of its rule. It stays so when
// lanes come and go.
type LaneView struct {
	Variant int // of the rule's look: the lowest that was free when the lane came
	Hidden  bool
}

// NextStep is what the surface shows of the step to come.
type NextStep int

const (
	StepHidden NextStep = iota
	StepShown
	StepCompared // Momentum's and NAG's
	NextStepCount
)

// Speeds are the paces in steps a second; the last is as fast as it goes.
var Speeds = [...]int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 0}

// Lasting is the view without the help, and without what the race itself changes.
func (v View) Lasting() View {
	v.Running, v.Furthest = false, 0
	v.Help, v.HelpPage = false, 0
	return v
}
