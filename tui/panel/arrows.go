package panel

import (
	"fmt"
	"math"
	"slices"

	"ravine/optim"
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// displacement is a vector on the surface, in data coordinates.
type displacement [2]float64

// plus returns d + factor·e.
func (d displacement) plus(factor float64, e displacement) displacement {
	return displacement{d[0] + factor*e[0], d[1] + factor*e[1]}
}

// arrow is one vector, its ends counted from its lane's marker.
type arrow struct {
	Name     string
	From, To displacement
	style    screen.Style
}

// arrows are a lane's next step and what it is made of. All of it is drawn enlarged
// by one factor, as if one looked at the marker through a lens.
type arrows struct {
	Plot   *chart.Plot
	X, Y   float64      // the marker
	arrows []arrow      // the most important first
	Probe  displacement // where the rule takes the gradient: 0, or the look-ahead
	Factor float64
	None   string // why there are no arrows
}

const (
	probeMark = '◌'
	direction = "direction of −η∇J"
)

// newArrows returns the arrows of lane k as long as they are.
func newArrows(s *State, plot *chart.Plot, k int) arrows {
	a := arrows{Plot: plot, Factor: 1, None: s.WhyNoArrows(k)}
	if a.None != "" {
		return a
	}
	lane := s.Race.Lanes()[k]
	i, j := s.Axes[0], s.Axes[1]
	a.X, a.Y = lane.Theta()[i], lane.Theta()[j]
	next := lane.Explain()
	step := displacement{next.Step[i], next.Step[j]}
	a.Probe = displacement{next.Probe[i] - a.X, next.Probe[j] - a.Y}
	gradient := displacement{next.Lines[0].Value[i], next.Lines[0].Value[j]}
	a.add("step", displacement{}, step, s.Theme.Step)
	if next.Velocity != nil {
		a.add(memoryName(next), displacement{}, displacement{next.Velocity[i], next.Velocity[j]}, s.Theme.Velocity)
	}
	if addsGradient(next) {
		a.addGradient(step, a.Probe.plus(-lane.Hyper().Eta, gradient), s.Theme.Gradient)
	} else {
		a.addDirection(displacement{}.plus(-1, gradient), s.Theme.Gradient)
	}
	if len(a.arrows) == 0 {
		names := s.Race.Problem().Names()
		a.None = fmt.Sprintf("the next step in %s, %s is %s", names[i], names[j], Pick(step == displacement{}, "0", "off all scales"))
	}
	return a
}

// WhyNoArrows says why lane k has no arrows, if that is known without its next
// step.
func (s *State) WhyNoArrows(k int) string {
	lane := s.Race.Lanes()[k]
	title := lane.Optimizer().Title
	switch theta := lane.Theta(); {
	case s.Lanes[k].Hidden:
		return "no arrows: " + title + " is off"
	case lane.Status() != race.Running:
		return fmt.Sprintf("no next step: %s %s", title, lane.Status().Predicate())
	case !s.Window.Has(theta[s.Axes[0]], theta[s.Axes[1]]):
		return "no arrows: " + title + " is out of view"
	}
	return ""
}

// memoryName names the part of the step that comes from the steps before.
func memoryName(next optim.Explanation) string {
	if slices.ContainsFunc(next.Lines, func(l optim.ExplainedLine) bool { return l.Symbol == "m" }) {
		return "moment"
	}
	return "velocity"
}

// addsGradient reports whether −η∇J is a part of the step, and the velocity the
// rest. The other rules scale each coordinate of the gradient.
func addsGradient(next optim.Explanation) bool {
	formula := next.Lines[len(next.Lines)-1].Formula
	return formula == "θ − η·g" || formula == "θ − v"
}

// add adds an arrow, if it has a length that can be drawn.
func (a *arrows) add(name string, from, to displacement, style screen.Style) {
	const tiniest, hugest = 1e-200, 1e200
	if length := a.columns(to.plus(-1, from)); length > tiniest && length < hugest {
		a.arrows = append(a.arrows, arrow{name, from, to, style})
	}
}

// addGradient adds −η∇J. It begins where it is taken: for Nesterov at the
// look-ahead, where the velocity ends, so that both lead to the end of the step.
// Where there is nothing else in the step, the two are one arrow.
func (a *arrows) addGradient(step, to displacement, style screen.Style) {
	if a.Probe == (displacement{}) && a.columns(to.plus(-1, step)) < 1e-6*a.columns(step) && len(a.arrows) == 1 {
		a.arrows[0].Name += " = −η∇J"
		return
	}
	a.add("−η∇J", a.Probe, to, style)
}

// addDirection adds the direction of −η∇J, as long as the longest of the others:
// a rule that scales every coordinate may step a millionth of −η∇J, and
// whichever of the two were drawn to scale, the other could not be seen.
func (a *arrows) addDirection(downhill displacement, style screen.Style) {
	a.add(direction, displacement{}, displacement{}.plus(a.longest(a.columns)/a.columns(downhill), downhill), style)
}

// columns returns how long a vector is on screen; a row counts as two columns.
func (a *arrows) columns(d displacement) float64 {
	across, up := a.parts(d)
	return math.Hypot(across*float64(a.Plot.Area.Width), up*float64(2*a.Plot.Area.Height))
}

// parts returns a vector's extent in sides of the panel.
func (a *arrows) parts(d displacement) (across, up float64) {
	return d[0] / (a.Plot.X.Max - a.Plot.X.Min), d[1] / (a.Plot.Y.Max - a.Plot.Y.Min)
}

// longest returns how far from the marker an arrow ends, at most.
func (a *arrows) longest(length func(displacement) float64) float64 {
	longest := 0.0
	for _, arrow := range a.arrows {
		longest = max(longest, length(arrow.To))
	}
	return longest
}

// leastSeen is how many columns of an arrow are just seen.
const leastSeen = 3

// lens says how much one lane's arrows can be enlarged: not at all where they can
// be seen as they are, else so that they are seen and all end in the picture, unless
// the marker is so close to its edge that none could be seen.
type lens struct {
	asTheyAre bool
	longest   float64 // in columns
	largest   float64 // factor
}

func (a *arrows) lens() lens {
	const (
		seen     = 4   // columns that are seen well
		most     = 0.4 // of the panel's sides
		rounding = 2.5 // what roundedDown may take away
	)
	longest, toEdge := a.longest(a.columns), a.roomToEdge()
	side := a.longest(func(d displacement) float64 {
		across, up := a.parts(d)
		return max(math.Abs(across), math.Abs(up))
	})
	return lens{longest >= seen && toEdge >= 1, longest, max(min(most/side, toEdge), leastSeen*rounding/longest)}
}

// worth says how well a factor does: to be cut at the edge is worse than to be too
// short, since nobody sees how long that is.
func (l lens) worth(factor float64) int {
	switch {
	case factor > l.largest:
		return -1
	case factor*l.longest < leastSeen:
		return 0
	}
	return wellSeen
}

const wellSeen = 2

// commonFactor chooses how much the arrows are enlarged. It is the same for every
// lane, so that the steps of two compare, and does well for as many of them as can
// be: none at all if that does, else the factor before unless two lanes more gain by
// another, for the lengths of an oscillating lane's arrows go up and down. Without
// arrows it is 1.
func commonFactor(s *State, plot *chart.Plot, before float64) float64 {
	var lenses []lens
	best, most := 1.0, 0
	for k := range s.Lanes {
		if a := newArrows(s, plot, k); a.None == "" {
			l := a.lens()
			lenses = append(lenses, l)
			most += Pick(l.asTheyAre, wellSeen, 0)
		}
	}
	try := func(factor float64, clearly int) {
		worth := 0
		for _, l := range lenses {
			worth += l.worth(factor)
		}
		if worth > most+clearly {
			best, most = factor, worth
		}
	}
	try(before, 0)
	clearly := Pick(best == before && most > 0, 2*wellSeen-1, 0)
	for _, l := range lenses {
		try(roundedDown(l.largest), clearly)
	}
	return best
}

// roomToEdge returns the factor with which the first arrow meets the edge. A
// direction may be cut there, since its length says nothing.
func (a *arrows) roomToEdge() float64 {
	least := math.Inf(1)
	for _, arrow := range a.arrows {
		if arrow.Name == direction {
			continue
		}
		least = min(least, room(a.Plot.X, a.X, arrow.To[0]), room(a.Plot.Y, a.Y, arrow.To[1]))
	}
	return least
}

// room returns how many times a distance along one axis fits before the edge.
func room(r chart.Range, from, distance float64) float64 {
	switch {
	case distance > 0:
		return (r.Max - from) / distance
	case distance < 0:
		return (r.Min - from) / distance
	}
	return math.Inf(1)
}

// roundedDown returns the largest of 1, 2, 5 × 10ⁿ that is not above x.
func roundedDown(x float64) float64 {
	exponent := int(math.Floor(math.Log10(x)))
	for _, digit := range []int{10, 5, 2} {
		if rounded := decimal(digit, exponent); rounded <= x {
			return rounded
		}
	}
	return decimal(1, exponent)
}

// decimal returns digit × 10ⁿ as it would be typed: 0.2 and not a hair beside it.
func decimal(digit, exponent int) float64 {
	if exponent < 0 {
		return float64(digit) / math.Pow10(-exponent)
	}
	return float64(digit) * math.Pow10(exponent)
}
