package race_test

import (
	"fmt"
	"strings"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// spec reads NAME:key=value,….
func spec(t testing.TB, text string) param.Spec {
	t.Helper()
	s, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// laneSpec reads NAME:key=value,key@step=value,….
func laneSpec(t testing.TB, text string) race.LaneSpec {
	t.Helper()
	lane, err := race.ReadLane(spec(t, text), optim.Slides)
	if err != nil {
		t.Fatal(err)
	}
	return lane
}

// raceOn is a race without limits, which the test then sets.
func raceOn(t testing.TB, problem string, lanes ...string) race.Race {
	t.Helper()
	r := race.Race{Problem: spec(t, problem), Seed: race.DefaultSeed}
	for _, lane := range lanes {
		r.Lanes = append(r.Lanes, laneSpec(t, lane))
	}
	return r
}

func newRunner(t testing.TB, r race.Race) *race.Runner {
	t.Helper()
	runner, err := race.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return runner
}

// allLanes has one lane of every optimizer, with a suffix such as ":eta=0".
func allLanes(suffix string) []string {
	var lanes []string
	for _, optimizer := range optim.All() {
		lanes = append(lanes, optimizer.Name+suffix)
	}
	return lanes
}

// state is all that can be seen of a lane, to the bit.
func state(l *race.Lane) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s step %d evaluations %d loss %x gradient %x theta %x hyper %x\n",
		l.Spec(), l.Status(), l.Step(), l.Evaluations(), l.Loss(), l.GradientNorm(), l.Theta(), l.Hyper())
	history := l.History()
	for i, point := range history.Points() {
		fmt.Fprintf(&text, "%x %x\n", point, history.Theta(i))
	}
	return text.String()
}

func states(r *race.Runner) string {
	var text strings.Builder
	for _, lane := range r.Lanes() {
		text.WriteString(state(lane))
	}
	return text.String()
}

// firstLine shortens a state for a message.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
