package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/tui/panel"
)

// keyCase presses keys and looks at what can be observed: the race, the screen,
// the status line, the command.
type keyCase struct {
	action keymap.Action // what it is a test of
	scene  func(t *testing.T) *Model
	keys   string // separated by spaces
	status string // a part of the status line afterwards
	same   bool   // whether the race keeps all of its numbers
	check  func(t *testing.T, m *Model, before seen, command tea.Cmd)
}

// seen is what was to be seen before the keys.
type seen struct {
	state, screen string
	step          int
	thetas        [][]float64
	window        panel.Window
}

func look(m *Model) seen {
	s := seen{state: stateOf(m.runner), screen: textOf(m), step: m.runner.Step(), window: m.Window}
	for _, lane := range m.runner.Lanes() {
		s.thetas = append(s.thetas, append([]float64(nil), lane.Theta()...))
	}
	return s
}

// scene opens a race and waits at step 10.
func sceneOf(problem string, lanes ...string) func(*testing.T) *Model {
	return func(t *testing.T) *Model {
		t.Helper()
		return openModel(t, playRace(t, problem, lanes...), 10)
	}
}

// keyCases is one or more tests of every action.
func keyCases() []keyCase {
	var cases []keyCase
	for _, some := range [][]keyCase{raceKeys(), laneKeys(), tuneKeys(), problemKeys(), viewKeys(), programKeys(), paceKeys(), typeKeys()} {
		cases = append(cases, some...)
	}
	return cases
}

func TestKeys(t *testing.T) {
	tested := map[keymap.Action]bool{}
	for _, c := range keyCases() {
		tested[c.action] = true
		t.Run(strings.ReplaceAll(string(c.action)+" "+c.keys, "/", "slash"), func(t *testing.T) {
			open := c.scene
			if open == nil {
				open = sceneOf("ravine")
			}
			m := open(t)
			before := look(m)
			command := press(m, strings.Fields(c.keys)...)
			if status := statusOf(m); !strings.Contains(status, c.status) {
				t.Errorf("the status line says %q, want something with %q", status, c.status)
			}
			if after := stateOf(m.runner); c.same && after != before.state {
				t.Errorf("the race changed:\n%s\nwas\n%s", after, before.state)
			}
			if c.check != nil {
				c.check(t, m, before, command)
			}
		})
	}
	for name := range strings.FieldsSeq(promised) {
		if action, ok := keymap.Default().Action(keyPress(name)); !ok {
			t.Errorf("%s does nothing", name)
		} else if !tested[action] {
			t.Errorf("no case presses %s, for %s", name, action)
		}
	}
}

// promised is every key of the interface.
const promised = "space n p + - r R j k down up x d D e E g G b B v V m M a [ ] c C tab shift+tab z Z 0 " +
	"shift+left shift+right shift+up shift+down l i u t y ? q ctrl+c S *"

// wantStep is a check that the race is at a step, running or not.
func wantStep(step int, running bool) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, _ seen, command tea.Cmd) {
		t.Helper()
		if m.runner.Step() != step || m.Running != running || (command != nil) != (running || m.Hint() != "") {
			t.Errorf("at step %d, running %v, with a command %v; want step %d, running %v", m.runner.Step(), m.Running, command != nil, step, running)
		}
	}
}

