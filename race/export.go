package race

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"ravine/param"
	"ravine/problem"
)

// row is a lane at a step of the race.
type row struct {
	step         int
	updates      int
	examples     int
	status       Status
	loss         float64
	gradientNorm float64
	theta        []float64
}

// record runs the race to its end and hands every recorded row to write: every
// every-th step, the start, and the last step of each lane.
//
// Whether a row is a lane's last is known only when the next update was tried, so
// a row is written one step late. By updates, a lane that has stopped stands where
// its last row is: the steps between those to record are made at once.
func record(r *Runner, every int, write func(lane int, row row) error) error {
	rows, written := make([]row, len(r.lanes)), make([]bool, len(r.lanes)) // to the last
	for {
		step, ahead := r.step, 1
		if r.race.Pace == ByUpdates {
			ahead = every - step%every
		}
		for i, lane := range r.lanes {
			if !written[i] {
				rows[i].take(lane, step, step%every == 0 || lane.status != Running)
			}
		}
		over := r.AtLimit() || !r.Running()
		if !over {
			r.Advance(ahead)
		}
		for i, lane := range r.lanes {
			last := over || lane.status != Running && lane.step == rows[i].updates
			if written[i] || !last && step%every != 0 {
				continue
			}
			written[i] = last
			if err := write(i, rows[i].completed(lane, last)); err != nil {
				return err
			}
		}
		if over {
			return nil
		}
		for _, i := range r.stoppedBetween(step, ahead) {
			written[i] = true
			rows[i].take(r.lanes[i], r.lanes[i].step, true)
			if err := write(i, rows[i].completed(r.lanes[i], true)); err != nil {
				return err
			}
		}
	}
}

// stoppedBetween returns the lanes that stopped after a step and before the one so
// far ahead, in the order in which they did.
func (r *Runner) stoppedBetween(step, ahead int) []int {
	var stopped []int
	for i, lane := range r.lanes {
		if ahead > 1 && lane.status != Running && lane.step > step && lane.step < r.step {
			stopped = append(stopped, i)
		}
	}
	slices.SortStableFunc(stopped, func(a, b int) int { return r.lanes[a].step - r.lanes[b].step })
	return stopped
}

// take notes where a lane is at a step of the race, and its gradient if that is wanted.
func (r *row) take(l *Lane, step int, gradient bool) {
	theta := append(r.theta[:0], l.theta...)
	*r = row{step: step, updates: l.step, examples: l.examples, loss: l.loss, gradientNorm: -1, theta: theta}
	if gradient {
		r.gradientNorm = l.GradientNorm()
	}
}

// completed returns the row with what is known when the lane has gone on, or stopped.
func (r row) completed(l *Lane, last bool) row {
	if r.gradientNorm < 0 {
		r.gradientNorm = l.GradientNorm()
	}
	if last {
		r.status = l.Status()
	}
	return r
}

