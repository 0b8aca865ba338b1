package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ravine/param"
	"ravine/race"
)

func sweepCommand() *cobra.Command {
	var flags raceFlags
	var over []string
	var out string
	var starts int
	command := &cobra.Command{
		Use:   "sweep",
		Short: "Write the loss over a grid of one or two hyperparameters as CSV",
		Long:  "Write the loss over a grid of one or two hyperparameters as CSV." + statuses,
		Args:  noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := flags.limited()
			if err != nil {
				return err
			}
			if len(flags.lanes) != 1 {
				return fmt.Errorf("sweep is of one lane and --opt is given %d times; want it once", len(flags.lanes))
			}
			axes, err := axesOf(over, r)
			if err == nil {
				err = checkStarts(starts)
			}
			if err != nil {
				return err
			}
			return interruptible(func(begin func(func() func())) error {
				p, err := build(command.ErrOrStderr(), r)
				if err != nil {
					return err
				}
				noteData(command, p)
				sweep, err := race.NewSweep(p, r, r.Lanes[0], axes, race.Trial{Steps: r.Steps, Starts: starts})
				if err != nil {
					return fmt.Errorf("sweep: %w", err)
				}
				var cells []race.Cell
				err = writeWhole(out, command.OutOrStdout(), begin, func(w io.Writer) error {
					if cells, err = sweep.Cells(command.Context()); err != nil {
						return err
					}
					return sweep.WriteCSV(w, cells)
				})
				if err == nil && starts > 1 {
					best, _ := sweep.Best(command.Context(), cells)
					found(command, "best", sweep.Spec(best.Index), best.Fragile)
					if best.Lowest != best.Index {
						warnFragile(command, sweep.Spec(best.Lowest))
					}
				}
				return err
			})
		},
	}
	flags.add(command.Flags())
	command.Flags().Lookup("opt").Usage = "the lane, `NAME[:key=value,...]` (see ravine list optimizers)"
	command.Flags().StringArrayVar(&over, "over", nil, "the values, `KEY=FROM..TO:COUNT` on the key's own scale; once, or twice for a grid")
	wholeVar(command.Flags(), &starts, "starts", 1, "try each cell from so many starts: the race's own and others around it, with other batches; what is written is the middle run, and the best is named")
	command.Flags().Var((*fileName)(&out), "out", "write to `FILE`, whole or not at all (default the standard output)")
	return command
}

func checkStarts(starts int) error {
	if starts < 1 || starts > race.MaxStarts {
		return fmt.Errorf("--starts=%d is out of range: 1 ≤ starts ≤ %d", starts, race.MaxStarts)
	}
	return nil
}

// found says on the standard error which lane is the best.
func found(command *cobra.Command, word string, lane race.LaneSpec, fragile bool) {
	fmt.Fprintf(command.ErrOrStderr(), "%s: %s\n", word, race.Command("--opt", lane.String()))
	if fragile {
		warnFragile(command, lane)
	}
}

func warnFragile(command *cobra.Command, lane race.LaneSpec) {
	fmt.Fprintf(command.ErrOrStderr(), "note: %s is fragile: 5 %% more or less of a value is much worse\n", param.Printable(lane.String()))
}

// axesOf reads the values of --over for the one lane of a race.
func axesOf(over []string, r race.Race) ([]race.Axis, error) {
	if len(over) < 1 || len(over) > 2 {
		return nil, fmt.Errorf("--over is given %d times; want --over KEY=FROM..TO:COUNT once, or twice for a grid", len(over))
	}
	optimizer, err := r.Lanes[0].Optimizer()
	if err != nil {
		return nil, err
	}
	parameters := optimizer.Parameters(r.Rules)
	axes := make([]race.Axis, len(over))
	for i, text := range over {
		key, _, _ := strings.Cut(text, "=")
		if _, known := param.Find(parameters, key); !known && key != "" {
			return nil, fmt.Errorf("--over %s: %w", text, optimizer.UnknownKey(key, r.Rules))
		}
		if axes[i], err = race.ParseAxis(text, parameters); err != nil {
			return nil, fmt.Errorf("--over: %w", err)
		}
	}
	return axes, nil
}
