package optim

import (
	"testing"

	"ravine/param"
	"ravine/problem"
)

// TestEveryRuleSaysWithWhichEtaItOpens: by its default, or by the problem's scale.
func TestEveryRuleSaysWithWhichEtaItOpens(t *testing.T) {
	scale := problem.Scale{Curvature: 4, Distance: 10}
	for _, o := range All() {
		byScale := false
		for _, c := range []Convention{Slides, Papers} {
			eta, ok := param.Find(o.Parameters(c), "eta")
			if !ok {
				t.Errorf("%s, %s: no η", o.Name, c)
			}
			byScale = byScale || eta.Default == ""
		}
		if !byScale {
			continue
		}
		if (o.opening.overCurvature > 0) == (o.opening.ofDistance > 0) {
			t.Errorf("%s: %+v; want one of the two", o.Name, o.opening)
			continue
		}
		if got, want := o.OpeningEta(scale), o.opening.overCurvature/4+o.opening.ofDistance*10; got != want {
			t.Errorf("%s opens at %g, want %g", o.Name, got, want)
		}
	}
}

func TestARuleThatDoesNotSayWithWhichEtaItOpens(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it opens")
		}
	}()
	Optimizer{Name: "new"}.OpeningEta(problem.Scale{Curvature: 1, Distance: 1})
}