func raceKeys() []keyCase {
	atStart := func(t *testing.T) *Model { return openModel(t, playRace(t, "ravine"), 0) }
	over := func(t *testing.T) *Model { return openModel(t, playRace(t, "ravine", "gd:eta=1e300"), 5) }
	return []keyCase{
		{action: keymap.RunPause, scene: atStart, keys: "space", status: "paused at step 0", same: true, check: wantStep(0, false)},
		{action: keymap.RunPause, keys: "space", status: "running", same: true, check: wantStep(10, true)},
		{action: keymap.RunPause, scene: over, keys: "space", status: "GD diverged; r restarts", same: true},
		{action: keymap.StepOn, keys: "n n n", status: "step 13", check: wantStep(13, false)},
		{action: keymap.StepOn, scene: atStart, keys: "n", status: "step 1", check: wantStep(1, false)},
		{action: keymap.StepOn, scene: over, keys: "n", status: "GD diverged", same: true},
		{action: keymap.StepBack, keys: "p p", status: "step 8", check: wantStep(8, false)},
		{action: keymap.StepBack, keys: "n n p p", status: "step 10", same: true},
		{action: keymap.StepBack, scene: atStart, keys: "p", status: "step 0", same: true, check: wantStep(0, false)},
		{action: keymap.TenOn, keys: "N N", status: "step 30", check: wantStep(30, false)},
		{action: keymap.TenBack, keys: "P", status: "step 0", check: wantStep(0, false)},
		{action: keymap.ToStart, keys: "<", check: wantStep(0, false)},
		{action: keymap.ToFurthest, keys: "N < n >", check: wantStep(20, false)},
		{action: keymap.ScrubOn, keys: "N P ctrl+right", check: wantStep(11, false)},
		{action: keymap.ScrubBack, keys: "ctrl+left", check: wantStep(9, false)},
		{action: keymap.Faster, keys: "+", status: "50 steps a second", same: true, check: speedIs(50)},
		{action: keymap.Faster, keys: strings.Repeat("+ ", 20), status: "as fast as it goes", same: true, check: speedIs(0)},
		{action: keymap.Slower, keys: "-", status: "10 steps a second", same: true, check: speedIs(10)},
		{action: keymap.Slower, keys: strings.Repeat("- ", 20), status: "1 step a second", same: true, check: speedIs(1)},
		{action: keymap.Restart, keys: "r", status: "restarted", check: wantStep(0, true)},
		{action: keymap.RestartRandom, keys: "R", status: "start: x = ", check: func(t *testing.T, m *Model, before seen, command tea.Cmd) {
			wantStep(0, true)(t, m, before, command)
			for i, side := range m.runner.Problem().View() {
				if x := m.runner.Start()[i]; x == -10 || x < side.Low || x > side.High {
					t.Errorf("the start is %v, want a new one in %v", m.runner.Start(), m.runner.Problem().View())
				}
			}
		}},
	}
}

// speedIs is a check of the pace: by the steps that two seconds of ticks make.
// As fast as it goes is checked by its being more than any other.
func speedIs(perSecond int) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, _ seen, command tea.Cmd) {
		t.Helper()
		if command != nil {
			t.Error("the speed of a paused race asks for a tick")
		}
		before := m.runner.Step()
		press(m, "space")
		if perSecond == 0 {
			m.Update(currentTick(m))
			if steps := m.runner.Step() - before; steps < 16 {
				t.Errorf("%d steps in a tick", steps)
			}
			return
		}
		for range 2 * FrameRate {
			m.Update(currentTick(m))
		}
		if steps := m.runner.Step() - before; steps < 2*perSecond-1 || steps > 2*perSecond {
			t.Errorf("%d steps in two seconds, want %d", steps, 2*perSecond)
		}
	}
}

