package keymap

import (
	"errors"
	"fmt"
	"strings"
)

// The marks between which the README has its key table.
const (
	readmeBegin = "<!-- keys -->\n"
	readmeEnd   = "<!-- /keys -->"
)

// Table returns the keys as a Markdown table.
func Table(m Map) string {
	var text strings.Builder
	text.WriteString("| key | does |\n|---|---|\n")
	for _, group := range m.groups(code) {
		for _, entry := range group.Entries {
			fmt.Fprintf(&text, "| %s | %s |\n", entry.Keys, entry.Help)
		}
	}
	return text.String()
}

// UpdateReadme returns a README with today's table of the default keys.
func UpdateReadme(readme string) (string, error) {
	before, rest, begun := strings.Cut(readme, readmeBegin)
	_, after, ended := strings.Cut(rest, readmeEnd)
	if !begun || !ended {
		return "", errors.New("README.md: want the lines <!-- keys --> and <!-- /keys -->, for the key table to go between")
	}
	return before + readmeBegin + Table(Default()) + readmeEnd + after, nil
}

// ReadmeStale returns an error that says what to run if README's table is not
// that of the default keys.
func ReadmeStale(readme string) error {
	updated, err := UpdateReadme(readme)
	if err == nil && updated != readme {
		err = errors.New("README.md: the key table is stale; mend it with: go generate ./keymap")
	}
	return err
}
