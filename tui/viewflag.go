package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ravine/param"
	"ravine/tui/chart"
	"ravine/tui/panel"
)

// viewSetting is a part of the view that the --view flag can set.
type viewSetting struct {
	key  string
	text func(m *Model) string // as on the command line; "" where it is as a playground opens
	set  func(m *Model, text string) error
}

// overWords are its words for what the curves are over.
var overWords = []string{"updates", "epochs", "examples", "log-updates", "log-epochs", "log-examples"}

// viewSettings returns the parts in the order in which they are set: the window
// that a playground opens with depends on those before it.
func viewSettings() []viewSetting {
	return []viewSetting{
		laneNumbers("hidden", func(l *panel.LaneView) bool { return l.Hidden }, func(l *panel.LaneView) { l.Hidden = true }),
		{"variants", (*Model).variantsText, (*Model).setVariants},
		oneOf("lane", func(m *Model) *int { return &m.Selected }, 0, func(m *Model) []string { return numbersFrom(1, len(m.Lanes)) }),
		{"axes", (*Model).axesText, (*Model).setAxes},
		interval("x", func(w *panel.Window) *chart.Range { return &w.X }),
		interval("y", func(w *panel.Window) *chart.Range { return &w.Y }),
		{"over", func(m *Model) string { return unless(m.Over == overOpening(m.runner), overWords[m.Over]) },
			func(m *Model, text string) error {
				i, err := choice(text, overWords)
				m.Over = panel.Over(i)
				return err
			}},
		oneOf("next-step", func(m *Model) *panel.NextStep { return &m.NextStep }, panel.StepHidden, words("hidden", "shown", "compared")),
		oneOf("speed", func(m *Model) *int { return &m.Speed }, openingSpeed, func(*Model) []string { return speedWords() }),
		flagged("inspector", func(m *Model) *bool { return &m.Inspector }, false),
		flagged("all-lanes", func(m *Model) *bool { return &m.TuneAll }, false),
		flagged("what-if", func(m *Model) *bool { return &m.WhatIf }, true),
		flagged("hints", func(m *Model) *bool { return &m.Hints }, true),
		count("trial", func(m *Model) *int { return &m.TrialSteps }, func(m *Model) int { return openingTrialOf(m.runner.Race()) }),
		count("furthest", func(m *Model) *int { return &m.Furthest }, func(m *Model) int { return m.runner.Step() }),
	}
}

// viewText returns the view as --view says it, "" where it is as a playground opens.
func (m *Model) viewText() string {
	spec := param.Spec{Name: panel.ArrangementWords()[m.Arrangement]}
	for _, setting := range viewSettings() {
		if text := setting.text(m); text != "" {
			spec.Pairs = append(spec.Pairs, param.Pair{Key: setting.key, Value: text})
		}
	}
	if spec.Name == panel.ArrangementWords()[panel.ShowRace] && len(spec.Pairs) == 0 {
		return ""
	}
	return spec.String()
}

// setView sets the view as --view says.
func (m *Model) setView(text string) error {
	spec, err := param.Parse(text)
	if err != nil {
		return err
	}
	panels, err := choice(spec.Name, panel.ArrangementWords())
	if err != nil {
		return err
	}
	m.Arrangement = panel.Arrangement(panels)
	settings := viewSettings()
	var keys []string
	for _, setting := range settings {
		keys = append(keys, setting.key)
	}
	for _, pair := range spec.Pairs {
		if !slices.Contains(keys, pair.Key) {
			return param.Unknown("key of the view", pair.Key, keys)
		}
	}
	for _, setting := range settings {
		if setting.key == "x" {
			m.Window = m.openingWindow()
		}
		value := spec.Value(setting.key, "")
		if value == "" {
			continue
		}
		if err := setting.set(m, value); err != nil {
			return fmt.Errorf("%s=%s: %w", setting.key, value, err)
		}
	}
	if !m.Window.Drawable() {
		return fmt.Errorf("x and y: too narrow, or too far away, to draw")
	}
	return nil
}

// unless returns text, or nothing.
func unless(condition bool, text string) string { return panel.Pick(condition, "", text) }

// choice returns the place of a word among those there are.
func choice(word string, all []string) (int, error) {
	i := slices.Index(all, word)
	if i < 0 {
		return 0, fmt.Errorf("want one of %s%s", strings.Join(all, " "), param.DidYouMean(word, all))
	}
	return i, nil
}

func words(all ...string) func(*Model) []string { return func(*Model) []string { return all } }

func numbersFrom(first, count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = strconv.Itoa(first + i)
	}
	return all
}

