package optim

import (
	"slices"
	"strings"
	"testing"

	"ravine/param"
)

func TestFind(t *testing.T) {
	var names []string
	for _, o := range All() {
		names = append(names, o.Name)
		found, err := Find(o.Name)
		if err != nil || found.Name != o.Name {
			t.Errorf("Find(%q) = %q, %v", o.Name, found.Name, err)
		}
		if o.Title == "" || o.Source == "" || !strings.HasSuffix(o.Summary, ".") {
			t.Errorf("%s: title %q, summary %q, source %q", o.Name, o.Title, o.Summary, o.Source)
		}
	}
	want := "gd sgd minibatch momentum nag adagrad adadelta rmsprop adam adamax nadam amsgrad adamw lion"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("All() is\n%s, want\n%s", got, want)
	}
	_, err := Find("adma")
	checkError(t, err, `"adma"`, `did you mean "adam"`, want)
}

func TestConvention(t *testing.T) {
	for _, c := range []Convention{Slides, Papers} {
		if got, err := ParseConvention(c.String()); err != nil || got != c {
			t.Errorf("ParseConvention(%q) = %v, %v", c, got, err)
		}
	}
	for _, name := range []string{"", "paper", "Slides", "both"} {
		_, err := ParseConvention(name)
		checkError(t, err, `"`+name+`"`, "slides", "papers")
	}
}

func checkError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", parts)
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

// The table of the design: every hyperparameter with its default.
func TestDefaults(t *testing.T) {
	adamLike := "eta= beta1=0.9 beta2=0.999 eps=1e-8 batch=all"
	want := map[string][2]string{
		"gd":        {"eta= batch=all"},
		"sgd":       {"eta= batch=1"},
		"minibatch": {"eta= batch=32"},
		"momentum":  {"eta= gamma=0.9 batch=all"},
		"nag":       {"eta= gamma=0.9 batch=all"},
		"adagrad":   {"eta= eps=1e-8 batch=all"},
		"adadelta":  {"eta= gamma=0.9 eps=1e-8 batch=all", "eta=1 gamma=0.9 eps=1e-6 batch=all"},
		"rmsprop":   {"eta= gamma=0.9 eps=1e-8 batch=all"},
		"adam":      {adamLike},
		"adamax":    {"eta= beta1=0.9 beta2=0.999 batch=all"},
		"nadam":     {adamLike},
		"amsgrad":   {adamLike},
		"adamw":     {"eta= beta1=0.9 beta2=0.999 eps=1e-8 decay=0.01 batch=all"},
		"lion":      {"eta= beta1=0.9 beta2=0.99 decay=0 batch=all"},
	}
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		row := want[o.Name]
		if row[1] == "" {
			row[1] = row[0]
		}
		var got []string
		h := o.Defaults(c)
		for _, p := range o.Parameters(c) {
			got = append(got, p.Key+"="+p.Default)
			if p.Default == "" {
				if h.Get(p.Key) != 0 {
					t.Errorf("%s = %v without a default", p.Key, h.Get(p.Key))
				}
				continue
			}
			if x, err := p.Number(p.Default); err != nil || x != h.Get(p.Key) {
				t.Errorf("the default %s=%s is read as %v, %v; Defaults has %v", p.Key, p.Default, x, err, h.Get(p.Key))
			}
		}
		if strings.Join(got, " ") != row[c] {
			t.Errorf("got %q, want %q", strings.Join(got, " "), row[c])
		}
	})
}

func TestParametersCannotBeChangedFromOutside(t *testing.T) {
	adam.Parameters(Slides)[0].Key = "changed"
	if key := adam.Parameters(Slides)[0].Key; key != "eta" {
		t.Errorf("the first key is %q", key)
	}
}

