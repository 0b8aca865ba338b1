package screen

import "testing"

const frameColumns, frameRows = 200, 50

// everyCellDiffers is the worst frame: no two neighbours share a color.
func everyCellDiffers() *Grid {
	g := New(frameColumns, frameRows)
	for y := range frameRows {
		for x := range frameColumns {
			style := Style{RGB(uint8(100+x%150), 200, uint8(y)), RGB(20, uint8(x), uint8(30+y)), 0}
			g.Set(x, y, '▀', style)
		}
	}
	return g
}

// typical is half a surface with bands and braille, half text and blanks.
func typical() *Grid {
	g := New(frameColumns, frameRows)
	for y := range frameRows {
		for x := range frameColumns / 2 {
			band := uint8((x + 2*y) / 9)
			g.Set(x, y, '▀', Style{Foreground: RGB(20, 4*band, 60), Background: RGB(20, 4*band, 60)})
			if x%7 == 0 {
				g.SetForeground(x, y, '⣿', RGB(250, 200, 90))
			}
		}
		g.Text(frameColumns/2+2, y, 60, "momentum  η 0.01  γ 0.9  loss 1.234e-05  converged", red)
	}
	return g
}

func BenchmarkString(b *testing.B) {
	for _, frame := range []struct {
		name string
		grid *Grid
	}{{"typical", typical()}, {"every cell differs", everyCellDiffers()}} {
		b.Run(frame.name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(frame.grid.String())
			}
			b.ReportMetric(float64(size), "bytes/frame")
		})
	}
}

func BenchmarkText(b *testing.B) {
	g := New(frameColumns, frameRows)
	for _, text := range []string{"loss 1.234e-05 converged", "η γ β₁ β₂ m̂ ‖∇J‖", "漢字漢字漢字漢字"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Text(0, 0, 60, text, red)
			}
		})
	}
}

func TestDrawingAllocatesOnlyTheText(t *testing.T) {
	g := typical()
	_ = g.String()
	if n := testing.AllocsPerRun(20, func() { _ = g.String() }); n > 1 {
		t.Errorf("String allocates %v times, want once", n)
	}
	draw := func() {
		g.Clear(Style{})
		g.Box(g.Area(), "surface", red, red)
		g.Fill(Area{1, 1, 20, 20}, '▀', red)
		g.Text(1, 1, 40, "η₁ = 0.01  ‖∇J‖²", red)
	}
	if n := testing.AllocsPerRun(20, draw); n > 0 {
		t.Errorf("drawing allocates %v times, want none", n)
	}
}
