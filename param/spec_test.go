package param

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, row := range []struct {
		text string
		want Spec
		back string // what String writes; text itself if empty
	}{
		{text: "adam", want: Spec{Name: "adam"}},
		{text: "adam:eta=0.1", want: Spec{"adam", []Pair{{"eta", "0.1"}}}},
		{text: "adam:eta=0.1,batch=all", want: Spec{"adam", []Pair{{"eta", "0.1"}, {"batch", "all"}}}},
		{text: "adam:eta@50=0.01", want: Spec{"adam", []Pair{{"eta@50", "0.01"}}}},
		{text: "regression:x=area+rooms", want: Spec{"regression", []Pair{{"x", "area+rooms"}}}},
		{text: "r:file=a=b.csv", want: Spec{"r", []Pair{{"file", "a=b.csv"}}}},
		{text: `r:file=C:\data`, want: Spec{"r", []Pair{{"file", `C:\data`}}}},
		{text: `r:"file=a,b.csv",x=size`, want: Spec{"r", []Pair{{"file", "a,b.csv"}, {"x", "size"}}}},
		{text: `r:"file=say ""hi"""`, want: Spec{"r", []Pair{{"file", `say "hi"`}}}},
		{text: `r:"x=size"`, want: Spec{"r", []Pair{{"x", "size"}}}, back: "r:x=size"},
		{text: "f:J=max(x, y)+hypot(x,min(y,1)),a=1", want: Spec{"f", []Pair{{"J", "max(x, y)+hypot(x,min(y,1))"}, {"a", "1"}}}},
		{text: "r:file=a(b.csv,x=[c", want: Spec{"r", []Pair{{"file", "a(b.csv"}, {"x", "[c"}}}, back: `r:"file=a(b.csv","x=[c"`},
		{text: `r:"file=a(b.csv","x=)c"`, want: Spec{"r", []Pair{{"file", "a(b.csv"}, {"x", ")c"}}}, back: `r:"file=a(b.csv",x=)c`},
		{text: "r:größe=5 m²", want: Spec{"r", []Pair{{"größe", "5 m²"}}}},
	} {
		got, err := Parse(row.text)
		if err != nil || !reflect.DeepEqual(got, row.want) {
			t.Errorf("Parse(%q) = %q, %v; want %q", row.text, got, err, row.want)
		}
		if row.back == "" {
			row.back = row.text
		}
		if text := got.String(); text != row.back {
			t.Errorf("%q is written %q, want %q", row.text, text, row.back)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, row := range []struct{ text, says string }{
		{"", "NAME:key=value"},
		{":eta=1", "NAME:key=value"},
		{"adam:", `key=value,… after "adam:"`},
		{"adam:eta", `"eta" is not key=value`},
		{"adam:eta=", `"eta=" is not key=value`},
		{"adam:=1", `"=1" is not key=value`},
		{"adam:eta=0,1", `"1" is not key=value; a value that has a comma is quoted with its key, 'NAME:"key=a,b"'`},
		{`r:file="a,b.csv"`, `after "r:"; a value that has a comma is quoted`},
		{"adam:eta=1,", `"" is not key=value`},
		{"adam:,eta=1", `"" is not key=value`},
		{"adam:eta=1,eta=2", "eta is given twice"},
		{`adam:"eta=1`, `key=value,… after "adam:"`},
		{`adam:eta="1"`, `key=value,… after "adam:"`},
		{"adam:eta=1\nbatch=2", `key=value,… after "adam:"`},
		{"adam:eta=1\r", `key=value,… after "adam:"`},
	} {
		_, err := Parse(row.text)
		if err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Parse(%q): %v; want one line that says %q", row.text, err, row.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "adam", "adam:eta=0.1,batch=8", `r:"file=a,b.csv",x=size`, `r:"a=""",b= c`, "f:J=max(x,y),a=1", "r:a=(,b=)", `r:"a=(",b=),c="(,)"`, "a:b=c\nd=e", "a:\\.=b", ":", "a:\xff=\xfe",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		spec, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(spec.String())
		if err != nil || !reflect.DeepEqual(again, spec) {
			t.Errorf("%q is %q, written %q, read back %q, %v", text, spec, spec.String(), again, err)
		}
	})
}

func TestValueAndWith(t *testing.T) {
	original := Spec{"adam", []Pair{{"eta", "0.1"}, {"batch", "8"}}}
	if got := original.Value("batch", "all"); got != "8" {
		t.Errorf("batch = %q, want 8", got)
	}
	if got := original.Value("beta1", "0.9"); got != "0.9" {
		t.Errorf("beta1 = %q, want 0.9", got)
	}
	for _, row := range []struct{ key, value, want string }{
		{"eta", "0.2", "adam:eta=0.2,batch=8"},
		{"beta1", "0.5", "adam:eta=0.1,batch=8,beta1=0.5"},
	} {
		if got := original.With(row.key, row.value).String(); got != row.want {
			t.Errorf("With(%q, %q) = %s, want %s", row.key, row.value, got, row.want)
		}
	}
	if got := original.String(); got != "adam:eta=0.1,batch=8" {
		t.Errorf("With changed the original to %s", got)
	}
}

func TestDidYouMean(t *testing.T) {
	keys := strings.Fields("eta beta1 beta2 eps batch")
	optimizers := strings.Fields("gd sgd minibatch momentum nag adagrad adadelta rmsprop adam adamax nadam amsgrad adamw lion")
	for _, row := range []struct {
		word, want string
		known      []string // optimizers where nil
	}{
		{"beta", "beta1", keys}, // not "eta", though it is as near
		{"b", "beta1", keys},
		{"b2", "beta2", keys},
		{"adma", "adam", nil},
		{"sdg", "sgd", nil},
		{"rmprp", "rmsprop", nil},
		{"Adam", "adam", nil},
		{"ADAMW", "adamw", nil},
		{"momentun", "momentum", nil},
		{"mom", "momentum", nil},
		{"rms", "rmsprop", nil},
		{"rmsporp", "rmsprop", nil},
		{"nesterov", "", nil},
		{"zzz", "", nil},
		{"", "", nil},
	} {
		want := ""
		if row.want != "" {
			want = ` (did you mean "` + row.want + `"?)`
		}
		if row.known == nil {
			row.known = optimizers
		}
		if got := DidYouMean(row.word, row.known); got != want {
			t.Errorf("DidYouMean(%q) = %q, want %q", row.word, got, want)
		}
	}
}

func TestUnknown(t *testing.T) {
	got := Unknown("optimizer", "adma", []string{"gd", "adam"}).Error()
	if want := `unknown optimizer "adma" (did you mean "adam"?); there are gd adam`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEditDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"adma", "adam", 1}, {"ca", "abc", 3},
	} {
		if got := editDistance(row.a, row.b); got != row.want {
			t.Errorf("editDistance(%q, %q) = %d, want %d", row.a, row.b, got, row.want)
		}
	}
}
