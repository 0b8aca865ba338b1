package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

// formats are the ways in which run writes a race.
func formats() map[string]func(io.Writer, *race.Runner, int) error {
	return map[string]func(io.Writer, *race.Runner, int) error{"csv": race.WriteCSV, "json": race.WriteJSON}
}

func runCommand() *cobra.Command {
	var flags raceFlags
	var format, out string
	var every, tune, starts int
	command := &cobra.Command{
		Use:   "run",
		Short: "Run a race without a screen and write it as CSV or JSON",
		Long: "Run a race without a screen and write it as CSV or JSON.\n" +
			"The CSV's theta_0, theta_1, … are the problem's parameters in the order of ravine list problems, or the file's columns\n" +
			"in the order of x= and the intercept; JSON has their names." + statuses,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := flags.limited()
			if err != nil {
				return err
			}
			write, ok := formats()[format]
			if !ok {
				return fmt.Errorf("--format: %w", param.Unknown("format", format, []string{"csv", "json"}))
			}
			if every < 1 {
				return fmt.Errorf("--every=%d is out of range: every ≥ 1", every)
			}
			tuned := command.Flags().Changed("tune")
			if err := checkStarts(starts); err != nil {
				return err
			}
			if command.Flags().Changed("starts") && !tuned {
				return errors.New("--starts is how --tune tries a setting; want --tune N too")
			}
			if tuned && tune/r.Steps < starts {
				return fmt.Errorf("--tune=%d is too small: a setting takes --starts=%d runs of --steps=%d gradient evaluations; want tune ≥ %[2]d × %[3]d", tune, starts, r.Steps)
			}
			return interruptible(func(begin func(func() func())) error {
				runner, err := open(command.ErrOrStderr(), r)
				if err == nil {
					noteData(command, runner.Problem())
				}
				if err == nil && tuned {
					runner, err = tuneLanes(command, runner, starts, tune)
				}
				if err != nil {
					return err
				}
				err = writeWhole(out, command.OutOrStdout(), begin, func(w io.Writer) error {
					return write(w, runner, every)
				})
				if err == nil && format == "csv" {
					noteParameters(command.ErrOrStderr(), runner.Problem().Names())
				}
				return err
			})
		},
	}
	flags.add(command.Flags())
	command.Flags().StringVar(&format, "format", "csv", "csv or json")
	wholeVar(command.Flags(), &every, "every", 1, "record every `K`-th step, besides the start and the last")
	wholeVar(command.Flags(), &tune, "tune", 0, "first tune every lane with `N` gradient evaluations, and say what was found; it holds from the start, in place of key@step edits")
	wholeVar(command.Flags(), &starts, "starts", race.DefaultStarts, "with --tune, try each setting in so many runs of --steps updates: from the race's own start and others around it, with other batches; the middle one counts")
	command.Flags().Var((*fileName)(&out), "out", "write to `FILE`, whole or not at all (default the standard output)")
	return command
}

// noteData says on the standard error how data were read, where that is worth saying.
func noteData(command *cobra.Command, p problem.Problem) {
	if note := problem.Note(p); note != "" {
		fmt.Fprintln(command.ErrOrStderr(), "note:", note)
	}
}

// noteParameters says what the columns theta_0, theta_1, … are called, to a person
// at a terminal: the CSV's header is the same for every problem.
func noteParameters(stderr io.Writer, names []string) {
	file, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(file.Fd()) {
		return
	}
	var columns []string
	for i, name := range names {
		columns = append(columns, fmt.Sprintf("theta_%d is %s", i, name))
	}
	fmt.Fprintln(file, "note:", strings.Join(columns, ", "))
}

// tuneLanes returns the race with every lane at the best values that so many
// gradient evaluations each find, and writes the lanes to the standard error.
func tuneLanes(command *cobra.Command, runner *race.Runner, starts, evaluations int) (*race.Runner, error) {
	r := runner.Race()
	var replaced []string
	for i, lane := range r.Lanes {
		tuning, err := race.NewTuning(runner.Problem(), r, lane, race.Trial{Steps: r.Steps, Starts: starts}, evaluations)
		if err != nil {
			return nil, fmt.Errorf("--tune: %w", err)
		}
		tuning.Advance(command.Context(), evaluations)
		if err := command.Context().Err(); err != nil {
			return nil, err
		}
		r.Lanes[i] = tuning.Best()
		replaced = append(replaced, editsReplaced(lane, r.Lanes[i])...)
		found(command, "tuned", r.Lanes[i], tuning.Fragile())
	}
	if len(replaced) > 0 {
		fmt.Fprintln(command.ErrOrStderr(), "note: what is tuned holds from the start, in place of", param.Printable(strings.Join(replaced, ", ")))
	}
	return race.NewOn(runner.Problem(), r)
}

// editsReplaced returns the lane's edits in mid-run that are not in the tuned one.
func editsReplaced(lane, tuned race.LaneSpec) []string {
	var replaced []string
	for _, setting := range lane.Settings {
		if setting.From > 0 && !slices.Contains(tuned.Settings, setting) {
			replaced = append(replaced, lane.Rule+":"+setting.String())
		}
	}
	return replaced
}
