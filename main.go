// Ravine is a terminal playground for gradient-descent optimizers.
//
//	ravine [play] [race flags] [play flags]   the playground, in the terminal
//	ravine run    [race flags] [run flags]    the same race without a screen: CSV or JSON
//	ravine sweep  [race flags] --over …       the loss over a grid of one or two hyperparameters: CSV
//	ravine serve  [race flags] [serve flags]  the playground for whoever connects with ssh
//	ravine list   [optimizers|problems|…]     every name with its values, defaults, ranges and rule; keys, functions
//
// The race flags are the same everywhere and determine a race to the last bit:
//
//	--problem NAME[:key=value,…]  what to minimize: ravine:kappa=100,angle=30, or a formula:
//	                              'formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=100', or a model for the columns
//	                              of a file: 'fit:file=data.csv,model=a*exp(-k*t)+c'
//	--opt NAME[:key=value,…]      one lane; repeat it for more: adam:eta=0.1
//	                              key@step=value changes a value mid-run: adam:eta=0.1,eta@50=0.01, and
//	                              a value is a number or a function of t: 'adam:eta=cosine(0.1,0.001,200)';
//	                              a rule of your own: 'rule:step=theta<-theta-eta*g,eta=0.1'
//	--start V,V[,…] | random      the start point
//	--seed N                      data, sampling and random starts
//	--steps N                     at most this many updates a lane
//	--pace updates|examples       a step is an update of every lane, or for every lane a 25th of the data
//	--rules slides|papers         the convention in which the rules are written
//	--tol X                       a lane stops at ‖∇J‖ ≤ X times the problem's own: converged, or at
//	                              another minimum, a saddle, a maximum or a plateau; 0 never stops one
//
// Sweep runs the one --opt for every value of --over KEY=FROM..TO:COUNT, given
// once or twice: --over eta=1e-4..1:41 --over gamma=0..0.999:16. Run with
// --tune N first tunes every lane with N evaluations of its gradient. --starts N
// tries each setting in N runs, from the race's start and others around it.
//
// Exit status: 0 success, 1 failure, 2 a mistake in the command line,
// 130 interrupted. Errors are one line on the standard error; a mistake in a
// formula is shown below it.
package main

import (
	"os"

	"ravine/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
