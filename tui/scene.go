package tui

import (
	"math"
	"time"

	"ravine/keymap"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/screen"
	"ravine/tui/theme"
)

// scene is what the panels draw: the race as it runs, how it is looked at, and what
// belongs to this playground alone. Panels read it and change nothing in it.
type scene struct {
	View
	runner    *race.Runner
	keys      keymap.Map
	theme     *theme.Theme
	sweepAxes int // how many hyperparameters the open sweep has, 0 where none is open
	flash     flash
	entry     entry
	status    status
	note      string // who leads, where someone does
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

func (o Over) String() string {
	words := [...]string{"updates", "epochs", "examples seen"}
	return words[o.Counted()] + pick(o.Log(), ", log axis", "")
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

// flash marks the value that a key has just changed.
type flash struct {
	lane  int // -1 for all
	key   string
	until time.Time
}

// shows reports whether the value of a lane is to be marked now.
func (f flash) shows(lane int, key string) bool {
	return f.key == key && (f.lane == lane || f.lane < 0) && time.Now().Before(f.until)
}

// status is the line that says what a key just did.
type status struct {
	text string
	bad  bool
	at   time.Time
	last bool // the race's end, for which hints wait
}

// keyOf returns the key that does something, for messages that name it.
func (s *scene) keyOf(action keymap.Action) string { return s.keys.Name(action) }

// look returns colour and marker of lane i.
func (s *scene) look(i int) theme.Lane {
	return s.theme.Lane(s.runner.Lanes()[i].Spec().Rule, s.Lanes[i].Variant)
}

// freeVariant returns the variant for one more lane of a rule.
func (s *scene) freeVariant(rule string) int {
	taken := map[int]bool{}
	for i, lane := range s.runner.Lanes() {
		if lane.Spec().Rule == rule {
			taken[s.Lanes[i].Variant] = true
		}
	}
	variant := 0
	for taken[variant] {
		variant++
	}
	return variant
}

// dots is the style of lane i's curves and paths.
func (s *scene) dots(i int) screen.Style { return screen.Style{Foreground: s.look(i).Color} }

// faint is the style of what lane i's noise reaches, beside its curves and paths.
func (s *scene) faint(i int) screen.Style {
	return screen.Style{Foreground: s.look(i).Color, Attributes: screen.Faint}
}

// mark is the style of lane i's marker.
func (s *scene) mark(i int) screen.Style {
	return screen.Style{Foreground: s.look(i).Color, Attributes: screen.Bold}
}

// drawingOrder returns the lanes shown, the selected one last.
func (s *scene) drawingOrder() []int {
	order := make([]int, 0, len(s.Lanes))
	for i := range s.Lanes {
		if i != s.Selected && !s.Lanes[i].Hidden {
			order = append(order, i)
		}
	}
	if s.Selected < len(s.Lanes) && !s.Lanes[s.Selected].Hidden {
		order = append(order, s.Selected)
	}
	return order
}

// lane returns the selected lane.
func (s *scene) lane() *race.Lane { return s.runner.Lanes()[s.Selected] }

// bestLoss returns the loss at the best known optimum: curves and colours show
// what is above it.
func (s *scene) bestLoss() float64 {
	if optima := s.runner.Problem().Optima(); len(optima) > 0 {
		return optima[0].Loss
	}
	return 0
}

// distance returns how far θ is from the nearest optimum, NaN where none is known.
func distance(p problem.Problem, theta []float64) float64 {
	nearest := math.NaN()
	for _, optimum := range p.Optima() {
		sum := 0.0
		for i, x := range optimum.Theta {
			sum += (x - theta[i]) * (x - theta[i])
		}
		if d := math.Sqrt(sum); !(d >= nearest) {
			nearest = d
		}
	}
	return nearest
}

// boxed draws a panel's border and returns what is inside.
func (s *scene) boxed(grid *screen.Grid, area screen.Area, title string) screen.Area {
	return grid.Box(area, title, s.theme.Border, s.theme.Title)
}
