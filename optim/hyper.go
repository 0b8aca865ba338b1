package optim

import (
	"slices"

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
}

// Get returns the value of the hyperparameter with that key. It panics on a key
// that no rule has.
func (h *Hyperparameters) Get(key string) float64 {
	if key == "batch" {
		return float64(h.Batch)
	}
	return *h.value(key)
}

// Set stores the value of the hyperparameter with that key. Whether it is in
// range is for the caller to check. It panics on a key that no rule has.
func (h *Hyperparameters) Set(key string, x float64) {
	if key == "batch" {
		h.Batch = int(x)
		return
	}
	*h.value(key) = x
}

func (h *Hyperparameters) value(key string) *float64 {
	switch key {
	case "eta":
		return &h.Eta
	case "gamma":
		return &h.Gamma
	case "beta1":
		return &h.Beta1
	case "beta2":
		return &h.Beta2
	case "eps":
		return &h.Epsilon
	case "decay":
		return &h.Decay
	}
	panic("optim: no hyperparameter has the key " + key)
}

// inFormulas are the hyperparameters that appear in formulas, for their symbols.
var inFormulas = []param.Parameter{eta(""), gamma(""), beta1(""), beta2("", ""), epsilon(""), decay("")}

// Symbol returns the symbol of the hyperparameter with that key, as in formulas;
// empty for batch, which has none.
func Symbol(key string) string {
	parameter, _ := param.Find(inFormulas, key)
	return parameter.Symbol
}

// both is for a rule with the same hyperparameters in both conventions.
func both(parameters ...param.Parameter) func(Convention) []param.Parameter {
	return func(Convention) []param.Parameter { return slices.Clone(parameters) }
}

func eta(initial string) param.Parameter {
	orZero := param.Positive
	orZero.OrZero = true
	return param.Parameter{
		Key: "eta", Symbol: "η", Help: "learning rate; 0 freezes the lane",
		Default: initial, Range: orZero, Scale: param.Log,
	}
}

// weight is the weight of the past in a sum or mean of past and present.
func weight(key, symbol, help, initial string) param.Parameter {
	return param.Parameter{
		Key: key, Symbol: symbol, Help: help, Default: initial,
		Range: param.Range{Min: 0, Max: 1, MaxOpen: true}, Scale: param.LogComplement,
	}
}

func gamma(initial string) param.Parameter {
	return weight("gamma", "γ", "weight of the past, in the velocity or in the mean of g²", initial)
}

func beta1(initial string) param.Parameter {
	return weight("beta1", "β₁", "weight of the past in the mean of g", initial)
}

// beta2 is the weight of the past in the second moment.
func beta2(initial, in string) param.Parameter {
	return weight("beta2", "β₂", "weight of the past in "+in, initial)
}

func epsilon(initial string) param.Parameter {
	return param.Parameter{
		Key: "eps", Symbol: "ε", Help: "keeps the denominator from 0",
		Default: initial, Range: param.Positive, Scale: param.Log,
	}
}

func decay(initial string) param.Parameter {
	return param.Parameter{
		Key: "decay", Symbol: "λ", Help: "weight decay: the pull of θ towards 0",
		Default: initial, Range: param.NotNegative, Scale: param.Log,
	}
}

func batch(initial string) param.Parameter {
	return param.Parameter{
		Key: "batch", Help: "examples a step, or all",
		Kind: param.Batch, Default: initial, Scale: param.PowersOfTwo,
	}
}
