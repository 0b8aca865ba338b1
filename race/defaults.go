package race

import (
	"math"
	"strconv"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// defaultProblem and its lanes are the scene that the playground opens with.
const defaultProblem = "ravine"

// DefaultLanes returns the lanes of a scene for which none are named: the
// talk's line-up, with its three batch sizes where there is data to sample.
func DefaultLanes(problemName string) []param.Spec {
	names := []string{"gd", "momentum", "nag", "adagrad", "rmsprop", "adam"}
	switch problemName {
	case "regression", "sparse", "neuron":
		names = []string{"gd", "sgd", "minibatch", "momentum", "adagrad", "adam"}
	}
	lanes := make([]param.Spec, len(names))
	for i, name := range names {
		lanes[i] = param.Spec{Name: name}
	}
	return lanes
}

// etaOf says which η suits a rule. Rules that scale with the gradient are
// limited by the curvature L, so their η is Curvature/L; rules that divide by a
// running size of the gradient make steps of about η, so theirs is Distance
// times the way to go.
type etaOf struct{ Curvature, Distance float64 }

func etas() map[string]etaOf {
	return map[string]etaOf{
		"gd":        {Curvature: 1.875},
		"sgd":       {Curvature: 0.8},
		"minibatch": {Curvature: 0.8},
		"momentum":  {Curvature: 0.5},
		"nag":       {Curvature: 0.5},
		"adagrad":   {Distance: 0.2},
		"adadelta":  {Distance: 0.02},
		"rmsprop":   {Distance: 0.02},
		"adam":      {Distance: 0.04},
		"adamax":    {Distance: 0.06},
		"nadam":     {Distance: 0.03},
		"amsgrad":   {Distance: 0.003},
		"adamw":     {Distance: 0.04},
		"lion":      {Distance: 0.01},
	}
}

// terrain is what etaOf is measured in, for problems on which it cannot be
// computed: the curvature along the way and the way's length.
type terrain struct{ Curvature, Distance float64 }

func terrains() map[string]terrain {
	return map[string]terrain{
		"rosenbrock": {Curvature: 1500, Distance: 1},
		"beale":      {Curvature: 150, Distance: 2},
		"himmelblau": {Curvature: 150, Distance: 4},
		"saddle":     {Curvature: 4, Distance: 1.5},
		"rastrigin":  {Curvature: 800, Distance: 3},
		"neuron":     {Curvature: 200, Distance: 4},
	}
}

// defaultEta returns the η, of two digits, with which a rule opens on a problem.
func defaultEta(problemName string, p problem.Problem, optimizer string, h optim.Hyperparameters, start []float64) float64 {
	suits := etas()[optimizer]
	ground := terrainOf(problemName, p, h.Batch, start)
	eta := suits.Distance * ground.Distance
	if suits.Curvature > 0 {
		eta = suits.Curvature / ground.Curvature
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(eta, 'g', 2, 64), 64)
	if rounded <= 0 || math.IsNaN(rounded) || math.IsInf(rounded, 0) {
		return 1e-3
	}
	return rounded
}

func terrainOf(problemName string, p problem.Problem, batch int, start []float64) terrain {
	ground, known := terrains()[problemName]
	if quadratic, ok := p.(problem.Quadratic); ok && !known {
		ground = terrain{Curvature: quadratic.BatchCurvature(batch)}
		for i, x := range p.Optima()[0].Theta {
			ground.Distance = math.Max(ground.Distance, math.Abs(x-start[i]))
		}
		if ground.Distance == 0 {
			ground.Distance = 1
		}
		return ground
	}
	if sampled, ok := p.(problem.Sampled); ok && batch > 0 {
		// A batch is rougher than its share of the data.
		ground.Curvature *= math.Min(1, 4*float64(batch)/float64(sampled.Examples()))
	}
	return ground
}
