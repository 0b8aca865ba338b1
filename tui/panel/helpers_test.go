package panel

import (
	"testing"

	"github.com/charmbracelet/colorprofile"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/screen"
	"ravine/tui/theme"
)

// scene is a race and the panels that draw it.
type scene struct {
	State
	runner *race.Runner
	panels Panels
	grid   *screen.Grid
}

// raceOf is the race of `ravine play` with those words for --problem and --opt; no
// lanes are the default ones.
func raceOf(t *testing.T, problem string, lanes ...string) race.Race {
	t.Helper()
	read := func(text string) param.Spec {
		spec, err := param.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return spec
	}
	r := race.Default()
	r.Steps, r.Problem = 0, read(problem)
	r.Lanes = race.DefaultLanes(r.Problem.Name)
	if len(lanes) > 0 {
		r.Lanes = nil
	}
	for _, text := range lanes {
		lane, err := race.ReadLane(read(text), optim.Slides)
		if err != nil {
			t.Fatal(err)
		}
		r.Lanes = append(r.Lanes, lane)
	}
	return r
}

// openScene opens a race at a step. The surface shows what the race is going to be.
func openScene(t *testing.T, r race.Race, step int) *scene {
	t.Helper()
	runner, err := race.New(r)
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{runner: runner, grid: screen.New(0, 0)}
	s.Race, s.Keys, s.Theme, s.Sweep = runner, keymap.Default(), theme.New(colorprofile.TrueColor, true), &Swept{}
	s.Lanes, s.Axes = make([]LaneView, len(r.Lanes)), [2]int{0, 1}
	var frame Framing
	runner.Seek(200)
	for _, lane := range runner.Lanes() {
		for n := range lane.History().Len() {
			frame.Add(lane.History().Theta(n)[0], lane.History().Theta(n)[1])
		}
	}
	for _, optimum := range runner.Problem().Optima() {
		frame.Add(optimum.Theta[0], optimum.Theta[1])
	}
	s.Window = s.Unstretched(frame.Framed())
	runner.Seek(step)
	s.draw(120, 36)
	return s
}

// draw draws at a size.
func (s *scene) draw(width, height int) {
	s.Width, s.Height = width, height
	s.grid.Resize(width, height)
	s.panels.Draw(s.grid, &s.State)
}

// legend returns the surface's last row.
func (s *scene) legend() (text string) {
	area := s.panels.Surface.Plot.Area
	for x := range area.Width - 1 {
		text += string(s.grid.Cell(area.X+1+x, area.Y+area.Height-1).Rune)
	}
	return text
}
