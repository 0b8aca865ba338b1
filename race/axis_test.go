package race_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

func TestAxisValues(t *testing.T) {
	tests := []struct {
		axis race.Axis
		want []float64
	}{
		{race.Axis{Key: "gamma", From: 0.9, To: 0.999, Count: 3}, []float64{0.9, 0.99, 0.999}},
		{race.Axis{Key: "beta1", From: 0, To: 0.999, Count: 4}, []float64{0, 0.9, 0.99, 0.999}},
		{race.Axis{Key: "beta2", From: 0, To: 0.9, Count: 3}, []float64{0, 0.684, 0.9}}, // 1 − 1/√10 = 0.6838
		{race.Axis{Key: "beta2", From: 0.99, To: 0.9999999, Count: 6}, []float64{0.99, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999}},
		{race.Axis{Key: "eta", From: 1e-3, To: 1e-1, Count: 3}, []float64{1e-3, 1e-2, 1e-1}},
		{race.Axis{Key: "eta", From: 1e-4, To: 1, Count: 9}, []float64{1e-4, 0.000316, 1e-3, 0.00316, 1e-2, 0.0316, 1e-1, 0.316, 1}},
		{race.Axis{Key: "eta", From: 1, To: 2, Count: 3}, []float64{1, 1.414, 2}},
		{race.Axis{Key: "eta", From: 0.1, To: 0.100001, Count: 3}, []float64{0.1, 0.1000005, 0.100001}},
		{race.Axis{Key: "eps", From: 1e-8, To: 1e-6, Count: 3}, []float64{1e-8, 1e-7, 1e-6}},
		{race.Axis{Key: "eta", From: 0.123456789, To: 0.123456789, Count: 1}, []float64{0.123456789}},
		{race.Axis{Key: "decay", From: 0, To: 0.1, Count: 5}, []float64{0, 0.025, 0.05, 0.075, 0.1}},
		{race.Axis{Key: "decay", From: 1e-4, To: 1e-2, Count: 3}, []float64{1e-4, 1e-3, 1e-2}},
		{race.Axis{Key: "batch", From: 1, To: 64, Count: 7}, []float64{1, 2, 4, 8, 16, 32, 64}},
		{race.Axis{Key: "batch", From: 1, To: 5, Count: 9}, []float64{1, 2, 3, 4, 5}},
		{race.Axis{Key: "batch", From: 1, To: 800, Count: 4}, []float64{1, 9, 86, 800}},
		{race.Axis{Key: "batch", From: 1, To: 0, Count: 4}, []float64{0}},
		{race.Axis{Key: "eta", From: 1, To: 2, Count: 0}, nil},
	}
	for _, test := range tests {
		if got := test.axis.Values(); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.axis, got, test.want)
		}
	}
}

// TestAxisValuesAreSpaced: ascending from From to To, and equally spaced on the
// scale to a hundredth of the spacing.
func TestAxisValuesAreSpaced(t *testing.T) {
	scales := map[string]func(float64) float64{
		"eta":   math.Log10,
		"gamma": func(x float64) float64 { return -math.Log10(1 - x) },
	}
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom([]string{"eta", "gamma"}).Draw(t, "key")
		axis := race.Axis{Key: key, Count: rapid.IntRange(2, 200).Draw(t, "count")}
		if key == "eta" {
			axis.From = math.Pow(10, rapid.Float64Range(-12, 6).Draw(t, "from"))
			axis.To = axis.From * math.Pow(10, rapid.Float64Range(0.01, 12).Draw(t, "decades"))
		} else {
			axis.From = rapid.Float64Range(0, 0.99).Draw(t, "from")
			axis.To = 1 - (1-axis.From)*math.Pow(10, -rapid.Float64Range(0.01, 4).Draw(t, "decades"))
		}
		values := axis.Values()
		if len(values) != axis.Count || values[0] != axis.From || values[axis.Count-1] != axis.To {
			t.Fatalf("%+v: %d values from %g to %g", axis, len(values), values[0], values[len(values)-1])
		}
		low, high := scales[key](axis.From), scales[key](axis.To)
		spacing := (high - low) / float64(axis.Count-1)
		for i, value := range values {
			if off := scales[key](value) - low - float64(i)*spacing; math.Abs(off) > spacing/100 {
				t.Fatalf("%+v: value %d, %g, is off by %g of the spacing", axis, i, value, off/spacing)
			}
		}
	})
}

