package panel

import (
	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// SweepPairs returns what can be swept on a lane: one hyperparameter, and pairs.
// A batch is swept with η alone, since its best value is little without η's.
func SweepPairs(lane *race.Lane) [][]string {
	var others []string
	main := lane.MainKey()
	for _, p := range lane.Parameters() {
		if optim.Lookup(p.Key).IsSwept() && p.Key != main && p.Key != optim.Batch {
			others = append(others, p.Key)
		}
	}
	pairs := [][]string{{main}}
	for i, first := range append([]string{main}, others...) {
		for _, second := range others[i:] {
			pairs = append(pairs, []string{first, second})
		}
	}
	for _, key := range others {
		pairs = append(pairs, []string{key})
	}
	if canTune(lane, optim.Batch) && main != optim.Batch {
		pairs = append(pairs, []string{main, optim.Batch}, []string{optim.Batch})
	}
	return pairs
}

// PrettyValue writes a value of a hyperparameter as the table does.
func PrettyValue(parameter param.Parameter, value float64) string {
	if parameter.Kind == param.Batch && value == 0 {
		return param.All
	}
	return setting(value)
}

// SymbolOf returns what a sentence calls a hyperparameter.
func SymbolOf(key string) string { return optim.Lookup(key).Name() }

// canTune reports whether a lane's rule has a hyperparameter and, if it is the batch,
// whether there are data to sample.
func canTune(lane *race.Lane, key string) bool {
	_, ok := param.Find(lane.Parameters(), key)
	return ok && (key != optim.Batch || lane.Samples())
}