// A rule's formulas name exactly the hyperparameters that it has.
func TestFormulasNameTheParameters(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		var formulas strings.Builder
		for _, line := range o.Start(1, c).Lines() {
			formulas.WriteString(line.Formula + "\n")
		}
		for _, p := range Table() {
			if p.Symbol == "" {
				continue
			}
			_, has := param.Find(o.Parameters(c), p.Key)
			if named := strings.Contains(formulas.String(), p.Symbol); named != has {
				t.Errorf("%s is named in the formulas: %v, is a parameter: %v", p.Symbol, named, has)
			}
		}
	})
}

func TestSetGet(t *testing.T) {
	var h Hyperparameters
	keys := []string{"eta", "gamma", "beta1", "beta2", "eps", "decay", "batch"}
	for i, key := range keys {
		h.Set(key, float64(i+1))
	}
	if want := (Hyperparameters{Eta: 1, Gamma: 2, Beta1: 3, Beta2: 4, Epsilon: 5, Decay: 6, Batch: 7}); h != want {
		t.Errorf("after Set: %+v, want %+v", h, want)
	}
	for i, key := range keys {
		if got := h.Get(key); got != float64(i+1) {
			t.Errorf("Get(%q) = %v, want %d", key, got, i+1)
		}
	}
	for i := range mostOwn {
		h.Set(string(rune('p'+i)), float64(i))
	}
	copied := h
	copied.Set("q", 9)
	if h.Get("q") != 1 || copied.Get("q") != 9 || h.Get("nobody") != 0 {
		t.Errorf("a typed rule's own: q is %v, %v in a copy; one that was never set is %v", h.Get("q"), copied.Get("q"), h.Get("nobody"))
	}
	defer func() {
		if recover() == nil {
			t.Errorf("no panic on one more than the most")
		}
	}()
	h.Set("one more", 1)
}

func TestHyperparameterRanges(t *testing.T) {
	weights := []string{"1", "-0.1", "1.5", "NaN", "inf", "x", ""}
	ranges := map[string]struct {
		accepted, refused []string
		says              string
	}{
		"eta":   {[]string{"0", "1e-300", "0.1", "1e300"}, []string{"-1e-9", "NaN", "inf", "-inf", "1e999", "x", ""}, "0 < eta, finite, or 0"},
		"gamma": {[]string{"0", "0.5", "0.999999999"}, weights, "0 ≤ gamma < 1"},
		"beta1": {[]string{"0", "0.5", "0.999999999"}, weights, "0 ≤ beta1 < 1"},
		"beta2": {[]string{"0", "0.5", "0.999999999"}, weights, "0 ≤ beta2 < 1"},
		"eps":   {[]string{"1e-300", "1e-8", "5"}, []string{"0", "-1e-8", "NaN", "+Inf", "x"}, "0 < eps, finite"},
		"decay": {[]string{"0", "1e-300", "3"}, []string{"-1e-9", "NaN", "Inf", "x"}, "0 ≤ decay, finite"},
		"batch": {[]string{"1", "32", "all"}, []string{"0", "-1", "1.5", "ALL", "x", ""}, "a whole number from 1, or all"},
	}
	scales := map[string]param.Scale{
		"eta": param.Log, "eps": param.Log, "decay": param.Log, "batch": param.PowersOfTwo,
		"gamma": param.LogComplement, "beta1": param.LogComplement, "beta2": param.LogComplement,
	}
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		keys := param.Keys(o.Parameters(c))
		if keys[0] != "eta" || keys[len(keys)-1] != "batch" || slices.Contains(keys, "") {
			t.Errorf("the keys are %q, want eta first and batch last", keys)
		}
		for _, p := range o.Parameters(c) {
			row := ranges[p.Key]
			for _, text := range row.accepted {
				if _, err := p.Number(text); err != nil {
					t.Errorf("%s=%s is refused: %v", p.Key, text, err)
				}
			}
			for _, text := range row.refused {
				_, err := p.Number(text)
				checkError(t, err, p.Key+"=", row.says)
			}
			if p.Scale != scales[p.Key] || p.Help == "" || (p.Symbol == "") != (p.Key == "batch") {
				t.Errorf("%s: scale %v, help %q, symbol %q", p.Key, p.Scale, p.Help, p.Symbol)
			}
		}
	})
}
