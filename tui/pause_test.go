package tui

import (
	"image/color"
	"math"
	"slices"
	"testing"
	"unsafe"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// TestPausedIsSilent sends a paused model whatever may still be under way: it
// asks for nothing, and the picture is the same string, not drawn again.
func TestPausedIsSilent(t *testing.T) {
	m := openDefault(t, 0)
	for range 20 {
		m.Update(currentTick(m))
	}
	if command := press(m, "space"); command != nil {
		t.Error("pausing asks for something")
	}
	frame, state := m.View().Content, stateOf(m.runner)
	messages := []tea.Msg{
		tickMsg{m.clock}, tickMsg{m.clock - 1}, tickMsg{0}, tickMsg{math.MaxInt},
		tea.PasteMsg{Content: "nnn q"}, tea.PasteStartMsg{}, tea.PasteEndMsg{},
		tea.FocusMsg{}, tea.BlurMsg{}, tea.KeyReleaseMsg(keyPress("n")), tea.MouseReleaseMsg{X: 5, Y: 5, Button: tea.MouseLeft},
		tea.MouseMotionMsg{X: 9, Y: 9}, tea.BackgroundColorMsg{Color: color.White}, "unknown", nil,
	}
	for _, msg := range messages {
		if _, command := m.Update(msg); command != nil {
			t.Errorf("%T asks for something", msg)
		}
		if content := m.View().Content; unsafe.StringData(content) != unsafe.StringData(frame) {
			t.Errorf("%T is drawn", msg)
		}
	}
	if stateOf(m.runner) != state {
		t.Error("the race moved")
	}
	m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	if unsafe.StringData(m.View().Content) == unsafe.StringData(frame) {
		t.Error("a change of colours is not drawn: this test cannot tell a new frame")
	}
}

// TestViewWithoutChange checks that a running race is not drawn again for a
// message that changes nothing, and is for a step.
func TestViewWithoutChange(t *testing.T) {
	m := openDefault(t, 0)
	press(m, "-", "-", "-", "-") // 1 a second: 30 ticks a step
	frame, step := m.View().Content, m.runner.Step()
	for range 3 * FrameRate {
		m.Update(currentTick(m))
		content := m.View().Content
		if drawn := unsafe.StringData(content) != unsafe.StringData(frame); drawn != (m.runner.Step() != step) {
			t.Fatalf("at step %d, before at %d, drawn: %v", m.runner.Step(), step, drawn)
		}
		frame, step = content, m.runner.Step()
	}
	if step < 2 || step > 3 {
		t.Errorf("at step %d after three seconds at one a second", step)
	}
}

// TestTicksDoNotMultiply pauses and resumes quickly: of all the ticks that are
// then under way, one line goes on, at the pace of one.
func TestTicksDoNotMultiply(t *testing.T) {
	m := openDefault(t, 0)
	press(m, "+", "+") // 100 a second
	underWay := []tea.Msg{currentTick(m)}
	for range 10 {
		press(m, "space")
		if command := press(m, "space"); command == nil {
			t.Fatal("resuming asks for no tick")
		}
		underWay = append(underWay, currentTick(m))
	}
	before := m.runner.Step()
	for range FrameRate {
		var next []tea.Msg
		for _, tick := range underWay {
			if _, command := m.Update(tick); command != nil {
				next = append(next, currentTick(m))
			}
		}
		underWay = next
	}
	if len(underWay) != 1 {
		t.Errorf("%d ticks are under way, want 1", len(underWay))
	}
	if steps := m.runner.Step() - before; steps < 99 || steps > 100 {
		t.Errorf("%d steps in a second, want 100", steps)
	}
}

// TestEnd runs races that end: no tick is asked for then, and nothing else where
// no hint is to come.
func TestEnd(t *testing.T) {
	limited := playRace(t, "ravine")
	limited.Steps = 50
	for name, r := range map[string]*Model{
		"limit":     openModel(t, limited, 0),
		"converged": openModel(t, playRace(t, "ravine", "gd:eta=0.03"), 0),
		"diverged":  openModel(t, playRace(t, "ravine", "gd:eta=1"), 0),
	} {
		t.Run(name, func(t *testing.T) {
			press(r, slices.Repeat([]string{"+"}, 8)...)
			press(r, "h")
			ticks := 0
			for ; r.Running && ticks < 10*FrameRate; ticks++ {
				_, command := r.Update(currentTick(r))
				if (command != nil) != r.Running {
					t.Fatalf("running: %v, a tick asked for: %v", r.Running, command != nil)
				}
				r.View()
			}
			if r.Running {
				t.Fatalf("still at it after %d ticks, at step %d", ticks, r.runner.Step())
			}
			if name == "limit" && r.runner.Step() != 50 {
				t.Errorf("ended at step %d", r.runner.Step())
			}
		})
	}
}

// TestWait opens at the start and waits there.
func TestWait(t *testing.T) {
	for _, wait := range []bool{false, true} {
		m, err := New(Options{Race: playRace(t, "ravine"), Wait: wait, Background: "dark"})
		if err != nil {
			t.Fatal(err)
		}
		if command := m.Init(); m.Moves() == wait || (command == nil) != wait {
			t.Errorf("wait %v: it runs: %v, Init has a command: %v", wait, m.Moves(), command != nil)
		}
	}
}

// TestInit asks for the background only where it is not known.
func TestInit(t *testing.T) {
	for _, test := range []struct {
		background string
		at         int
		asks       bool
	}{{"", 0, true}, {"dark", 0, true}, {"dark", 5, false}, {"light", 5, false}, {"", 5, true}} {
		m, err := New(Options{Race: playRace(t, "ravine"), At: test.at, Background: test.background})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Init() != nil; got != test.asks {
			t.Errorf("background %q, at %d: Init has a command: %v, want %v", test.background, test.at, got, test.asks)
		}
	}
}