func laneKeys() []keyCase {
	selects := func(lane int) func(*testing.T, *Model, seen, tea.Cmd) {
		return func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			t.Helper()
			rows := rowsOf(m)
			title := m.runner.Lanes()[lane].Optimizer().Title
			for _, row := range rows {
				if strings.HasPrefix(row, "▌") && strings.Contains(row, " "+title+" ") {
					return
				}
			}
			t.Errorf("no row marks %s as selected:\n%s", title, strings.Join(rows, "\n"))
		}
	}
	names := func(want string) func(*testing.T, *Model, seen, tea.Cmd) {
		return func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			t.Helper()
			var got []string
			for _, lane := range m.runner.Lanes() {
				got = append(got, lane.Optimizer().Name)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("the lanes are %q, want %q", got, want)
			}
		}
	}
	two := sceneOf("ravine", "gd", "adam")
	return []keyCase{
		{action: keymap.NextLane, keys: "j", status: "Momentum selected", same: true, check: selects(1)},
		{action: keymap.NextLane, keys: "down down", status: "NAG selected", same: true, check: selects(2)},
		{action: keymap.NextLane, keys: "j j j j j j", status: "GD selected", same: true, check: selects(0)},
		{action: keymap.PreviousLane, keys: "k", status: "Adam selected", same: true, check: selects(5)},
		{action: keymap.PreviousLane, keys: "j up", status: "GD selected", same: true, check: selects(0)},
		{action: keymap.ToggleLane, scene: two, keys: "x", status: "GD is off", same: true, check: func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
			if strings.Count(textOf(m), "●") >= strings.Count(before.screen, "●") {
				t.Error("the hidden lane's marker is still on the surface")
			}
		}},
		{action: keymap.ToggleLane, scene: two, keys: "x x", status: "GD is on", same: true},
		{action: keymap.DuplicateLane, scene: two, keys: "d", status: "GD duplicated", check: names("gd gd adam")},
		{action: keymap.DuplicateLane, scene: two, keys: "E d", check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			lanes := m.runner.Lanes()
			if m.Selected != 1 || lanes[0].Spec().String() != lanes[1].Spec().String() || lanes[0].Loss() != lanes[1].Loss() {
				t.Errorf("lane %d is selected, %s; want a copy of %s", m.Selected, lanes[1].Spec(), lanes[0].Spec())
			}
			if m.LaneStyle(0) == m.LaneStyle(1) {
				t.Error("the copy looks as its original does")
			}
		}},
		{action: keymap.NextRule, scene: two, keys: "}", status: " in this lane: ", check: func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
			if m.Lane().Optimizer().Name == "gd" || m.runner.Step() != before.step || m.Lane().Step() != before.step {
				t.Errorf("the lane is %s, at step %d", m.Lane().Spec(), m.Lane().Step())
			}
		}},
		{action: keymap.PreviousRule, scene: two, keys: "} {", check: names("gd adam")},
		{action: keymap.RemoveLane, scene: two, keys: "D", status: "GD removed", check: names("adam")},
		{action: keymap.RemoveLane, scene: two, keys: "j D", status: "Adam removed", check: names("gd")},
		{action: keymap.RemoveLane, scene: two, keys: "D D", status: "the last lane stays", check: names("adam")},
	}
}

func programKeys() []keyCase {
	quits := func(t *testing.T, _ *Model, _ seen, command tea.Cmd) {
		if command == nil {
			t.Fatal("no command")
		}
		if _, ok := command().(tea.QuitMsg); !ok {
			t.Error("the command does not quit")
		}
	}
	return []keyCase{
		{action: keymap.Quit, keys: "q", same: true, check: quits},
		{action: keymap.Quit, keys: "ctrl+c", same: true, check: quits},
		{action: keymap.Suspend, keys: "ctrl+z", same: true, check: func(t *testing.T, _ *Model, _ seen, command tea.Cmd) {
			if command == nil {
				t.Fatal("no command")
			}
			if _, ok := command().(tea.SuspendMsg); !ok {
				t.Error("the command does not suspend")
			}
		}},
		{action: keymap.Help, keys: "?", same: true, check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			text := textOf(m)
			for _, group := range keymap.Default().Groups() {
				if !strings.Contains(text, group.Title) {
					t.Errorf("the help has no %q", group.Title)
				}
			}
		}},
		{action: keymap.Help, keys: "? ?", same: true, check: sameScreen},
		{action: keymap.Help, keys: "? esc", same: true, check: sameScreen},
		{action: keymap.Copy, keys: "y", status: "copied: ravine --problem ravine", same: true},
		{action: keymap.Follow, keys: "f", status: "nobody presents here", same: true, check: sameScreen},
	}
}

// sameScreen is a check that the screen is as it was, all but the status line.
func sameScreen(t *testing.T, m *Model, before seen, _ tea.Cmd) {
	t.Helper()
	was, is := strings.Split(before.screen, "\n"), rowsOf(m)
	for y := range is {
		if y != m.Height-2 && is[y] != was[y] {
			t.Errorf("row %d is %q, was %q", y, is[y], was[y])
			return
		}
	}
}
