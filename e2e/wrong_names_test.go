package e2e_test

import (
	"strings"
	"testing"
)

// TestNamesFromElsewhere: names of PyTorch, Keras, optax and papers are answered
// with what that is here, or with the rules that have it.
func TestNamesFromElsewhere(t *testing.T) {
	const (
		gammas = `(momentum nag have it, as "gamma"); there are eta`
		betas  = `(adam adamax nadam amsgrad adamw lion have it`
		decays = `(adamw lion have it, as "decay"); there are eta`
	)
	meant := func(names ...string) string {
		return `(did you mean "` + strings.Join(names, `" or "`) + `"?); there are`
	}
	for _, test := range []struct{ flag, values, says string }{
		{"--opt", "gd:lr gd:learning_rate adam:learning-rate adam:LearningRate lion:step_size adam:stepsize adam:alpha gd:alpha gd:η adamw:LR", meant("eta")},
		{"--opt", "rmsprop:alpha", meant("eta", "gamma")},
		{"--opt", "momentum:momentum nag:momentum momentum:mu nag:rho momentum:beta momentum:γ rmsprop:rho adadelta:rho rmsprop:decay_rate", meant("gamma")},
		{"--opt", "sgd:momentum gd:momentum rmsprop:momentum adadelta:mu adagrad:momentum", gammas},
		{"--opt", "adam:momentum lion:momentum adam:beta_1 adamw:b1 adam:beta adam:β₁", meant("beta1")},
		{"--opt", "adam:beta_2 adam:b2 amsgrad:BETA2 adam:rho", meant("beta2")},
		{"--opt", "adam:betas", meant("beta1", "beta2")},
		{"--opt", "gd:beta1 momentum:beta1 rmsprop:beta1", betas + "); there are"},
		{"--opt", "gd:beta_1 adagrad:b1", betas + `, as "beta1"); there are`},
		{"--opt", "gd:gamma adam:gamma", "(momentum nag adadelta rmsprop have it); there are"},
		{"--opt", "adam:epsilon rmsprop:ε adagrad:epsilon", meant("eps")},
		{"--opt", "gd:epsilon lion:epsilon", `(adagrad adadelta rmsprop adam nadam amsgrad adamw have it, as "eps"); there are`},
		{"--opt", "adamw:weight_decay adamw:lambda lion:wd", meant("decay")},
		{"--opt", "adam:weight_decay sgd:lambda", decays},
		{"--opt", "adam:decay gd:decay momentum:decay", "(adamw lion have it); there are eta"},
		{"--opt", "rmsprop:decay adadelta:decay", meant("gamma")},
		{"--opt", "sgd:batch_size adam:bs adam:minibatch", meant("batch")},
		{"--opt", "sgd:nesterov momentum:nesterov", "(it is a rule: nag or nadam)"},
		{"--opt", "adam:amsgrad", "(it is a rule: amsgrad)"},
		{"--opt", "nag:nesterov amsgrad:amsgrad", "(the rule is that by itself)"},
		{"--opt", "adam:lr@50", meant("eta")},
		{"--opt", "gd:dampening", `unknown gd hyperparameter "dampening"; there are eta batch`},
		{"--opt", "SGD", meant("sgd")},
		{"--opt", "AdaMax", meant("adamax")},
		{"--opt", "rms_prop RMSProp", meant("rmsprop")},
		{"--opt", "Ada-Grad", meant("adagrad")},
		{"--opt", "heavy_ball HeavyBall polyak sgd_momentum sgd_with_momentum SGDM", meant("momentum")},
		{"--opt", "nesterov Nesterov", meant("nag", "nadam")},
		{"--opt", "nesterov_accelerated_gradient nesterov_momentum", meant("nag")},
		{"--opt", "gradient_descent", meant("gd")},
		{"--problem", "quadratic bowl", meant("ravine")},
		{"--problem", "linear linear_regression least_squares", meant("regression")},
		{"--problem", "banana", meant("rosenbrock")},
		{"--problem", "ravine:condition_number ravine:κ", meant("kappa")},
		{"--problem", "regression:samples sparse:n_samples", meant("n")},
		{"--problem", "regression:normalize", meant("standardize")},
		{"--problem", "regression:path", meant("file")},
	} {
		for _, value := range strings.Fields(test.values) {
			if strings.Contains(value, ":") {
				value += "=0.9"
			}
			wrongLine{[]string{"run", "--steps", "3", test.flag, value}, statusUsage, []string{test.says}}.check(t)
		}
	}
	wrongLine{[]string{"run", "--opt", "SGD with momentum"}, statusUsage, []string{meant("momentum")}}.check(t)
	wrongLine{words("sweep --opt sgd --over momentum=0..0.9:3"), statusUsage, []string{gammas}}.check(t)
	wrongLine{words("sweep --opt adam --over lr=0.1..1:3"), statusUsage, []string{meant("eta")}}.check(t)
}
