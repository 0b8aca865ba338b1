package cli

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ravine/keymap"
	"ravine/param"
	"ravine/tui"
	"ravine/tui/idle"
)

func playCommand() *cobra.Command {
	var flags raceFlags
	var at int
	var keys, background, view string
	command := &cobra.Command{
		Use:   "play",
		Short: "Open the playground in the terminal",
		Args:  noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := flags.race()
			if err != nil {
				return err
			}
			if !command.Flags().Changed("steps") {
				r.Steps = 0
			}
			if at < 0 || at > tui.MostSteps {
				return fmt.Errorf("--at=%d is out of range: 0 ≤ at ≤ %d", at, tui.MostSteps)
			}
			if known := []string{"auto", "dark", "light"}; !slices.Contains(known, background) {
				return fmt.Errorf("--background: %w", param.Unknown("background", background, known))
			}
			bindings, err := keymap.Load(keys)
			if err != nil {
				return failure{fmt.Errorf("--keys: %w", err)}
			}
			built, err := build(command.ErrOrStderr(), r)
			if err != nil {
				return err
			}
			model, err := tui.New(tui.Options{
				Race: r, Problem: built, At: at, Wait: command.Flags().Changed("at"), Keys: bindings, Background: strings.TrimPrefix(background, "auto"), View: view,
				Program: invocation(os.Args[0], "."),
			})
			if err != nil {
				return err
			}
			// Who opens a race at a step has been shown around.
			welcome := !command.Flags().Changed("at") && !cardSeen()
			if welcome {
				model.Welcome()
			}
			err = Play(model)
			if welcome && !model.Welcomes() {
				rememberCard()
			}
			return err
		},
	}
	flags.add(command.Flags())
	noStepLimit(command.Flags())
	wholeVar(command.Flags(), &at, "at", 0, "open at this `STEP` and wait there")
	command.Flags().StringVar(&view, "view", "", "how the race is looked at, `NAME[:key=value,...]`, as y copies it: race, surface, curves or data, with lane, hidden, axes, x, y, over, speed, …")
	command.Flags().StringVar(&background, "background", "auto", "colours for a dark or a light terminal; auto asks it")
	command.Flags().StringVar(&keys, "keys", "", "a JSON `FILE` that binds other keys, {\"eta-up\": \"E\"} (default ravine/keys.json in the user's configuration)")
	return command
}

// Play shows the model in the terminal until it quits. Whatever ends it, the
// terminal is given back as it was.
func Play(model tea.Model) error {
	if !term.IsTerminal(os.Stdout.Fd()) {
		return failure{errors.New("the playground needs a terminal; for numbers use ravine run")}
	}
	input := os.Stdin
	if !term.IsTerminal(input.Fd()) {
		var err error
		if input, _, err = tea.OpenTTY(); err != nil {
			return failure{fmt.Errorf("the playground needs a terminal to read keys from: %w", errors.Unwrap(err))}
		}
	}
	output := idle.New(os.Stdout)
	// Pictures come at the model's rate; the renderer need not look more often.
	program := tea.NewProgram(model, tea.WithInput(input), tea.WithOutput(idleOutput{os.Stdout, output}), tea.WithoutSignalHandler(),
		tea.WithFPS(tui.FrameRate), tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
			return output.Message(suspendable(msg))
		}))
	output.Start(program.Send)
	defer traceOnFatal(func() {
		output.Message(nil) // a renderer that sleeps would not let go
		// A program that was suspended takes the terminal first.
		doWithin(traceWait/4, func() { program.Send(nil) })
		_ = program.ReleaseTerminal() // what cannot be restored does not keep the trace back
	})()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	var interrupted atomic.Bool
	go func() {
		received := <-signals
		signal.Stop(signals) // the next one ends what hangs
		interrupted.Store(received == os.Interrupt)
		program.Quit() // waits while the program is suspended; Bubble Tea's own handler would drop it
	}()
	if _, err := program.Run(); err != nil {
		return failure{fmt.Errorf("the playground ended: %w", err)}
	}
	if interrupted.Load() {
		return errInterrupted
	}
	return nil
}

// traceOnFatal gives the terminal back before a signal that ends the program with a
// trace of its goroutines, which would be lost in the alternate screen. It returns
// how to end that.
func traceOnFatal(restore func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	for _, each := range fatalSignals() {
		signal.Notify(signals, each)
	}
	go func() {
		received := <-signals
		doWithin(traceWait, restore)
		signal.Reset(received)
		raise(received)
	}()
	return func() { signal.Stop(signals) }
}

// traceWait is how long a trace waits for a terminal that takes nothing, as after
// ctrl+s, and for a program that hangs.
const traceWait = 2 * time.Second

// doWithin returns when do does, or that time has passed.
func doWithin(limit time.Duration, do func()) {
	done := make(chan struct{})
	go func() {
		do()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(limit):
	}
}

// idleOutput is the standard output as a terminal, written to through what lets the
// program rest.
type idleOutput struct {
	*os.File
	output *idle.Output
}

func (r idleOutput) Write(p []byte) (int, error) { return r.output.Write(p) }

// suspendable drops what would suspend a program that no shell could bring back,
// as in xterm -e ravine: the kernel stops no such program, and Bubble Tea would
// wait for good.
func suspendable(msg tea.Msg) tea.Msg {
	if _, ok := msg.(tea.SuspendMsg); ok && !jobControl() {
		return nil
	}
	return msg
}
