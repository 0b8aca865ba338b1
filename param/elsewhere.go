package param

import (
	"slices"
	"strings"
)

// Elsewhere says what names have here that are others in papers and libraries.
type Elsewhere []struct {
	Here  string
	Of    string // the rules or problems that have it in this sense, separated by blanks; empty for all
	Names string // elsewhere, separated by blanks
}

// Meant returns those of the known names, which are names of owner's, that a word
// stands for elsewhere. Capitals, blanks, _ and - make no difference.
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

// folded returns a name without what is written one way here and another there.
func folded(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}
