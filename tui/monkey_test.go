package tui

import (
	"flag"
	"fmt"
	"image/color"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/keymap"
	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
)

var soak = flag.Int("soak", 1, "times as many random events for TestMonkey")

const (
	monkeySeeds  = 8
	monkeyEvents = 20000 / monkeySeeds
)

// TestMonkey does to the playground what nobody would. A failure names the seed
// and the last events.
func TestMonkey(t *testing.T) {
	results := 0
	for seed := range uint64(monkeySeeds * *soak) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := newMonkey(t, seed)
			m.run(monkeyEvents)
			results += m.results
		})
	}
	if results < 20 && !t.Failed() {
		t.Errorf("only %d results of sweeps and tunings came", results)
	}
}

// monkey is a seeded source of events and the model that gets them.
type monkey struct {
	*testing.T
	random *rand.Rand
	seed   uint64
	model  *Model
	keys   []string
	last   []string // events, oldest first

	results int // of sweeps and tunings
}

func newMonkey(t *testing.T, seed uint64) *monkey {
	random := rand.New(rand.NewPCG(seed, 0))
	kinds := problem.Kinds()
	r := playRace(t, kinds[int(seed)%len(kinds)].Name)
	if seed%3 == 1 {
		r.Steps = 100
	}
	if seed%4 == 2 {
		r.Lanes = race.DefaultLanes("ravine")
	}
	if seed%4 == 3 {
		r.Lanes = nil
		for _, lane := range []string{"rule:step=m<-beta1*m+(1-beta1)*g; theta<-theta-eta*m/(|m|+eps),eta=0.05", "rule:step=theta<-theta-rho*g,rho=0.01",
			"rule:step=theta<-theta-g/100", "gd:eta=cosine(0.07,0.001,80)", "momentum:gamma=linear(0.5,0.9,50),eta@20=0.01/t"} {
			r.Lanes = append(r.Lanes, laneSpec(t, lane))
		}
	}
	if seed%8 == 4 {
		r.Problem = readSpec(t, "formula:J=x*y+z^2/10")
	}
	m := openModel(t, r, int(seed%2)*50)
	m.asks = true
	return &monkey{T: t, random: random, seed: seed, model: m, keys: monkeyKeys(m.Keys)}
}

// monkeyKeys are all keys that do something, the more harmful ones as often as
// the others, and some that do nothing.
func monkeyKeys(bound keymap.Map) []string {
	keys := strings.Fields("esc enter f1 left right alt+e ctrl+e ctrl+q / \\ 5 f é")
	for _, action := range boundActions() {
		if action != keymap.Quit && action != keymap.Suspend {
			keys = append(keys, bound.Binding(action).Keys()...)
		}
	}
	return keys
}

func (m *monkey) run(events int) {
	defer func() {
		if failure := recover(); failure != nil {
			m.fail("panic: %v\n%s", failure, debug.Stack())
		}
	}()
	for range events {
		msg := m.event()
		m.note(msg)
		m.model.Update(msg)
		// Bubble Tea looks at the picture after every message.
		content := m.model.View()
		if m.random.IntN(4) == 0 {
			if fault := misfit(m.model); fault != "" {
				m.fail("%s", fault)
			}
		}
		if !content.AltScreen {
			m.fail("the view left the alternate screen")
		}
	}
}

func (m *monkey) note(msg tea.Msg) {
	const kept = 20
	text := fmt.Sprintf("%T %v", msg, msg)
	if key, ok := msg.(tea.KeyPressMsg); ok {
		text = "key " + key.String()
	}
	m.last = append(m.last, text)
	m.last = m.last[max(0, len(m.last)-kept):]
}

func (m *monkey) fail(format string, values ...any) {
	m.Helper()
	m.Fatalf("seed %d, %d×%d, %q: %s\nlast events:\n%s", m.seed, m.model.Width, m.model.Height, m.model.runner.Race().Args(),
		fmt.Sprintf(format, values...), strings.Join(m.last, "\n"))
}

// event makes the next one: mostly keys.
func (m *monkey) event() tea.Msg {
	switch n := m.random.IntN(100); {
	case n < 55:
		return m.key()
	case n < 60:
		return m.computed()
	case n < 75:
		return m.tick()
	case n < 82:
		return tea.MouseClickMsg(m.mouse(tea.MouseLeft, tea.MouseLeft, tea.MouseRight))
	case n < 87:
		return tea.MouseWheelMsg(m.mouse(tea.MouseWheelUp, tea.MouseWheelDown, tea.MouseWheelLeft))
	case n < 90:
		return m.size()
	case n < 92:
		profiles := []colorprofile.Profile{colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII, colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor}
		return tea.ColorProfileMsg{Profile: profiles[m.random.IntN(len(profiles))]}
	case n < 94:
		return tea.BackgroundColorMsg{Color: color.Gray{Y: uint8(m.random.IntN(256))}}
	case n < 96:
		return tea.PasteMsg{Content: "eeq\x1b[31m\n"}
	case n < 98:
		return wakeMsg{}
	default:
		return tea.KeyReleaseMsg(m.key())
	}
}

// key keeps the race short of where its replay would take the test's time: the
// pace stays at what a tick's budget does not have to cut, and the data small.
func (m *monkey) key() tea.KeyPressMsg {
	msg := keyPress(m.keys[m.random.IntN(len(m.keys))])
	action, _ := m.model.Keys.Action(msg)
	if action == keymap.Faster && panel.Speeds[m.model.Speed] >= 500 || action == keymap.MainUp && m.random.IntN(4) > 0 {
		return keyPress("-")
	}
	return msg
}

// computed is what a sweep or a tuning under way has found next, or a key.
func (m *monkey) computed() tea.Msg {
	var command tea.Cmd
	switch w, tuned := &m.model.sweep, &m.model.tuned; {
	case tuned.tunings != nil:
		command = tuned.command()
	case w.Open && w.Grid != nil:
		command = w.compute()
	}
	if command == nil {
		return m.key()
	}
	m.results++
	return command()
}

// tick is mostly the one that counts.
func (m *monkey) tick() tea.Msg {
	if m.random.IntN(4) == 0 {
		return tickMsg{m.model.clock - 1 - m.random.IntN(3)}
	}
	return currentTick(m.model)
}

// mouse points into the window or just outside of it.
func (m *monkey) mouse(buttons ...tea.MouseButton) tea.Mouse {
	return tea.Mouse{
		X: m.random.IntN(m.model.Width+4) - 2, Y: m.random.IntN(m.model.Height+4) - 2,
		Button: buttons[m.random.IntN(len(buttons))],
	}
}

// size is any from 1×1 to 300×100; most are of the usual kind.
func (m *monkey) size() tea.WindowSizeMsg {
	width, height := 1+m.random.IntN(120), 1+m.random.IntN(36)
	switch m.random.IntN(10) {
	case 0:
		width, height = 1+m.random.IntN(300), 1+m.random.IntN(100)
	case 1, 2, 3, 4:
		width, height = 60+m.random.IntN(60), 20+m.random.IntN(20)
	}
	return tea.WindowSizeMsg{Width: width, Height: height}
}
