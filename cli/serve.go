package cli

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ravine/keymap"
	"ravine/param"
	"ravine/serve"
)

// serveFlags are the flags of serve besides the race's.
type serveFlags struct {
	serve.Options
	log, keys string
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	limits := serve.DefaultLimits()
	flags.StringVar(&f.Listen, "listen", "127.0.0.1:23234", "serve at this `ADDR`, HOST:PORT")
	flags.StringVar(&f.HostKey, "host-key", "", "`FILE` with the server's Ed25519 key, made when absent (default ravine/ssh_host_ed25519_key in the user's configuration)")
	flags.StringVar(&f.AuthorizedKeys, "authorized-keys", "", "`FILE` with the public keys of those who may come in")
	flags.BoolVar(&f.Open, "open", false, "let anyone in who can connect")
	flags.BoolVar(&f.Present, "present", false, "one visitor leads, all others follow")
	flags.StringVar(&f.PresenterKeys, "presenter-keys", "", "`FILE` with the public keys of those who may lead (default a code that is printed)")
	wholeVar(flags, &f.Limits.Sessions, "max-sessions", limits.Sessions, "sessions at one time")
	wholeVar(flags, &f.Limits.PerAddress, "max-per-address", limits.PerAddress, "sessions at one time from one address")
	wholeVar(flags, &f.Limits.Connects, "max-connects", limits.Connects, "new connections a minute from one address")
	flags.DurationVar(&f.Limits.Handshake, "handshake-timeout", limits.Handshake, "time to say who one is")
	flags.DurationVar(&f.Limits.Idle, "idle-timeout", limits.Idle, "time without a key")
	flags.DurationVar(&f.Limits.Total, "session-timeout", limits.Total, "time of a session")
	flags.BoolVar(&f.Limits.Penalties, "penalties", limits.Penalties, "an address that fails again and again has to wait")
	flags.StringVar(&f.log, "log", "text", "how to log on the standard error, text or json")
	flags.StringVar(&f.Metrics, "metrics", "", "serve counts for Prometheus at this loopback `ADDR`")
	flags.StringVar(&f.keys, "keys", "", "a JSON `FILE` that binds other keys for all visitors")
}

func serveCommand() *cobra.Command {
	var race raceFlags
	var flags serveFlags
	command := &cobra.Command{
		Use:   "serve",
		Short: "Give the playground to whoever connects with ssh",
		Args:  noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			var err error
			if flags.Race, err = race.race(); err != nil {
				return err
			}
			if !command.Flags().Changed("steps") {
				flags.Race.Steps = 0
			}
			return flags.serve(command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	race.add(command.Flags())
	noStepLimit(command.Flags())
	flags.add(command.Flags())
	return command
}

// serve serves until the process is told to stop.
func (f *serveFlags) serve(stdout, stderr io.Writer) error {
	var err error
	if f.Options.Log, err = logger(f.log, stderr); err != nil {
		return err
	}
	// The SSH library has what it finds strange logged by default.
	slog.SetDefault(f.Options.Log)
	f.Keys = keymap.Default()
	if f.keys != "" {
		if f.Keys, err = keymap.Load(f.keys); err != nil {
			return failure{fmt.Errorf("--keys: %w", err)}
		}
	}
	if f.HostKey == "" {
		if f.HostKey, err = serve.DefaultHostKey(); err != nil {
			return failure{err}
		}
	}
	f.Tell = func(code string) { fmt.Fprintf(stdout, "code to lead:   %s\n", code) }
	if err := f.Check(); err != nil {
		return err
	}
	server, err := serve.New(f.Options) // may take long; a signal ends the program
	if err != nil {
		return failure{err}
	}
	// Most of what visitors take lies still, so to collect the rest twice as often
	// costs little and saves a quarter.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	// From here on a signal stops the server in an orderly way.
	signals := stopSignals()
	defer signal.Stop(signals)
	terminal := hasTerminal()
	fmt.Fprint(stdout, f.greeting(server))
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	for {
		select {
		case err := <-served:
			return failure{err}
		case told := <-signals:
			if told == syscall.SIGHUP && terminal == hasTerminal() { // not told since the terminal is gone
				server.Reload()
				continue
			}
			server.Stop()
			<-served
			return nil
		}
	}
}

// hasTerminal reports whether a terminal controls the process.
func hasTerminal() bool {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDONLY, 0)
	if err != nil {
		return false
	}
	terminal.Close()
	return true
}

// greeting says how to connect, and to whom the server talks.
func (f *serveFlags) greeting(server *serve.Server) string {
	host, port, err := net.SplitHostPort(server.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		if host, err = os.Hostname(); err != nil {
			host = "HOST"
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "connect with:   ssh -p %s %s\n", port, host)
	fmt.Fprintf(&text, "its host key:   %s (ED25519)\n", server.Fingerprint())
	fmt.Fprintf(&text, "who may come:   %s\n", server.Who())
	if f.Present {
		how := "with the code"
		if f.PresenterKeys != "" {
			how = "with a presenter's key"
		}
		fmt.Fprintf(&text, "who may lead:   ssh -p %s present@%s, %s\n", port, host, how)
	}
	return text.String()
}

// logger returns the log in one of its two forms.
func logger(format string, to io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(to, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, nil)), nil
	}
	return nil, fmt.Errorf("--log: %w", param.Unknown("log", format, []string{"text", "json"}))
}
