package panel

import (
	"math"
	"strconv"
	"time"

	"ravine/keymap"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/screen"
	"ravine/tui/theme"
)

// Race is what panels may ask of the race. Its lanes' methods are for reading.
type Race interface {
	Race() race.Race
	Problem() problem.Problem
	Kind() problem.Kind
	Start() []float64
	Step() int
	Lanes() []*race.Lane
	Twin(i int) (twin int, ok bool)
	Running() bool
	AtLimit() bool
	Behind() (at int, behind bool)
	ExamplesPerStep() int
}

// State is what the panels draw: the race as it runs, how it is looked at, and what
// belongs to this playground alone. Panels read it and change nothing in it.
type State struct {
	View
	Race   Race
	Keys   keymap.Map
	Theme  *theme.Theme
	Sweep  *Swept // open or not
	Flash  Flash
	Entry  Entry
	Prompt Prompt
	Status Status
	Note   string // who leads, where someone does
	Card   bool   // whether the welcoming one is open
	Width  int
	Height int
	Now    time.Time // of the picture
}

// Flash marks the value that a key has just changed.
type Flash struct {
	Lane  int // -1 for all
	Key   string
	Until time.Time
}

// shows reports whether the value of a lane is to be marked at that time.
func (f Flash) shows(lane int, key string, now time.Time) bool {
	return f.Key == key && (f.Lane == lane || f.Lane < 0) && now.Before(f.Until)
}

// Status is the line that says what a key just did.
type Status struct {
	Text string
	Bad  bool
	At   time.Time
	Last bool // the race's end, for which hints wait
}

// KeyOf returns the key that does something, for messages that name it.
func (s *State) KeyOf(action keymap.Action) string { return s.Keys.Name(action) }

// LaneStyle returns colour and marker of lane i.
func (s *State) LaneStyle(i int) theme.Lane {
	return s.Theme.Lane(s.Race.Lanes()[i].Spec().Rule, s.Lanes[i].Variant)
}

// FreeVariant returns the variant for one more lane of a rule.
func (s *State) FreeVariant(rule string) int {
	taken := map[int]bool{}
	for i, lane := range s.Race.Lanes() {
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

// Dots is the style of lane i's curves and paths.
func (s *State) Dots(i int) screen.Style { return screen.Style{Foreground: s.LaneStyle(i).Color} }

// Faint is the style of what lane i's noise reaches, beside its curves and paths.
func (s *State) Faint(i int) screen.Style {
	return screen.Style{Foreground: s.LaneStyle(i).Color, Attributes: screen.Faint}
}

// mark is the style of lane i's marker.
func (s *State) mark(i int) screen.Style {
	return screen.Style{Foreground: s.LaneStyle(i).Color, Attributes: screen.Bold}
}

// DrawingOrder returns the lanes shown, the selected one last.
func (s *State) DrawingOrder() []int {
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

// Lane returns the selected lane.
func (s *State) Lane() *race.Lane { return s.Race.Lanes()[s.Selected] }

// BestLoss returns the loss at the best known optimum: curves and colours show
// what is above it. Where none is known it is the lowest that a lane has now.
func (s *State) BestLoss() float64 {
	if optima := s.Race.Problem().Optima(); len(optima) > 0 {
		return optima[0].Loss
	}
	lowest := math.Inf(1)
	for _, lane := range s.Race.Lanes() {
		lowest = min(lowest, lane.Loss())
	}
	return lowest
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
func (s *State) boxed(grid *screen.Grid, area screen.Area, title string) screen.Area {
	return grid.Box(area, title, s.Theme.Border, s.Theme.Title)
}

// epochAt writes how many passes over the data a race by examples has made at a step.
func (s *State) epochAt(step int) string {
	return strconv.FormatFloat(s.Lane().Epoch(step*s.Race.ExamplesPerStep()), 'f', 2, 64)
}

// StepWord names a lane's update: by examples, a step of the race is another thing.
func (s *State) StepWord() string { return Pick(s.Race.ExamplesPerStep() > 0, "update", "step") }
