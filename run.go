package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

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
	var every int
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
				return fmt.Errorf("--steps=0 has no end; want steps ≥ 1")
			}
			return interruptible(func(cleanup func(func())) error {
				runner, err := race.New(r)
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
	command.Flags().StringVar(&out, "out", "", "write to `FILE`, whole or not at all (default the standard output)")
	return command
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
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return failure{fmt.Errorf("--out %s: %w", name, err)}
	}
	remove := func() { os.Remove(temporary.Name()) }
	cleanup(remove)
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
