// Package cli is the command line: flags in, one call out, a file a command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ravine/formula"
	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

// The exit statuses.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusInterrupted = 130
)

// Main runs one command line, without the program's name, and returns its exit
// status. An error is one line on stderr.
func Main(args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	output := &checkedWriter{Writer: stdout}
	root.SetOut(output)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	if err == nil && output.err != nil {
		err = failure{fmt.Errorf("writing to %s: %w", standardOutput, withoutPath(output.err))}
	}
	if err == nil {
		return statusDone
	}
	if errors.Is(err, errInterrupted) {
		return statusInterrupted
	}
	fmt.Fprintln(stderr, "ravine: "+param.Printable(strings.TrimSpace(err.Error())))
	if mistake := (*formula.Error)(nil); errors.As(err, &mistake) {
		fmt.Fprintln(stderr, mistake.Pointer())
	}
	if errors.As(err, new(failure)) || errors.Is(err, problem.ErrData) {
		return statusFailed
	}
	return statusUsage
}

// errInterrupted is the error of a command that ctrl+c stopped.
var errInterrupted = errors.New("interrupted")

// failure is an error that is not a mistake in the command line: exit status 1.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func rootCommand() *cobra.Command {
	play := playCommand()
	root := &cobra.Command{
		Use:               "ravine",
		Short:             "A terminal playground for gradient-descent optimizers",
		Long:              "Ravine steps gradient-descent optimizers in lockstep on one loss and draws the race.\nWithout a command it opens the playground.",
		Args:              unknownCommand,
		RunE:              play.RunE,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.Flags().AddFlagSet(play.Flags())
	root.AddCommand(play, runCommand(), sweepCommand(), serveCommand(), listCommand())
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.SuggestionsMinimumDistance = 0
	return root
}

// helpCommand is cobra's, except that an unknown command is an error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Say what a command does",
		RunE: func(command *cobra.Command, args []string) error {
			topic, rest, err := command.Root().Find(args)
			switch {
			case err != nil || topic == command.Root():
				if err := unknownCommand(command, rest); err != nil {
					return err
				}
			case len(rest) > 0:
				return fmt.Errorf("help %s takes no argument %q", topic.Name(), rest[0])
			}
			return topic.Help()
		},
	}
}

// unknownCommand returns an error if args has an unknown command.
func unknownCommand(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range command.Root().Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return param.Unknown("command", args[0], names)
}

// noArguments returns an error if args is not empty: the command takes flags only.
func noArguments(command *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument %q; want --flag value", command.Name(), args[0])
	}
	return nil
}

// flagError suggests a flag for one that does not exist, and says which values a
// flag takes where one is invalid.
func flagError(command *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		wants := map[string]string{
			"int":      "a whole number of at most 18 digits",
			"uint64":   "a whole number from 0 to 18446744073709551615",
			"float64":  "a finite number",
			"bool":     "true or false",
			"file":     "the name of a file",
			"duration": "a time such as 90s or 10m",
		}
		flag := invalid.GetFlag()
		return fmt.Errorf("--%s=%s: want %s", flag.Name, invalid.GetValue(), wants[flag.Value.Type()])
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	command.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return param.Unknown("flag", unknown.GetSpecifiedName(), names)
}

// statuses explains the status column in the help.
const statuses = `

A lane's status is running (to the last of --steps), diverged (the loss is 10¹²
times that at the start, or the next step would be non-finite), or, where its
gradient has vanished (see --tol), converged (the loss is that of the
best known optimum), local-min (another minimum), saddle, maximum or plateau.`

// raceFlags are the flags that determine a race.
type raceFlags struct {
	problem string
	lanes   []string
	start   string
	seed    uint64
	steps   int
	pace    string
	rules   string
	tol     float64
	flagset *pflag.FlagSet
}

