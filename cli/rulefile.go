package cli

import (
	"fmt"
	"strings"

	"ravine/optim"
	"ravine/param"
	"ravine/smallfile"
)

// withLines puts the lines of rule:file=FILE in place of the file's name, so that a
// copied command line needs no file. Blank lines and what follows a # do not count.
func withLines(lane param.Spec) (param.Spec, error) {
	name := lane.Value("file", "")
	if lane.Name != optim.TypedName || name == "" {
		return lane, nil
	}
	if lane.Value(optim.StepKey, "") != "" {
		return lane, fmt.Errorf("%s: %s and file are two ways to give its lines; want one", lane.Name, optim.StepKey)
	}
	text, err := smallfile.Read(name)
	if err != nil {
		return lane, fmt.Errorf("%s: %w", lane.Name, err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, strings.TrimSuffix(line, ";"))
		}
	}
	if len(lines) == 0 {
		return lane, fmt.Errorf("%s: %s has no lines such as theta <- theta - eta*g", lane.Name, param.Printable(name))
	}
	pairs := []param.Pair{{Key: optim.StepKey, Value: strings.Join(lines, "; ")}}
	for _, pair := range lane.Pairs {
		if pair.Key != "file" {
			pairs = append(pairs, pair)
		}
	}
	return param.Spec{Name: lane.Name, Pairs: pairs}, nil
}
