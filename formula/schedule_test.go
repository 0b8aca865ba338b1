package formula

import (
	"errors"
	"math"
	"testing"
)

// Schedules have the values of PyTorch's closed forms: t is its step, from 1.
func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		text string
		want map[int]float64
	}{
		{"0.1/sqrt(t)", map[int]float64{1: 0.1, 4: 0.05, 100: 0.01}},
		{"linear(1, 0.2, 8)", map[int]float64{1: 1, 5: 0.6, 9: 0.2, 1000: 0.2}},
		{"cosine(0.1, 0.001, 200)", map[int]float64{1: 0.1, 101: 0.0505, 201: 0.001, 5000: 0.001, 51: 0.001 + 0.099*(1+math.Sqrt2/2)/2}},
		{"exponential(0.5, 0.9)", map[int]float64{1: 0.5, 2: 0.45, 4: 0.3645}},
		{"step(0.1, 0.5, 30)", map[int]float64{1: 0.1, 30: 0.1, 31: 0.05, 61: 0.025}},
		{"restarts(1, 0, 10)", map[int]float64{1: 1, 6: 0.5, 11: 1, 16: 0.5, 10: (1 + math.Cos(0.9*math.Pi)) / 2}},
		{"onecycle(0.1, 100)", map[int]float64{1: 0.004, 30: 0.1, 100: 4e-7, 101: 4e-7}},
		{"wsd(2, 4, 10, 5)", map[int]float64{1: 0.5, 2: 1, 4: 2, 14: 2, 15: 2, 16: 1.6, 20: 0, 99: 0}},
		{"warmup(4, 0.2)", map[int]float64{1: 0.05, 2: 0.1, 4: 0.2, 9: 0.2}},
		{"warmup(4, step(0.2, 0.5, 2))", map[int]float64{1: 0.05, 4: 0.2, 5: 0.2, 6: 0.2, 7: 0.1, 9: 0.05}},
		{"2*(cosine(1, 0, 10))", map[int]float64{1: 2, 6: 1}},
		{"where(t <= 10, 1, 0.1)", map[int]float64{10: 1, 11: 0.1}},
	} {
		schedule, err := ParseSchedule(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		for at, want := range c.want {
			if got := schedule.At(at); math.Abs(got-want) > 1e-15 {
				t.Errorf("%s is %v at %d, want %v", c.text, got, at, want)
			}
		}
	}
}

func TestScheduleMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"0.1/sqrt(x)":  `formula:1:10: unknown name "x"; want a formula in t, the number of the update`,
		"cosine(1, 2)": "formula:1:1: want cosine(from, to, steps)",
		"cosin(1,2,3)": `formula:1:1: unknown function "cosin" (did you mean "cosine"?)`,
		"t t":          `formula:1:3: want an operator before "t"; a product needs its sign, *`,
	} {
		_, err := ParseSchedule(text)
		if mistake := (*Error)(nil); !errors.As(err, &mistake) || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestFactor(t *testing.T) {
	for text, want := range map[string]struct {
		factor float64
		rest   string
	}{
		"0.1/t": {1, "0.1/t"}, "2*(0.1/t)": {2, "0.1/t"}, "1.25*(a)+(b)": {1, "1.25*(a)+(b)"}, "x*(t)": {1, "x*(t)"}, "0.8*(f(t)*(t))": {0.8, "f(t)*(t)"},
	} {
		factor, rest := Factor(text)
		if factor != want.factor || rest != want.rest {
			t.Errorf("%s is %v × %s", text, factor, rest)
		}
		if again := Scaled(factor, rest); again != text {
			t.Errorf("%s becomes %s", text, again)
		}
	}
}