func (f *raceFlags) add(flags *pflag.FlagSet) {
	initial := race.Default()
	f.flagset = flags
	flags.StringVar(&f.problem, "problem", initial.Problem.String(), "what to minimize, `NAME[:key=value,...]` (see ravine list problems)")
	flags.StringArrayVar(&f.lanes, "opt", nil, "one lane, `NAME[:key=value,...]`; repeat it for more (see ravine list optimizers)")
	flags.StringVar(&f.start, "start", "", "the start point, `V,V[,...]` or random (default the problem's own)")
	f.seed = initial.Seed
	flags.Var((*seed)(&f.seed), "seed", "of data, sampling and random starts")
	wholeVar(flags, &f.steps, "steps", initial.Steps, "at most this many updates a lane, from 1; or steps of --pace examples")
	flags.StringVar(&f.pace, "pace", initial.Pace.String(), "what a step of the race is: an update of every lane (updates), or for every lane a 25th of the data, in however many updates (examples)")
	flags.StringVar(&f.rules, "rules", initial.Rules.String(), "the convention, slides or papers")
	flags.Float64Var(&f.tol, "tol", initial.Tol, "a lane stops where ‖∇J(θ)‖ ≤ tol × its norm at the problem's own start, wherever the race starts (for linear fits at θ = 0), or is down to rounding; 0 never stops a lane")
	flags.Lookup("tol").DefValue = param.Pretty(initial.Tol, -1)
}

// race returns the race that the flags determine.
func (f *raceFlags) race() (race.Race, error) {
	r := race.Race{Seed: f.seed, Steps: f.steps, Tol: f.tol}
	var err error
	if r.Problem, err = param.Parse(f.problem); err != nil {
		return r, fmt.Errorf("--problem: %w", err)
	}
	if r.Rules, err = optim.ParseConvention(f.rules); err != nil {
		return r, fmt.Errorf("--rules: %w", err)
	}
	if r.Pace, err = race.ParsePace(f.pace); err != nil {
		return r, fmt.Errorf("--pace: %w", err)
	}
	lanes := make([]param.Spec, len(f.lanes))
	for i, text := range f.lanes {
		if lanes[i], err = param.Parse(text); err != nil {
			return r, fmt.Errorf("--opt: %w", err)
		}
	}
	if f.flagset.Changed("start") {
		if err := r.SetStart(f.start); err != nil {
			return r, fmt.Errorf("--start: %w", err)
		}
	}
	r.Lanes = race.DefaultLanes(r.Problem.Name)
	if err := r.Check(); err != nil || len(lanes) == 0 {
		return r, err
	}
	r.Lanes = make([]race.LaneSpec, len(lanes))
	for i, lane := range lanes {
		if lane, err = withLines(lane); err != nil {
			return r, err
		}
		if r.Lanes[i], err = race.ReadLane(lane, r.Rules); err != nil {
			return r, err
		}
	}
	return r, nil
}

// limited is race for a command that must end.
func (f *raceFlags) limited() (race.Race, error) {
	if f.steps < 1 {
		return race.Race{}, fmt.Errorf("--steps=%d is out of range: steps ≥ 1", f.steps)
	}
	return f.race()
}

// noStepLimit documents that the playground has no step limit by default.
func noStepLimit(flags *pflag.FlagSet) {
	steps := flags.Lookup("steps")
	steps.Usage, steps.DefValue = "at most this many updates a lane, or steps of --pace examples (default no limit)", "0"
}

// wholeVar adds a flag for a whole number, as read by param.Whole.
func wholeVar(flags *pflag.FlagSet, value *int, name string, initial int, usage string) {
	*value = initial
	flags.Var((*whole)(value), name, usage)
}

// whole is the value of such a flag.
type whole int

func (w *whole) String() string { return strconv.Itoa(int(*w)) }

// Type names the value in help and errors.
func (w *whole) Type() string { return "int" }

// Set reads text.
func (w *whole) Set(text string) error {
	n, err := param.Whole(text)
	*w = whole(n)
	return err
}

// fileName is the value of a flag for a file to write.
type fileName string

func (f *fileName) String() string { return string(*f) }

// Type names the value in help and errors.
func (f *fileName) Type() string { return "file" }

// Set refuses an empty name, as an unset variable of a shell gives.
func (f *fileName) Set(text string) error {
	if text == "" {
		return errors.New("no name")
	}
	*f = fileName(text)
	return nil
}

// seed is the value of --seed, written as other whole numbers are.
type seed uint64

func (s *seed) String() string { return strconv.FormatUint(uint64(*s), 10) }

// Type names the value in help and errors.
func (s *seed) Type() string { return "uint64" }

// Set reads text.
func (s *seed) Set(text string) error {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		*s = seed(n)
		return nil
	}
	var n whole
	if err := n.Set(text); err != nil || n < 0 {
		return errors.New("not a whole number from 0")
	}
	*s = seed(n)
	return nil
}
