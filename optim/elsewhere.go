package optim

import (
	"fmt"
	"slices"
	"strings"

	"ravine/param"
)

// elsewhere lists what hyperparameters and rules are called in PyTorch, Keras,
// optax and papers.
var elsewhere = param.Elsewhere{
	{Here: Eta, Names: "η lr learning_rate step_size rate alpha"},
	{Here: Gamma, Of: "momentum nag", Names: "γ momentum mu rho beta"},
	{Here: Gamma, Of: "rmsprop adadelta", Names: "γ rho alpha decay decay_rate smoothing beta"},
	{Here: Beta1, Names: "β₁ β1 b1 betas beta rho1 momentum mu"},
	{Here: Beta2, Names: "β₂ β2 b2 betas rho2 rho decay_rate"},
	{Here: Epsilon, Names: "ε epsilon fuzz delta"},
	{Here: Decay, Names: "λ lambda weight_decay wd l2"},
	{Here: Batch, Names: "batch_size bs minibatch mini_batch_size"},
	{Here: "gd", Names: "gradient_descent batch_gd bgd full_batch steepest_descent vanilla"},
	{Here: "sgd", Names: "stochastic stochastic_gd stochastic_gradient_descent"},
	{Here: "minibatch", Names: "mini_batch_gd minibatch_sgd mbgd"},
	{Here: "momentum", Names: "heavy_ball polyak sgdm sgd_momentum sgd_with_momentum gd_with_momentum"},
	{Here: "nag", Names: "nesterov nesterov_momentum nesterov_accelerated_gradient sgd_nesterov accelerated"},
	{Here: "nadam", Names: "nesterov nesterov_adam adam_nesterov"},
	{Here: "adagrad", Names: "adaptive_gradient"},
	{Here: "adam", Names: "adaptive_moment_estimation"},
	{Here: "amsgrad", Names: "adam_amsgrad"},
	{Here: "adamw", Names: "decoupled_weight_decay adam_weight_decay adam_wd"},
}

// UnknownKey is the error for a hyperparameter that the rule does not have: it
// suggests its name here or, where the rule has none such, the rules that do.
func (o Optimizer) UnknownKey(key string, c Convention) error {
	what, keys := o.Name+" hyperparameter", param.Keys(o.Parameters(c))
	if o.Name == TypedName {
		return fmt.Errorf("%s: no name %q is in its lines%s; its hyperparameters are %s", o.Name, key, param.DidYouMean(key, keys), strings.Join(keys, " "))
	}
	if meant := elsewhere.Meant(key, o.Name, keys); len(meant) > 0 {
		return param.Unknown(what, key, keys, meant...)
	}
	as := ""
	var rules []string
	for _, other := range All() {
		meant := elsewhere.Meant(key, other.Name, param.Keys(other.Parameters(c)))
		if len(meant) > 0 && meant[0] == key && as != key {
			rules, as = nil, "" // the name here comes before what it means elsewhere
		}
		if len(meant) > 0 && (as == "" || as == meant[0]) {
			rules, as = append(rules, other.Name), meant[0]
		}
	}
	note := strings.Join(rules, " ") + " have it"
	itself := elsewhere.Meant(key, "", names())
	switch {
	case as == key:
	case as != "":
		note += fmt.Sprintf(", as %q", as)
	case slices.Contains(itself, o.Name):
		note = "the rule is that by itself"
	case len(itself) > 0:
		note = "it is a rule: " + strings.Join(itself, " or ")
	default:
		return param.Unknown(what, key, keys)
	}
	return fmt.Errorf("unknown %s %q (%s); there are %s", what, key, note, strings.Join(keys, " "))
}

// names returns the names of all optimizers.
func names() []string {
	var names []string
	for _, o := range All() {
		names = append(names, o.Name)
	}
	return names
}
