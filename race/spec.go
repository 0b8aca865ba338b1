package race

import (
	"fmt"
	"slices"
	"strings"

	"ravine/optim"
	"ravine/param"
)

// LaneSpec is a lane as a value: a rule, and the hyperparameters in which it differs
// from the rule's defaults.
type LaneSpec struct {
	Rule     string // optim.Optimizer.Name
	Settings []Setting
}

// Setting gives a hyperparameter a value from a step on.
type Setting struct {
	Key   string
	From  int // the updates after this step have the value; 0 for all
	Value float64
}

// ReadLane reads a lane as it is typed, NAME:key=value,key@step=value,…. The error
// names what is wrong and what would be right.
func ReadLane(spec param.Spec, rules optim.Convention) (LaneSpec, error) {
	optimizer, err := optim.Find(spec.Name)
	if err != nil {
		return LaneSpec{}, err
	}
	lane := LaneSpec{Rule: spec.Name}
	for _, pair := range spec.Pairs {
		key, at, edited := strings.Cut(pair.Key, "@")
		parameter, ok := param.Find(optimizer.Parameters(rules), key)
		if !ok {
			return LaneSpec{}, optimizer.UnknownKey(key, rules)
		}
		setting := Setting{Key: key}
		if setting.Value, err = parameter.Number(pair.Value); err != nil {
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
	return lane, nil
}

func outOfRange(rule, key string, edited bool, err error) error {
	if edited {
		return fmt.Errorf("%s: %s: %w", rule, key, err)
	}
	return fmt.Errorf("%s: %w", rule, err)
}

// String writes s as it is typed.
func (s LaneSpec) String() string {
	text, separator := s.Rule, ":"
	for _, setting := range s.Settings {
		text, separator = text+separator+setting.String(), ","
	}
	return text
}

// String writes s as it is typed: key=value or key@step=value.
func (s Setting) String() string {
	return s.name() + "=" + optim.Lookup(s.Key).Text(s.Value)
}

func (s Setting) name() string {
	if s.From == 0 {
		return s.Key
	}
	return fmt.Sprintf("%s@%d", s.Key, s.From)
}

// Equal reports whether both have the same rule and settings, in the same order.
func (s LaneSpec) Equal(other LaneSpec) bool {
	return s.Rule == other.Rule && slices.Equal(s.Settings, other.Settings)
}

// index returns the place of the setting of a key from a step on, or −1.
func (s LaneSpec) index(key string, from int) int {
	return slices.IndexFunc(s.Settings, func(old Setting) bool { return old.Key == key && old.From == from })
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
}

// read checks s and returns its values.
func (s LaneSpec) read(rules optim.Convention) (laneValues, error) {
	optimizer, err := optim.Find(s.Rule)
	if err != nil {
		return laneValues{}, err
	}
	parameters := optimizer.Parameters(rules)
	values := laneValues{optimizer: optimizer, hyper: optimizer.Defaults(rules)}
	for _, setting := range s.Settings {
		parameter, ok := param.Find(parameters, setting.Key)
		if !ok {
			return laneValues{}, optimizer.UnknownKey(setting.Key, rules)
		}
		if err := parameter.Check(setting.Value); err != nil {
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
