package problem

import "slices"

// plane is what every closed form over two parameters has besides its formula.
//
// Such a problem's Evaluate takes its value from Loss, and Loss is not inlined:
// where a machine has a fused multiply-add, two copies of one formula may be
// rounded differently, and the two values would differ in their last bit.
type plane struct {
	names  []string
	start  []float64
	view   []Interval
	optima []Optimum
	scale  Scale
}

func (p *plane) Dim() int          { return 2 }
func (p *plane) Start() []float64  { return slices.Clone(p.start) }
func (p *plane) Optima() []Optimum { return p.optima }
func (p *plane) Names() []string   { return p.names }
func (p *plane) View() []Interval  { return slices.Clone(p.view) }

func (p *plane) Scale([]float64, int) Scale { return p.scale }