// WriteCSV runs the race and writes it as CSV: a row a lane and recorded step.
func WriteCSV(w io.Writer, r *Runner, every int) error {
	out := csv.NewWriter(w)
	header := []string{"step", "lane", "optimizer", "status", "loss", "grad_norm"}
	byExamples := r.race.Pace == ByExamples
	if byExamples {
		header = append(header, "updates", "examples")
	}
	for i := range r.problem.Dim() {
		header = append(header, "theta_"+strconv.Itoa(i))
	}
	if err := out.Write(header); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	fields := make([]string, 0, len(header))
	err := record(r, every, func(lane int, row row) error {
		fields = append(fields[:0], strconv.Itoa(row.step), strconv.Itoa(lane), r.lanes[lane].spec.Rule, row.status.String(),
			param.Format(row.loss), param.Format(row.gradientNorm))
		if byExamples {
			fields = append(fields, strconv.Itoa(row.updates), strconv.Itoa(row.examples))
		}
		for _, x := range row.theta {
			fields = append(fields, param.Format(x))
		}
		return out.Write(fields)
	})
	if err == nil {
		out.Flush()
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// The JSON of `run`.
type (
	raceJSON struct {
		Race  raceValues `json:"race"`
		Lanes []laneJSON `json:"lanes"`
	}
	raceValues struct {
		Flags             []string          `json:"flags"`
		Problem           string            `json:"problem"`
		ProblemParameters map[string]string `json:"problem_parameters"`
		Parameters        []string          `json:"parameters"`
		Start             []float64         `json:"start"`
		Seed              uint64            `json:"seed"`
		Steps             int               `json:"steps"`
		Pace              string            `json:"pace,omitempty"` // of a race by examples
		Rules             string            `json:"rules"`
		Tol               float64           `json:"tol"`
		Every             int               `json:"every"`
		Optima            []optimumJSON     `json:"optima"`
	}
	optimumJSON struct {
		Theta         []float64 `json:"theta"`
		ThetaUnscaled []float64 `json:"theta_unscaled,omitempty"`
		Loss          float64   `json:"loss"`
	}
	laneJSON struct {
		Lane            int            `json:"lane"`
		Optimizer       string         `json:"optimizer"`
		Hyperparameters map[string]any `json:"hyperparameters"`
		Edits           []editJSON     `json:"edits,omitempty"`
		Status          string         `json:"status"`
		Steps           int            `json:"steps"`
		Evaluations     int            `json:"gradient_evaluations"`
		Loss            float64        `json:"loss"`
		AboveBest       *float64       `json:"loss_above_best"` // null where no optimum is known
		Theta           []float64      `json:"theta"`
		ThetaUnscaled   []float64      `json:"theta_unscaled,omitempty"`
		Columns         columnsJSON    `json:"columns"`
	}
	editJSON struct {
		Step  int    `json:"step"`
		Key   string `json:"key"`
		Value any    `json:"value"`
	}
	columnsJSON struct {
		Step         []int       `json:"step"`
		Status       []string    `json:"status"`
		Loss         []float64   `json:"loss"`
		GradientNorm []float64   `json:"grad_norm"`
		Updates      []int       `json:"updates,omitempty"` // of a race by examples, as the next
		Examples     []int       `json:"examples,omitempty"`
		Theta        [][]float64 `json:"theta"` // a list of values for each parameter
	}
)

// WriteJSON runs the race and writes it as one JSON object.
func WriteJSON(w io.Writer, r *Runner, every int) error {
	columns := make([]columnsJSON, len(r.lanes))
	for i := range columns {
		columns[i].Theta = make([][]float64, r.problem.Dim())
	}
	err := record(r, every, func(lane int, row row) error {
		c := &columns[lane]
		c.Step = append(c.Step, row.step)
		c.Status = append(c.Status, row.status.String())
		c.Loss = append(c.Loss, row.loss)
		c.GradientNorm = append(c.GradientNorm, row.gradientNorm)
		if r.race.Pace == ByExamples {
			c.Updates, c.Examples = append(c.Updates, row.updates), append(c.Examples, row.examples)
		}
		for i, x := range row.theta {
			c.Theta[i] = append(c.Theta[i], x)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("running the race: %w", err)
	}
	document := raceJSON{Race: r.values(every)}
	for i, lane := range r.lanes {
		document.Lanes = append(document.Lanes, lane.json(i, columns[i]))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

func (r *Runner) values(every int) raceValues {
	values := raceValues{
		Flags:             r.Race().Args(),
		Problem:           r.race.Problem.Name,
		ProblemParameters: map[string]string{},
		Parameters:        r.problem.Names(),
		Start:             r.start,
		Seed:              r.race.Seed,
		Steps:             r.race.Steps,
		Rules:             r.race.Rules.String(),
		Tol:               r.race.Tol,
		Every:             every,
	}
	if r.race.Pace != ByUpdates {
		values.Pace = r.race.Pace.String()
	}
	for _, p := range r.Kind().Parameters {
		if problem.Applies(r.race.Problem, p.Key) {
			values.ProblemParameters[p.Key] = r.race.Problem.Value(p.Key, p.Default)
		}
	}
	values.Optima = []optimumJSON{}
	for _, optimum := range r.problem.Optima() {
		values.Optima = append(values.Optima, optimumJSON{optimum.Theta, problem.Unscaled(r.problem, optimum.Theta), optimum.Loss})
	}
	return values
}

func (l *Lane) json(i int, columns columnsJSON) laneJSON {
	parameters := l.values.optimizer.Parameters(l.rules)
	hyper := l.values.hyper
	values := map[string]any{}
	for _, p := range parameters {
		values[p.Key] = jsonValue(p, Setting{Value: hyper.Get(p.Key)})
		if i := l.spec.index(p.Key, 0); i >= 0 && l.spec.Settings[i].Course != "" {
			values[p.Key] = l.spec.Settings[i].Course
		}
	}
	out := laneJSON{
		Lane:            i,
		Optimizer:       l.spec.Rule,
		Hyperparameters: values,
		Status:          l.Status().String(),
		Steps:           l.step,
		Evaluations:     l.evaluations,
		Loss:            l.loss,
		Theta:           l.theta,
		ThetaUnscaled:   problem.Unscaled(l.problem, l.theta),
		Columns:         columns,
	}
	if above := l.AboveBest(); above == above {
		out.AboveBest = &above
	}
	for _, e := range l.values.edits {
		p, _ := param.Find(parameters, e.Key)
		out.Edits = append(out.Edits, editJSON{e.From, e.Key, jsonValue(p, e)})
	}
	return out
}

func jsonValue(p param.Parameter, s Setting) any {
	switch {
	case s.Course != "":
		return s.Course
	case p.Kind == param.Batch && s.Value == 0:
		return param.All
	}
	return s.Value
}
