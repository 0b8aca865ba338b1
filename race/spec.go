package race

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ravine/formula"
	"ravine/optim"
	"ravine/param"
)

// LaneSpec is a lane as a value: a rule, and the hyperparameters in which it differs
// from the rule's defaults.
type LaneSpec struct {
	Rule     string // optim.Optimizer.Name
	Lines    string // of a typed rule: see optim.Typed
	Settings []Setting
}

// Setting gives a hyperparameter a value from a step on.
type Setting struct {
	Key    string
	From   int // the updates after this step have the value; 0 for all
	Value  float64
	Course string // a function of t in place of Value; empty for none: see formula.ParseSchedule
}

// Optimizer returns the rule of the lane. The error names what is wrong with it.
func (s LaneSpec) Optimizer() (optim.Optimizer, error) {
	if s.Rule == optim.TypedName {
		return optim.Typed(s.Lines)
	}
	return optim.Find(s.Rule)
}

// ReadLane reads a lane as it is typed, NAME:key=value,key@step=value,…. The error
// names what is wrong and what would be right.
func ReadLane(spec param.Spec, rules optim.Convention) (LaneSpec, error) {
	lane, pairs := LaneSpec{Rule: spec.Name}, spec.Pairs
	typed := spec.Name == optim.TypedName
	if typed {
		if lane.Lines = spec.Value(optim.StepKey, ""); lane.Lines == "" {
			return LaneSpec{}, fmt.Errorf("%s: want its lines, such as %[1]s:%s=m<-beta1*m+(1-beta1)*g; theta<-theta-eta*m,eta=0.1", spec.Name, optim.StepKey)
		}
		pairs = slices.DeleteFunc(slices.Clone(pairs), func(p param.Pair) bool { return p.Key == optim.StepKey })
	}
	optimizer, err := lane.Optimizer()
	if err != nil {
		return LaneSpec{}, err
	}
	for _, pair := range pairs {
		key, at, edited := strings.Cut(pair.Key, "@")
		if typed {
			key = optim.TypedKey(key)
		}
		parameter, ok := param.Find(optimizer.Parameters(rules), key)
		if !ok {
			return LaneSpec{}, optimizer.UnknownKey(key, rules)
		}
		setting, err := ReadSetting(parameter, pair.Value)
		if err != nil {
			return LaneSpec{}, outOfRange(spec.Name, pair.Key, edited, err)
		}
		if edited {
			if setting.From, err = param.Whole(at); err != nil || setting.From < 0 {
				return LaneSpec{}, fmt.Errorf("%s: %s: %q is not a step; want %s@STEP=value with a whole STEP from 0", spec.Name, pair.Key, at, key)
			}
		}
		switch i := lane.index(key, setting.From); {
		case i < 0:
			lane.Settings = append(lane.Settings, setting)
		case setting.From > 0:
			return LaneSpec{}, fmt.Errorf("%s: %s at step %d is given twice", spec.Name, key, setting.From)
		case edited: // key@0 counts, and not key
			lane.Settings[i] = setting
		}
	}
	return lane, lane.checkGiven(optimizer, rules)
}

// ReadSetting reads the value of a hyperparameter: a number or a function of t.
func ReadSetting(parameter param.Parameter, text string) (setting Setting, err error) {
	setting.Key = parameter.Key
	if isCourse(parameter, text) {
		setting.Course = text
		_, err = setting.schedule(parameter)
	} else {
		setting.Value, err = parameter.Number(text)
	}
	return setting, err
}

// checkGiven returns an error where a hyperparameter has neither a default nor a value.
func (s LaneSpec) checkGiven(optimizer optim.Optimizer, rules optim.Convention) error {
	for _, p := range optimizer.Parameters(rules) {
		if s.index(p.Key, 0) < 0 && p.Default == "" && !optimizer.Opens() {
			return fmt.Errorf("%s: %s has no value; say %s=…", s.Rule, p.Key, p.Key)
		}
	}
	return nil
}

// isCourse reports whether a value is meant as a function of t rather than a number.
func isCourse(parameter param.Parameter, text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return parameter.Kind == param.Float && err != nil && (text == formula.UpdateName || strings.ContainsAny(text, "()*/^+|√·") || strings.Contains(text[1:], "-"))
}

// schedule reads the course of a setting. Its values at a number of updates have to be
// the parameter's.
func (s Setting) schedule(parameter param.Parameter) (*formula.Schedule, error) {
	schedule, err := formula.ParseSchedule(s.Course)
	if err != nil {
		return nil, err
	}
	for t := 1; t <= 1_000_000; t += 1 + t/16 {
		if x := schedule.At(s.From + t); !parameter.Range.Has(x) {
			return nil, fmt.Errorf("%s=%s is %s at update %d, out of range: %s", s.Key, s.Course, param.Format(x), s.From+t, parameter.Range.Describe(s.Key))
		}
	}
	return schedule, nil
}

