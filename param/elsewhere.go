package param

import (
	"slices"
	"strings"
)

// Elsewhere maps the names of papers and other libraries to those used here.
type Elsewhere []struct {
	Here  string
	Of    string // the rules or problems that have it in this sense, separated by blanks; empty for all
	Names string // elsewhere, separated by blanks
}

// Meant returns the known names of owner that a word from elsewhere may mean.
// Case, blanks, _ and - are ignored.
func (e Elsewhere) Meant(word, owner string, known []string) (meant []string) {
	word = folded(word)
	for _, name := range known {
		is := folded(name) == word
		for _, row := range e {
			is = is || row.Here == name && (row.Of == "" || slices.Contains(strings.Fields(row.Of), owner)) &&
				slices.ContainsFunc(strings.Fields(row.Names), func(other string) bool { return folded(other) == word })
		}
		if is {
			meant = append(meant, name)
		}
	}
	return meant
}

// folded returns a name in lower case without blanks, _ and -.
func folded(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}
