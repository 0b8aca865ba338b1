package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"ravine/param"
	"ravine/race"
)

// formats are the ways in which run writes a race.
func formats() map[string]func(io.Writer, *race.Runner, int) error {
	return map[string]func(io.Writer, *race.Runner, int) error{"csv": race.WriteCSV, "json": race.WriteJSON}
}

func runCommand() *cobra.Command {
	var flags raceFlags
	var format, out string
	var every, tune int
	command := &cobra.Command{
		Use:   "run",
		Short: "Run a race without a screen and write it as CSV or JSON",
		Args:  noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := flags.race()
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
			if r.Steps == 0 {
				return errNoEnd
			}
			tuned := command.Flags().Changed("tune")
			if tuned && tune < r.Steps {
				return fmt.Errorf("--tune=%d is too small: one run of --steps=%d takes as many gradient evaluations; want tune ≥ %[2]d", tune, r.Steps)
			}
			return interruptible(func(cleanup func(func())) error {
				runner, err := race.New(r)
				if err == nil && tuned {
					runner, err = tuneLanes(command, runner, tune)
				}
				if err != nil {
					return err
				}
				return writeWhole(out, command.OutOrStdout(), cleanup, func(w io.Writer) error {
					return write(w, runner, every)
				})
			})
		},
	}
	flags.add(command.Flags())
	command.Flags().StringVar(&format, "format", "csv", "csv or json")
	command.Flags().IntVar(&every, "every", 1, "record every K-th step `K`, besides the start and the last")
	command.Flags().IntVar(&tune, "tune", 0, "first tune every lane with `N` gradient evaluations, and say what was found")
	command.Flags().StringVar(&out, "out", "", "write to `FILE`, whole or not at all (default the standard output)")
	return command
}

// errNoEnd refuses a race without a limit.
var errNoEnd = errors.New("--steps=0 has no end; want steps ≥ 1")

// tuneLanes returns the race with every lane at the best values that so many
// gradient evaluations each find, and writes the lanes to the standard error.
func tuneLanes(command *cobra.Command, runner *race.Runner, evaluations int) (*race.Runner, error) {
	r := runner.Race()
	for i, lane := range r.Lanes {
		tuning, err := race.NewTuning(runner.Problem(), r, lane, r.Steps, evaluations)
		if err != nil {
			return nil, fmt.Errorf("--tune: %w", err)
		}
		tuning.Advance(command.Context(), evaluations)
		if err := command.Context().Err(); err != nil {
			return nil, err
		}
		r.Lanes[i] = tuning.Best()
		fmt.Fprintln(command.ErrOrStderr(), "tuned:", race.Command("--opt", r.Lanes[i].String()))
	}
	return race.On(runner.Problem(), r)
}

// interruptible runs work until it ends or ctrl+c is pressed, whatever it is
// doing then. What work hands to cleanup is done on an interrupt.
func interruptible(work func(cleanup func(func())) error) error {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	cleanups := make(chan func(), 1)
	done := make(chan error, 1)
	go func() { done <- work(func(f func()) { cleanups <- f }) }()
	select {
	case err := <-done:
		return err
	case <-interrupts:
		select {
		case cleanup := <-cleanups:
			cleanup()
		default:
		}
		return errInterrupted
	}
}

// writeWhole lets write fill the file of that name, or standard output where it
// is empty. The file appears when it is complete and not before.
func writeWhole(name string, stdout io.Writer, cleanup func(func()), write func(io.Writer) error) error {
	if name == "" {
		buffered := bufio.NewWriter(stdout)
		if err := write(buffered); err != nil {
			return failure{err}
		}
		if err := buffered.Flush(); err != nil {
			return failure{fmt.Errorf("writing to the standard output: %w", err)}
		}
		return nil
	}
	var created sync.Mutex // held until it is known what to remove
	created.Lock()
	remove := func() {}
	cleanup(func() {
		created.Lock()
		remove()
	})
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err == nil {
		remove = func() { os.Remove(temporary.Name()) }
	}
	created.Unlock()
	if err != nil {
		return failure{fmt.Errorf("--out %s: %w", name, err)}
	}
	buffered := bufio.NewWriter(temporary)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = temporary.Chmod(0o644)
	}
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		remove()
		return failure{fmt.Errorf("--out %s: %w", name, err)}
	}
	return nil
}
