package optim

import (
	"cmp"
	"math"
	"slices"

	"ravine/formula"
	"ravine/param"
)

// Hyperparameters are all the values that a rule may read. Those that it does
// read are its Optimizer.Parameters.
type Hyperparameters struct {
	Eta     float64 // η, the learning rate
	Gamma   float64 // γ, the weight of the past
	Beta1   float64 // β₁, the decay of the first moment
	Beta2   float64 // β₂, the decay of the second moment
	Epsilon float64 // ε, keeps a denominator from 0
	Decay   float64 // λ, the weight decay
	Batch   int     // examples a step, 0 for all; read by the sampler, not by the rule

	own [mostOwn]namedValue // those of a typed rule that are not in the table
}

// mostOwn bounds the hyperparameters that only a typed rule has.
const mostOwn = 8

// namedValue is such a hyperparameter.
type namedValue struct {
	key string
	x   float64
}

// The keys of the hyperparameters, as on the command line.
const (
	Eta     = "eta"
	Gamma   = "gamma"
	Beta1   = "beta1"
	Beta2   = "beta2"
	Epsilon = "eps"
	Decay   = "decay"
	Batch   = "batch"
)

// Hyperparameter is what is known of a hyperparameter whatever rule has it, and
// what the playground needs to show it.
type Hyperparameter struct {
	param.Parameter        // its Default is for each rule to say
	Words           string // what a sentence calls it, where it has no symbol

	Down, Up    string  // the keys that step it; without them it is not swept on screen either
	Width, Rank int     // of its column in the table of lanes: the highest ranks go first where room is short
	SweepTo     float64 // a sweep opens from 0 to here or, if it is 0, over decades around the lane's value

	value func(*Hyperparameters) *float64 // nil for batch, which is whole
}

// IsSwept reports whether it is swept on screen: those that keys step, and what only a
// typed rule has.
func (h Hyperparameter) IsSwept() bool {
	return h.Down != "" || h.value == nil && h.Kind != param.Batch
}

// Name returns what a sentence calls it: "η", "batch size".
func (h Hyperparameter) Name() string { return cmp.Or(h.Symbol, h.Words) }

// at is the hyperparameter as a rule has it, with the default that it has there;
// empty where that depends on the problem.
func (h Hyperparameter) at(initial string) param.Parameter {
	p := h.Parameter
	p.Default = initial
	return p
}

// of is at where the help says what the hyperparameter is a weight of.
func (h Hyperparameter) of(what, initial string) param.Parameter {
	h.Help += " in " + what
	return h.at(initial)
}

var table = []Hyperparameter{eta, gamma, beta1, beta2, epsilon, decay, batch}

// Table returns every hyperparameter, in the order of the keys, columns and sweeps.
// Callers do not change it.
func Table() []Hyperparameter { return table }

var tunable = slices.DeleteFunc(slices.Clone(table), func(h Hyperparameter) bool { return h.Down == "" })

// Tunable returns those of Table that keys step. Callers do not change it.
func Tunable() []Hyperparameter { return tunable }

// past is the range of a weight of the past in a sum or mean of past and present.
var past = param.Range{Min: 0, Max: 1, MaxOpen: true}

var eta = Hyperparameter{
	Parameter: param.Parameter{
		Key: Eta, Symbol: "η", Help: "learning rate; 0 freezes the lane",
		Range: param.Range{Max: math.Inf(1), MinOpen: true, MaxOpen: true, OrZero: true}, Scale: param.Log,
	},
	Down: "e", Up: "E", Width: 8,
	value: func(h *Hyperparameters) *float64 { return &h.Eta },
}

var gamma = Hyperparameter{
	Parameter: param.Parameter{
		Key: Gamma, Symbol: "γ", Help: "weight of the past, in the velocity or in the mean of g²",
		Range: past, Scale: param.LogComplement,
	},
	Down: "g", Up: "G", Width: 7, Rank: 2, SweepTo: 0.999,
	value: func(h *Hyperparameters) *float64 { return &h.Gamma },
}

var beta1 = Hyperparameter{
	Parameter: param.Parameter{
		Key: Beta1, Symbol: "β₁", Help: "weight of the past in the mean of g",
		Range: past, Scale: param.LogComplement,
	},
	Down: "b", Up: "B", Width: 7, Rank: 2, SweepTo: 0.999,
	value: func(h *Hyperparameters) *float64 { return &h.Beta1 },
}

var beta2 = Hyperparameter{
	Parameter: param.Parameter{
		Key: Beta2, Symbol: "β₂", Help: "weight of the past",
		Range: past, Scale: param.LogComplement,
	},
	Down: "v", Up: "V", Width: 7, Rank: 2, SweepTo: 0.9999,
	value: func(h *Hyperparameters) *float64 { return &h.Beta2 },
}

var epsilon = Hyperparameter{
	Parameter: param.Parameter{
		Key: Epsilon, Symbol: "ε", Help: "keeps the denominator from 0",
		Range: param.Positive, Scale: param.Log,
	},
	value: func(h *Hyperparameters) *float64 { return &h.Epsilon },
}

var decay = Hyperparameter{
	Parameter: param.Parameter{
		Key: Decay, Symbol: "λ", Help: "weight decay: the pull of θ towards 0",
		Range: param.NotNegative, Scale: param.Log,
	},
	value: func(h *Hyperparameters) *float64 { return &h.Decay },
}

var batch = Hyperparameter{
	Parameter: param.Parameter{
		Key: Batch, Help: "examples a step, or all",
		Kind: param.Batch, Scale: param.PowersOfTwo,
	},
	Words: "batch size", Down: "m", Up: "M", Width: 5, Rank: 4,
}

// Lookup returns the hyperparameter with that key; one that only a typed rule has, by
// its name, if there is none.
func Lookup(key string) Hyperparameter {
	for _, h := range table {
		if h.Key == key {
			return h
		}
	}
	return Hyperparameter{Parameter: param.Parameter{Key: key, Symbol: formula.PrettyName(key), Help: "of this rule", Scale: param.Log}}
}

// Get returns the value of the hyperparameter with that key; 0 for one that was never
// set.
func (h *Hyperparameters) Get(key string) float64 {
	if key == Batch {
		return float64(h.Batch)
	}
	if row := Lookup(key); row.value != nil {
		return *row.value(h)
	}
	for i := range h.own {
		if h.own[i].key == key {
			return h.own[i].x
		}
	}
	return 0
}

// Set stores the value of the hyperparameter with that key. Whether it is in
// range is for the caller to check.
func (h *Hyperparameters) Set(key string, x float64) {
	if key == Batch {
		h.Batch = int(x)
		return
	}
	if row := Lookup(key); row.value != nil {
		*row.value(h) = x
		return
	}
	for i := range h.own {
		if h.own[i].key == key || h.own[i].key == "" {
			h.own[i] = namedValue{key, x}
			return
		}
	}
	panic("optim: more than the most hyperparameters of a typed rule")
}

// both is for a rule with the same hyperparameters in both conventions.
func both(parameters ...param.Parameter) func(Convention) []param.Parameter {
	return func(Convention) []param.Parameter { return slices.Clone(parameters) }
}
