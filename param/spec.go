package param

import (
	"fmt"
	"slices"
	"strings"
)

// Pair is one key=value.
type Pair struct{ Key, Value string }

// Spec is a name with the values given to it, as written NAME:key=value,… on
// the command line. A value that has a comma outside brackets is quoted as in CSV:
// regression:"file=a,b.csv",x=size.
type Spec struct {
	Name  string
	Pairs []Pair
}

// quoting is the hint for mistakes with quotes or commas.
const quoting = `a value that has a comma is quoted with its key, 'NAME:"key=a,b"'`

// Parse splits text into its name and pairs. It does not check whether they exist.
func Parse(text string) (Spec, error) {
	name, rest, colon := strings.Cut(text, ":")
	if name == "" {
		return Spec{}, fmt.Errorf("%q: want NAME or NAME:key=value,…", text)
	}
	spec := Spec{Name: name}
	if !colon {
		return spec, nil
	}
	fields, ok := split(rest)
	if !ok || rest == "" || strings.ContainsAny(rest, "\r\n") {
		hint := ""
		if strings.Contains(rest, `"`) {
			hint = "; " + quoting
		}
		return Spec{}, fmt.Errorf("%q: want key=value,… after %q%s", text, name+":", hint)
	}
	for i, field := range fields {
		key, value, ok := strings.Cut(field, "=")
		switch {
		case !ok && i > 0 && field != "":
			return Spec{}, fmt.Errorf("%q: %q is not key=value; %s", text, field, quoting)
		case !ok || key == "" || value == "":
			return Spec{}, fmt.Errorf("%q: %q is not key=value", text, field)
		}
		if slices.ContainsFunc(spec.Pairs, func(p Pair) bool { return p.Key == key }) {
			return Spec{}, fmt.Errorf("%q: %s is given twice", text, key)
		}
		spec.Pairs = append(spec.Pairs, Pair{key, value})
	}
	return spec, nil
}

// String writes s so that Parse reads it back.
func (s Spec) String() string {
	if len(s.Pairs) == 0 {
		return s.Name
	}
	fields := make([]string, len(s.Pairs))
	for i, pair := range s.Pairs {
		field := pair.Key + "=" + pair.Value
		if commas, closed := separators(field); len(commas) > 0 || !closed || strings.ContainsAny(field, `"`+"\r\n") {
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		fields[i] = field
	}
	return s.Name + ":" + strings.Join(fields, ",")
}

// separators returns where the commas are that are neither in quotes nor in brackets,
// and whether every bracket is closed. One that is not is no bracket.
func separators(text string) (commas []int, closed bool) {
	var open []int // how many commas there were before each bracket
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			commas = append(commas, i)
		case c == '(' || c == '[':
			open = append(open, len(commas))
		case (c == ')' || c == ']') && len(open) > 0:
			commas = commas[:open[len(open)-1]]
			open = open[:len(open)-1]
		}
	}
	return commas, len(open) == 0
}

// split returns the fields between the separating commas, without their quotes. It is
// not ok where a quote stands elsewhere than around a field.
func split(text string) (fields []string, ok bool) {
	commas, _ := separators(text)
	begin := 0
	for _, end := range append(commas, len(text)) {
		field := text[begin:end]
		begin = end + 1
		if inner, quoted := strings.CutPrefix(field, `"`); quoted {
			inner, closed := strings.CutSuffix(inner, `"`)
			if !closed || strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) {
				return nil, false
			}
			field = strings.ReplaceAll(inner, `""`, `"`)
		} else if strings.Contains(field, `"`) {
			return nil, false
		}
		fields = append(fields, field)
	}
	return fields, true
}

// Equal reports whether both have the same name and pairs, in the same order.
func (s Spec) Equal(other Spec) bool {
	return s.Name == other.Name && slices.Equal(s.Pairs, other.Pairs)
}

// Value returns the value given for key, or otherwise.
func (s Spec) Value(key, otherwise string) string {
	for _, pair := range s.Pairs {
		if pair.Key == key {
			return pair.Value
		}
	}
	return otherwise
}

// With returns a copy of s in which key has that value.
func (s Spec) With(key, value string) Spec {
	pairs := slices.Clone(s.Pairs)
	i := slices.IndexFunc(pairs, func(p Pair) bool { return p.Key == key })
	if i < 0 {
		pairs = append(pairs, Pair{key, value})
	} else {
		pairs[i].Value = value
	}
	return Spec{Name: s.Name, Pairs: pairs}
}

// Unknown is the error for a word that is not among the known ones: it lists
// those and suggests the meant ones, or else the nearest.
func Unknown(what, word string, known []string, meant ...string) error {
	hint := DidYouMean(word, known)
	if len(meant) > 0 {
		hint = ` (did you mean "` + strings.Join(meant, `" or "`) + `"?)`
	}
	return fmt.Errorf("unknown %s %q%s; there are %s", what, word, hint, strings.Join(known, " "))
}

// DidYouMean returns ` (did you mean "x"?)` for the known word nearest to word, or
// nothing where none is near. Nearest is one that begins with it; one that it
// abbreviates is as near as one with an edit.
func DidYouMean(word string, known []string) string {
	nearest, best := "", 1+len(word)/2
	word = strings.ToLower(word)
	for _, candidate := range known {
		distance := editDistance(word, candidate)
		switch {
		case word != "" && strings.HasPrefix(candidate, word):
			distance = 0
		case abbreviates(word, candidate):
			distance = min(distance, 1)
		}
		if distance < best {
			nearest, best = candidate, distance
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", nearest)
}

// abbreviates reports whether a word begins as full does and is a subsequence of
// it: "b1" of "beta1".
func abbreviates(word, full string) bool {
	if word == "" || full == "" || word[0] != full[0] {
		return false
	}
	for _, letter := range []byte(word) {
		i := strings.IndexByte(full, letter)
		if i < 0 {
			return false
		}
		full = full[i+1:]
	}
	return true
}

// editDistance counts the single-byte edits between a and b, of which exchanging
// two neighbours is one (optimal string alignment, after Damerau 1964).
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j-1]+cost, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