// TestOneScaleAKey: an axis knows its scale by the key alone.
func TestOneScaleAKey(t *testing.T) {
	scales := map[string]param.Scale{}
	for _, optimizer := range optim.All() {
		for _, rules := range []optim.Convention{optim.Slides, optim.Papers} {
			for _, p := range optimizer.Parameters(rules) {
				if before, ok := scales[p.Key]; ok && before != p.Scale {
					t.Errorf("%s of %s: scale %v, of others %v", p.Key, optimizer.Name, p.Scale, before)
				}
				scales[p.Key] = p.Scale
			}
		}
	}
	if len(scales) != 7 {
		t.Errorf("%d keys", len(scales))
	}
}

// sweepable are the parameters of all keys.
func sweepable(t testing.TB) []param.Parameter {
	t.Helper()
	var all []param.Parameter
	for _, name := range []string{"adamw", "momentum"} {
		optimizer, err := optim.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range optimizer.Parameters(optim.Slides) {
			if _, ok := param.Find(all, p.Key); !ok {
				all = append(all, p)
			}
		}
	}
	return all
}

func TestParseAxis(t *testing.T) {
	for text, want := range map[string]race.Axis{
		"eta=1e-3..1:31":        {Key: "eta", From: 1e-3, To: 1, Count: 31},
		"eta=1e-3..1:1e2":       {Key: "eta", From: 1e-3, To: 1, Count: 100},
		"gamma=0..0.999:16":     {Key: "gamma", From: 0, To: 0.999, Count: 16},
		"gamma=.5...75:2":       {Key: "gamma", From: 0.5, To: 0.75, Count: 2},
		"beta2=0.9..0.9:1":      {Key: "beta2", From: 0.9, To: 0.9, Count: 1},
		"batch=1..all:8":        {Key: "batch", From: 1, To: 0, Count: 8},
		"batch=all..all:1":      {Key: "batch", From: 0, To: 0, Count: 1},
		"decay=0..1:5":          {Key: "decay", From: 0, To: 1, Count: 5},
		"eps=1e-300..1:1000000": {Key: "eps", From: 1e-300, To: 1, Count: 1_000_000},
	} {
		if got, err := race.ParseAxis(text, sweepable(t)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestParseAxisErrors(t *testing.T) {
	const form = "want KEY=FROM..TO:COUNT, such as eta=0.001..1:31"
	tests := []struct{ text, says string }{
		{"", form},
		{"eta", form},
		{"=1..2:3", form},
		{"eta=1", form},
		{"eta=1..2", form},
		{"eta=1:2", form},
		{"eta=1-2:3", form},
		{"etta=1..2:3", `unknown hyperparameter "etta" (did you mean "eta"?); there are eta beta1 beta2 eps decay batch gamma`},
		{"=", form},
		{"eta=x..2:3", "FROM: eta=x: not a number; want 0 < eta"},
		{"eta=1..x:3", "TO: eta=x: not a number; want 0 < eta"},
		{"eta=..1:3", "FROM: eta=: not a number"},
		{"eta=1..:3", "TO: eta=: not a number"},
		{"eta=-1..1:3", "FROM: eta=-1 is out of range: 0 < eta"},
		{"eta=1..Inf:3", "TO: eta=Inf is out of range"},
		{"eta=NaN..1:3", "FROM: eta=NaN is out of range"},
		{"gamma=0..1:3", "TO: gamma=1 is out of range: 0 ≤ gamma < 1"},
		{"eps=0..1:3", "FROM: eps=0 is out of range"},
		{"eta=0..1:3", "FROM is 0, which has no logarithm; want eta > 0"},
		{"eta=2..1:3", "FROM 2 is above TO 1; want FROM ≤ TO"},
		{"batch=all..8:3", "FROM all is above TO 8"},
		{"batch=0..8:3", "FROM: batch=0: want a whole number from 1, or all"},
		{"batch=1.5..8:3", "FROM: batch=1.5: want a whole number"},
		{"eta=1..2:0", `COUNT is "0"; want a whole number from 1 to 1000000`},
		{"eta=1..2:-3", `COUNT is "-3"; want a whole number`},
		{"eta=1..2:", `COUNT is ""; want a whole number`},
		{"eta=1..2:2.5", `COUNT is "2.5"; want a whole number`},
		{"eta=1..2:1000001", `COUNT is "1000001"; want a whole number from 1 to 1000000`},
		{"eta=1..2:99999999999999999999", "COUNT is"},
		{"eta=1..2:3:4", `COUNT is "3:4"`},
		{"eta=1..2:1", "COUNT 1 leaves out TO"},
		{"eta=1..1:2", "from 1 to 1 is one value and COUNT is 2"},
	}
	for _, test := range tests {
		axis, err := race.ParseAxis(test.text, sweepable(t))
		if err == nil {
			t.Errorf("%q is read as %+v", test.text, axis)
			continue
		}
		if text := err.Error(); !strings.Contains(text, test.says) || strings.Contains(text, "\n") {
			t.Errorf("%q: error %q does not say %q", test.text, text, test.says)
		}
	}
}

// FuzzParseAxis: what is read has values that the key may have, ascending.
func FuzzParseAxis(f *testing.F) {
	for _, seed := range []string{"eta=1e-3..1:31", "gamma=0..0.999:16", "batch=1..all:8", "decay=0..1:5", "eta=5e-324..1.7e308:9",
		"gamma=0.9..0.9999999999999999:99", "eta=1..1.0000000000000002:5", "batch=3..9007199254740993:4", "eta=1..2:3:4", "=..:"} {
		f.Add(seed)
	}
	parameters := sweepable(f)
	f.Fuzz(func(t *testing.T, text string) {
		axis, err := race.ParseAxis(text, parameters)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error that says nothing")
			}
			return
		}
		axis.Count = min(axis.Count, 1000)
		p, _ := param.Find(parameters, axis.Key)
		values := axis.Values()
		if len(values) < 1 || len(values) > axis.Count {
			t.Fatalf("%+v: %d values", axis, len(values))
		}
		for i, x := range values {
			if _, err := p.Number(p.Text(x)); err != nil {
				t.Fatalf("%+v: value %d: %v", axis, i, err)
			}
			if i > 0 && x <= values[i-1] {
				t.Fatalf("%+v: value %d is %g after %g", axis, i, x, values[i-1])
			}
		}
	})
}

func TestDefaultAxis(t *testing.T) {
	tests := []struct {
		problem, lane, key string
		from, to           float64
	}{
		{"ravine", "gd:eta=0.01", "eta", 1e-6, 1},
		{"ravine", "gd:eta=0.02", "eta", 1e-6, 1},
		{"ravine", "gd:eta=0.05", "eta", 1e-5, 10},
		{"ravine", "gd", "eta", 1e-5, 10},       // 0.075
		{"ravine", "gd:eta=0", "eta", 1e-5, 10}, // frozen
		{"ravine", "gd:eta=1e-320", "eta", 1e-304, 1e-298},
		{"ravine", "gd:eta=1e308", "eta", 1e296, 1e302},
		{"ravine", "adam", "eps", 1e-12, 1e-6},
		{"ravine", "lion", "decay", 1e-6, 1},
		{"ravine", "nag", "gamma", 0, 0.999},
		{"ravine", "adam", "beta1", 0, 0.999},
		{"ravine", "adam", "beta2", 0, 0.9999},
		{"regression:n=40", "sgd", "batch", 1, 40},
		{"ravine", "gd", "batch", 0, 0},
	}
	for _, test := range tests {
		lane := newRunner(t, raceOn(t, test.problem, test.lane)).Lanes()[0]
		want := race.Axis{Key: test.key, From: test.from, To: test.to, Count: 7}
		if got := race.DefaultAxis(lane, test.key, 7); got != want {
			t.Errorf("%s of %s on %s: %+v, want %+v", test.key, test.lane, test.problem, got, want)
		}
	}
}
