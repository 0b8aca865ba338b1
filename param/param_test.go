package param

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestRange(t *testing.T) {
	infinity := math.Inf(1)
	orZero := Positive
	orZero.OrZero = true
	for _, row := range []struct {
		name     string
		r        Range
		in, out  []float64
		describe string
	}{
		{"any", Range{}, []float64{0, -1e300, 1e300}, nil, "x finite"},
		{"positive", Positive, []float64{5e-324, 1, math.MaxFloat64}, []float64{0, -1}, "0 < x, finite"},
		{"positive or 0", orZero, []float64{0, math.Copysign(0, -1), 1}, []float64{-1e-9}, "0 < x, finite, or 0"},
		{"not negative", NotNegative, []float64{0, 1}, []float64{-1e-9}, "0 ≤ x, finite"},
		{"weight", Range{Min: 0, Max: 1, MaxOpen: true}, []float64{0, 0.999999}, []float64{1, -1e-9, 2}, "0 ≤ x < 1"},
		{"closed", Range{Min: -2, Max: 2.5}, []float64{-2, 2.5}, []float64{-2.1, 2.6}, "−2 ≤ x ≤ 2.5"},
		{"open", Range{Min: 1, Max: 2, MinOpen: true, MaxOpen: true}, []float64{1.5}, []float64{1, 2, 0}, "1 < x < 2"},
		{"apart from 0", Range{Min: 1, Max: 2, OrZero: true}, []float64{0, 1, 2}, []float64{0.5}, "1 ≤ x ≤ 2, or 0"},
		{"from below", Range{Min: -infinity, Max: 3}, []float64{-1e300, 3}, []float64{3.1}, "x ≤ 3"},
	} {
		for _, x := range row.in {
			if !row.r.Has(x) {
				t.Errorf("%s: %v is outside", row.name, x)
			}
		}
		for _, x := range append(row.out, infinity, -infinity, math.NaN()) {
			if row.r.Has(x) {
				t.Errorf("%s: %v is inside", row.name, x)
			}
		}
		if got := row.r.Describe("x"); got != row.describe {
			t.Errorf("%s: described %q, want %q", row.name, got, row.describe)
		}
	}
}

var (
	rate   = Parameter{Key: "eta", Kind: Float, Range: Positive}
	weight = Parameter{Key: "gamma", Kind: Float, Range: Range{Min: 0, Max: 1, MaxOpen: true}}
	count  = Parameter{Key: "n", Kind: Int, Range: Range{Min: 2, Max: 1000}}
	size   = Parameter{Key: "batch", Kind: Batch}
	reduce = Parameter{Key: "reduce", Kind: Choice, Choices: []string{"sum", "mean"}}
	file   = Parameter{Key: "file", Kind: Text}
)

func TestNumber(t *testing.T) {
	for _, row := range []struct {
		p    Parameter
		text string
		want float64
	}{
		{rate, "0.1", 0.1}, {rate, "1e-8", 1e-8}, {rate, "+2", 2}, {rate, "0x1p-2", 0.25}, {rate, ".5", 0.5},
		{weight, "0", 0}, {weight, "0.999", 0.999},
		{count, "2", 2}, {count, "1000", 1000},
		{size, "1", 1}, {size, "32", 32}, {size, "all", 0},
		{reduce, "mean", 0}, {file, "anything, at all", 0}, {file, "", 0},
	} {
		got, err := row.p.Number(row.text)
		if err != nil || got != row.want {
			t.Errorf("%s=%s: %v, %v; want %v", row.p.Key, row.text, got, err, row.want)
		}
	}
}

func TestNumberErrors(t *testing.T) {
	for _, row := range []struct {
		p          Parameter
		text, says string
	}{
		{rate, "0", "eta=0 is out of range: 0 < eta, finite"},
		{rate, "-1e-9", "eta=-1e-9 is out of range: 0 < eta, finite"},
		{rate, "1e999", "eta=1e999 is out of range: 0 < eta, finite"},
		{rate, "inf", "eta=inf is out of range: 0 < eta, finite"},
		{rate, "nan", "eta=nan is out of range: 0 < eta, finite"},
		{rate, "ten", "eta=ten: not a number; want 0 < eta, finite"},
		{rate, "0,1", "eta=0,1: not a number; want 0 < eta, finite"},
		{rate, "", "eta=: not a number; want 0 < eta, finite"},
		{weight, "1", "gamma=1 is out of range: 0 ≤ gamma < 1"},
		{count, "1", "n=1 is out of range: 2 ≤ n ≤ 1000"},
		{count, "2.5", "n=2.5: not a whole number; want 2 ≤ n ≤ 1000"},
		{count, "99999999999999999999", "n=99999999999999999999: not a whole number; want 2 ≤ n ≤ 1000"},
		{size, "0", "batch=0: want a whole number from 1, or all"},
		{size, "-3", "batch=-3: want a whole number from 1, or all"},
		{size, "8.5", "batch=8.5: want a whole number from 1, or all"},
		{size, "All", "batch=All: want a whole number from 1, or all"},
		{reduce, "meen", `reduce=meen: want sum or mean (did you mean "mean"?)`},
		{reduce, "", "reduce=: want sum or mean"},
	} {
		_, err := row.p.Number(row.text)
		if err == nil || err.Error() != row.says {
			t.Errorf("%s=%s: %v; want %q", row.p.Key, row.text, err, row.says)
		}
	}
}

func TestTextReadsBack(t *testing.T) {
	for _, row := range []struct {
		p    Parameter
		x    float64
		want string
	}{
		{rate, 0.1, "0.1"}, {rate, 1e-8, "1e-08"}, {rate, 1.0 / 3, "0.3333333333333333"},
		{count, 800, "800"}, {size, 0, "all"}, {size, 32, "32"}, {size, 1_048_576, "1048576"},
	} {
		text := row.p.Text(row.x)
		if back, err := row.p.Number(text); text != row.want || err != nil || back != row.x {
			t.Errorf("%s: %v is written %q, want %q, and read %v, %v", row.p.Key, row.x, text, row.want, back, err)
		}
	}
}

func TestFindAndKeys(t *testing.T) {
	parameters := []Parameter{rate, weight, size}
	if got, want := strings.Join(Keys(parameters), " "), "eta gamma batch"; got != want {
		t.Errorf("Keys = %q, want %q", got, want)
	}
	for _, p := range parameters {
		if got, ok := Find(parameters, p.Key); !ok || !reflect.DeepEqual(got, p) {
			t.Errorf("Find(%q) = %+v, %v", p.Key, got, ok)
		}
	}
	if got, ok := Find(parameters, "beta1"); ok || got.Key != "" {
		t.Errorf("Find(beta1) = %+v, %v", got, ok)
	}
}

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "κ = 25": "κ = 25", "a\nb\t": `a\nb\t`, "\x1b[2J": `\x1b[2J`, "\xff\xfe": `\xff\xfe`, "�": "�", "\u202eevil": `\u202eevil`, `"\'`: `"\'`,
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
