package param

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
)

// Pair is one key=value.
type Pair struct{ Key, Value string }

// Spec is a name with the values given to it, as written NAME:key=value,… on
// the command line. A value that has a comma in it is quoted as in CSV:
// regression:"file=a,b.csv",x=size.
type Spec struct {
	Name  string
	Pairs []Pair
}

// quoting is what to know where quotes or a comma went wrong.
const quoting = `a value that has a comma is quoted with its key, 'NAME:"key=a,b"'`

// Parse splits text into its name and pairs. Whether they exist is not looked at.
func Parse(text string) (Spec, error) {
	name, rest, colon := strings.Cut(text, ":")
	if name == "" {
		return Spec{}, fmt.Errorf("%q: want NAME or NAME:key=value,…", text)
	}
	spec := Spec{Name: name}
	if !colon {
		return spec, nil
	}
	reader := csv.NewReader(strings.NewReader(rest))
	fields, err := reader.Read()
	if err != nil || strings.ContainsAny(rest, "\r\n") {
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
		fields[i] = pair.Key + "=" + pair.Value
	}
	var text strings.Builder
	writer := csv.NewWriter(&text)
	if err := writer.Write(fields); err != nil {
		panic("param: writing to a strings.Builder: " + err.Error())
	}
	writer.Flush()
	return s.Name + ":" + strings.TrimSuffix(text.String(), "\n")
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

// Unknown is the error for a word that is none of the known ones: it lists
// those and names the nearest.
func Unknown(what, word string, known []string) error {
	return fmt.Errorf("unknown %s %q%s; there are %s", what, word, DidYouMean(word, known), strings.Join(known, " "))
}

// DidYouMean returns ` (did you mean "x"?)` for the known word nearest to word,
// one that begins with it before all others, or nothing where none is near.
func DidYouMean(word string, known []string) string {
	nearest, best := "", 1+len(word)/2
	for _, candidate := range known {
		distance := editDistance(strings.ToLower(word), candidate)
		if strings.HasPrefix(candidate, strings.ToLower(word)) && word != "" {
			distance = 0
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

// editDistance counts the single-byte edits between a and b (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
