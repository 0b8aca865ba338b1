package race

import (
	"fmt"
	"slices"
	"strings"

	"ravine/optim"
	"ravine/param"
)

// edit is a hyperparameter that changes before the update that follows a step.
type edit struct {
	step  int
	key   string
	value float64
}

// laneValues is a lane's spec, read: what does not depend on the problem.
type laneValues struct {
	optimizer optim.Optimizer
	hyper     optim.Hyperparameters
	given     []string // keys that the spec names
	edits     []edit   // by step
}

// readLane reads NAME:key=value,key@step=value,….
func readLane(spec param.Spec, rules optim.Convention) (laneValues, error) {
	optimizer, err := optim.Find(spec.Name)
	if err != nil {
		return laneValues{}, err
	}
	parameters := optimizer.Parameters(rules)
	values := laneValues{optimizer: optimizer, hyper: optimizer.Defaults(rules)}
	for _, pair := range spec.Pairs {
		key, at, edited := strings.Cut(pair.Key, "@")
		parameter, ok := param.Find(parameters, key)
		if !ok {
			return laneValues{}, optimizer.UnknownKey(key, rules)
		}
		x, err := parameter.Number(pair.Value)
		if err != nil && edited {
			err = fmt.Errorf("%s: %w", pair.Key, err)
		}
		if err != nil {
			return laneValues{}, fmt.Errorf("%s: %w", spec.Name, err)
		}
		if !edited {
			values.hyper.Set(key, x)
			values.given = append(values.given, key)
			continue
		}
		step, err := param.Whole(at)
		if err != nil || step < 0 {
			return laneValues{}, fmt.Errorf("%s: %s: %q is not a step; want %s@STEP=value with a whole STEP from 0", spec.Name, pair.Key, at, key)
		}
		if slices.ContainsFunc(values.edits, func(e edit) bool { return e.step == step && e.key == key }) {
			return laneValues{}, fmt.Errorf("%s: %s at step %d is given twice", spec.Name, key, step)
		}
		values.edits = append(values.edits, edit{step, key, x})
	}
	slices.SortStableFunc(values.edits, func(a, b edit) int { return a.step - b.step })
	return values, nil
}
