// Package race steps optimizers in lockstep on one problem. A race is a value:
// whatever starts from the same Race ends in the same numbers, to the last bit,
// so going back, changing a value "from the start" and sharing a race are all
// the same thing: the value, stepped again.
package race

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// Race is all that determines a run.
type Race struct {
	Problem     param.Spec
	Lanes       []LaneSpec
	Start       []float64 // nil for the problem's own
	RandomStart bool      // drawn from the seed, instead of Start
	Seed        uint64
	Steps       int // steps at most, updates a lane or by Pace; 0 for no limit
	Pace        Pace
	Rules       optim.Convention
	Tol         float64 // gradient norm, relative to the problem's own, at which a lane has converged; 0 for never
}

// The defaults of the race flags.
const (
	DefaultSeed  = 1
	DefaultSteps = 1000
	DefaultTol   = 1e-9
)

// Default returns the scene that the playground opens with.
func Default() Race {
	return Race{
		Problem: param.Spec{Name: defaultProblem},
		Lanes:   DefaultLanes(defaultProblem),
		Seed:    DefaultSeed,
		Steps:   DefaultSteps,
		Tol:     DefaultTol,
	}
}

// Args returns the race flags that make r, without those that say the default.
func (r Race) Args() []string {
	args := []string{"--problem", r.Problem.String()}
	for _, lane := range r.Lanes {
		args = append(args, "--opt", lane.String())
	}
	if r.RandomStart {
		args = append(args, "--start", randomStart)
	} else if r.Start != nil {
		args = append(args, "--start", formatPoint(r.Start))
	}
	if r.Seed != DefaultSeed {
		args = append(args, "--seed", strconv.FormatUint(r.Seed, 10))
	}
	if r.Steps != DefaultSteps {
		args = append(args, "--steps", strconv.Itoa(r.Steps))
	}
	if r.Pace != ByUpdates {
		args = append(args, "--pace", r.Pace.String())
	}
	if r.Rules != optim.Slides {
		args = append(args, "--rules", r.Rules.String())
	}
	if r.Tol != DefaultTol {
		args = append(args, "--tol", param.Format(r.Tol))
	}
	return args
}

// Command writes a command line that a shell reads back as those words.
func Command(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if word == "" || strings.ContainsFunc(word, needsQuotes) {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}

func needsQuotes(r rune) bool {
	return !strings.ContainsRune("+-./:=@,_%", r) &&
		(r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// randomStart is the word for a start drawn from the seed.
const randomStart = "random"

// SetStart reads "V,V,…" or "random".
func (r *Race) SetStart(text string) error {
	r.Start, r.RandomStart = nil, text == randomStart
	if r.RandomStart {
		return nil
	}
	for field := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil || !param.Finite(x) {
			return fmt.Errorf("%q is not a finite number; want V,V,… or %s", field, randomStart)
		}
		r.Start = append(r.Start, x)
	}
	return nil
}

func formatPoint(theta []float64) string {
	fields := make([]string, len(theta))
	for i, x := range theta {
		fields[i] = param.Format(x)
	}
	return strings.Join(fields, ",")
}

// Check returns an error for whatever can be seen to be wrong without building
// the problem: it reads no file.
func (r Race) Check() error {
	if err := problem.Check(r.Problem); err != nil {
		return err
	}
	if r.Steps < 0 {
		return fmt.Errorf("steps=%d is out of range: steps ≥ 0 (0: no limit)", r.Steps)
	}
	if !param.NotNegative.Has(r.Tol) {
		return fmt.Errorf("tol=%s is out of range: %s", param.Format(r.Tol), param.NotNegative.Describe("tol"))
	}
	if len(r.Lanes) == 0 {
		return fmt.Errorf("no optimizer: name at least one")
	}
	for _, lane := range r.Lanes {
		if _, err := lane.read(r.Rules); err != nil {
			return err
		}
	}
	return nil
}

// startOf returns the point where r starts on p, in a new slice.
func (r Race) startOf(p problem.Problem) ([]float64, error) {
	start := p.Start()
	switch {
	case r.RandomStart:
		start = RandomStart(p, r.Seed)
	case r.Start != nil && len(r.Start) != p.Dim():
		return nil, fmt.Errorf("start %s does not fit %s; want a value for each of %s",
			formatPoint(r.Start), r.Problem.Name, strings.Join(p.Names(), ","))
	case r.Start != nil:
		copy(start, r.Start)
	}
	gradient := make([]float64, p.Dim())
	if !allFinite(p.Evaluate(gradient, start), start, gradient) {
		return nil, fmt.Errorf("start %s: the loss or its gradient is not finite there", formatPoint(start))
	}
	return start, nil
}

// RandomStart draws a point, uniform over what p.View shows, rounded to three
// digits so that it can be typed.
func RandomStart(p problem.Problem, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, streamStart))
	start := make([]float64, p.Dim())
	for i, side := range p.View() {
		x := side.Low + random.Float64()*(side.High-side.Low)
		start[i], _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	}
	return start
}

// allFinite reports whether loss, every number of theta and the norm of the
// gradient are.
func allFinite(loss float64, theta, gradient []float64) bool {
	for _, x := range theta {
		if !param.Finite(x) {
			return false
		}
	}
	return param.Finite(loss) && param.Finite(norm(gradient))
}