func speedWords() []string {
	var all []string
	for _, perSecond := range panel.Speeds {
		all = append(all, panel.Pick(perSecond == 0, "max", strconv.Itoa(perSecond)))
	}
	return all
}

// oneOf is a setting that is one of some words, by its place among them.
func oneOf[T ~int](key string, value func(*Model) *T, initial T, all func(*Model) []string) viewSetting {
	return viewSetting{key,
		func(m *Model) string { return unless(*value(m) == initial, all(m)[*value(m)]) },
		func(m *Model, text string) error {
			i, err := choice(text, all(m))
			*value(m) = T(i)
			return err
		}}
}

// flagged is a setting that is on or off.
func flagged(key string, value func(*Model) *bool, initial bool) viewSetting {
	return viewSetting{key,
		func(m *Model) string { return unless(*value(m) == initial, panel.Pick(*value(m), "on", "off")) },
		func(m *Model, text string) error {
			i, err := choice(text, []string{"off", "on"})
			*value(m) = i == 1
			return err
		}}
}

// count is a number of steps, from 1.
func count(key string, value func(*Model) *int, initial func(*Model) int) viewSetting {
	return viewSetting{key,
		func(m *Model) string { return unless(*value(m) == initial(m), strconv.Itoa(*value(m))) },
		func(m *Model, text string) error {
			n, err := param.Whole(text)
			if err != nil || n < 1 || n > MostSteps {
				return fmt.Errorf("want a whole number from 1 to %d", MostSteps)
			}
			*value(m) = max(n, panel.Pick(key == "furthest", m.runner.Step(), 1))
			return nil
		}}
}

// laneNumbers is the lanes, counted from 1, of which something holds: 1+3.
func laneNumbers(key string, holds func(*panel.LaneView) bool, set func(*panel.LaneView)) viewSetting {
	return viewSetting{key,
		func(m *Model) string {
			var all []string
			for i := range m.Lanes {
				if holds(&m.Lanes[i]) {
					all = append(all, strconv.Itoa(i+1))
				}
			}
			return strings.Join(all, "+")
		},
		func(m *Model, text string) error {
			for word := range strings.SplitSeq(text, "+") {
				i, err := choice(word, numbersFrom(1, len(m.Lanes)))
				if err != nil {
					return err
				}
				set(&m.Lanes[i])
			}
			return nil
		}}
}

// interval is a side of the window: -12..12.
func interval(key string, side func(*panel.Window) *chart.Range) viewSetting {
	return viewSetting{key,
		func(m *Model) string {
			opening := m.openingWindow()
			r := *side(&m.Window)
			return unless(r == *side(&opening), param.Format(r.Min)+".."+param.Format(r.Max))
		},
		func(m *Model, text string) error {
			low, high, _ := strings.Cut(text, "..")
			min, err := strconv.ParseFloat(low, 64)
			max, err2 := strconv.ParseFloat(high, 64)
			if err != nil || err2 != nil || !(min < max) {
				return fmt.Errorf("want LOW..HIGH, as in -12..12")
			}
			*side(&m.Window) = chart.Range{Min: min, Max: max}
			return nil
		}}
}

// axesText is the parameters on the surface's axes, counted as in theta_0: 0+2.
func (m *Model) axesText() string {
	return unless(m.Axes == [2]int{0, 1}, fmt.Sprintf("%d+%d", m.Axes[0], m.Axes[1]))
}

func (m *Model) setAxes(text string) error {
	all := numbersFrom(0, m.runner.Problem().Dim())
	x, y, _ := strings.Cut(text, "+")
	i, err := choice(x, all)
	if err != nil {
		return err
	}
	j, err := choice(y, all)
	if err == nil && i == j {
		err = fmt.Errorf("want two parameters, as in 0+1")
	}
	m.Axes = [2]int{i, j}
	return err
}

// variantsText is the lanes' variants of their rules' looks.
func (m *Model) variantsText() string {
	var all []string
	same := true
	for i, lane := range openingLanes(m.runner) {
		same = same && lane.Variant == m.Lanes[i].Variant
		all = append(all, strconv.Itoa(m.Lanes[i].Variant))
	}
	return unless(same, strings.Join(all, "+"))
}

func (m *Model) setVariants(text string) error {
	all := strings.Split(text, "+")
	if len(all) != len(m.Lanes) {
		return fmt.Errorf("want %d, one for each lane", len(m.Lanes))
	}
	for i, word := range all {
		variant, err := choice(word, numbersFrom(0, mostLanes))
		if err != nil {
			return err
		}
		m.Lanes[i].Variant = variant
	}
	return nil
}