func outOfRange(rule, key string, edited bool, err error) error {
	if edited {
		return fmt.Errorf("%s: %s: %w", rule, key, err)
	}
	return fmt.Errorf("%s: %w", rule, err)
}

// String writes s as it is typed.
func (s LaneSpec) String() string {
	spec := param.Spec{Name: s.Rule}
	if s.Lines != "" {
		spec.Pairs = append(spec.Pairs, param.Pair{Key: optim.StepKey, Value: s.Lines})
	}
	for _, setting := range s.Settings {
		spec.Pairs = append(spec.Pairs, param.Pair{Key: setting.name(), Value: setting.Text()})
	}
	return spec.String()
}

// String writes s as it is typed: key=value or key@step=value.
func (s Setting) String() string { return s.name() + "=" + s.Text() }

// Text writes the value as it is typed.
func (s Setting) Text() string {
	if s.Course != "" {
		return s.Course
	}
	return optim.Lookup(s.Key).Text(s.Value)
}

func (s Setting) name() string {
	if s.From == 0 {
		return s.Key
	}
	return fmt.Sprintf("%s@%d", s.Key, s.From)
}

// Equal reports whether both have the same rule and settings, in the same order.
func (s LaneSpec) Equal(other LaneSpec) bool {
	return s.Rule == other.Rule && s.Lines == other.Lines && slices.Equal(s.Settings, other.Settings)
}

// index returns the place of the setting of a key from a step on, or −1.
func (s LaneSpec) index(key string, from int) int {
	return slices.IndexFunc(s.Settings, func(old Setting) bool { return old.Key == key && old.From == from })
}

// next returns the step from which another setting of the same key holds.
func (s LaneSpec) next(setting Setting) int {
	next := math.MaxInt
	for _, other := range s.Settings {
		if other.Key == setting.Key && other.From > setting.From {
			next = min(next, other.From)
		}
	}
	return next
}

// Value returns the value that s gives a hyperparameter at the start, if it does.
func (s LaneSpec) Value(key string) (value float64, given bool) {
	if i := s.index(key, 0); i >= 0 {
		return s.Settings[i].Value, true
	}
	return 0, false
}

// Without returns s without some settings.
func (s LaneSpec) Without(drop func(Setting) bool) LaneSpec {
	s.Settings = slices.DeleteFunc(slices.Clone(s.Settings), drop)
	return s
}

// With returns s with a setting: in place of the one of that key from that step on, or
// as the last.
func (s LaneSpec) With(setting Setting) LaneSpec {
	s.Settings = slices.Clone(s.Settings)
	if i := s.index(setting.Key, setting.From); i >= 0 {
		s.Settings[i] = setting
	} else {
		s.Settings = append(s.Settings, setting)
	}
	return s
}

// retuned is With, but what was set for that step and later ones gives way.
func (s LaneSpec) retuned(setting Setting) LaneSpec {
	return s.Without(func(old Setting) bool {
		return old.Key == setting.Key && old.From > 0 && old.From >= setting.From
	}).With(setting)
}

// laneValues is what a lane's spec comes to, where the problem does not matter.
type laneValues struct {
	optimizer optim.Optimizer
	hyper     optim.Hyperparameters // at the start
	edits     []Setting             // that come later, by step
	courses   []course
}

// course is a hyperparameter that changes with every update.
type course struct {
	key         string
	from, until int // the steps after which its updates are
	schedule    *formula.Schedule
}

// read checks s and returns its values.
func (s LaneSpec) read(rules optim.Convention) (laneValues, error) {
	optimizer, err := s.Optimizer()
	if err != nil {
		return laneValues{}, err
	}
	if err := s.checkGiven(optimizer, rules); err != nil {
		return laneValues{}, err
	}
	parameters := optimizer.Parameters(rules)
	values := laneValues{optimizer: optimizer, hyper: optimizer.Defaults(rules)}
	for _, setting := range s.Settings {
		parameter, ok := param.Find(parameters, setting.Key)
		if !ok {
			return laneValues{}, optimizer.UnknownKey(setting.Key, rules)
		}
		if setting.Course != "" {
			schedule, err := setting.schedule(parameter)
			if err != nil {
				return laneValues{}, outOfRange(s.Rule, setting.name(), setting.From > 0, err)
			}
			values.courses = append(values.courses, course{setting.Key, setting.From, s.next(setting), schedule})
			setting.Value = schedule.At(setting.From + 1)
		} else if err := parameter.Check(setting.Value); err != nil {
			return laneValues{}, outOfRange(s.Rule, setting.name(), setting.From > 0, err)
		}
		if setting.From > 0 {
			values.edits = append(values.edits, setting)
		} else {
			values.hyper.Set(setting.Key, setting.Value)
		}
	}
	slices.SortStableFunc(values.edits, func(a, b Setting) int { return a.From - b.From })
	return values, nil
}
