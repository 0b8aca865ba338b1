package problem

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/gonum/floats"

	"ravine/formula"
	"ravine/param"
)

func fitKind() Kind {
	return Kind{
		Name:    "fit",
		Sampled: true,
		Summary: "A model of your own fitted to data: names that are columns are data, and the others its parameters.",
		Formula: "J = ½Σ(y − f)², f = a·exp(−k·t) + c",
		Parameters: append([]param.Parameter{
			{Key: modelKey, Help: "what predicts y, such as a*exp(-k*t)+c", Kind: param.Text, Default: "a*exp(-k*t)+c"},
			{Key: "loss", Help: "what an example costs by its residual; logistic reads y as two classes",
				Kind: param.Choice, Default: "square", Choices: lossNames()},
			examplesParameter("100"),
			noiseParameter("0.1", maxShift),
			reduceParameter(),
			standardizeParameter(),
			fileParameter(),
			{Key: "y", Help: "its column to predict (without it: the last of numbers)", Kind: param.Text},
			{Key: "x", Help: "its column that the data are drawn over (without it: the first in the model)", Kind: param.Text},
			{Key: "start", Help: "where a race starts, as [1,0.5,2] or [a=1,c=2,k=0.5]", Kind: param.Text},
			{Key: "view", Help: "what the surface shows, as [-2..2,-1..3]", Kind: param.Text},
		}, dialectParameters()...),
		of: fitOf,
		check: func(v values) error {
			if v.given["file"] && !v.given[modelKey] {
				return fmt.Errorf("want model=…, such as model=a*x+b with a column x")
			}
			return checkRegression(v)
		},
		build: buildFit,
	}
}

// fitOf returns the kind with the constants of one model as its parameters.
func fitOf(kind Kind, spec param.Spec) (Kind, error) {
	text := spec.Value(modelKey, kind.Parameters[0].Default)
	read, err := formula.Parse(text)
	if err != nil {
		return Kind{}, err
	}
	if i := slices.Index(lossNames(), spec.Value("loss", "square")); i >= 0 {
		kind.Formula = "J = " + fitCosts[i].shown + ", f = " + formula.Pretty(text, formula.PrettyName)
	}
	if kind, err = withConstants(kind, spec, modelKey, read); err != nil {
		return Kind{}, err
	}
	if kind.Main == "" && spec.Value("file", "") == "" {
		kind.Main = "noise"
	}
	_, err = read.Variables(constantsOf(kind, spec))
	return kind, err
}

// decayExamples makes n points of 4·exp(−0.7t) + 1 evenly over [0, 8), with noise.
func decayExamples(n int, noise float64, seed uint64) examples {
	data := examples{width: 1, features: make([]float64, n), targets: make([]float64, n), columns: []string{"t"}, target: "y"}
	random := rand.New(rand.NewPCG(seed, noiseStream))
	for i := range n {
		t := 8 * float64(i) / float64(n)
		data.features[i] = t
		data.targets[i] = 4*math.Exp(-0.7*t) + 1 + noise*random.NormFloat64()
	}
	return data
}

func buildFit(v values, seed uint64) (Problem, error) {
	model, err := formula.Parse(v.text[modelKey])
	if err != nil {
		return nil, err
	}
	names, err := model.Variables(v.constants)
	if err != nil {
		return nil, err
	}
	data := decayExamples(v.count("n"), v.number["noise"], seed)
	if v.given["file"] {
		file, err := dataFileOf(v)
		if err != nil {
			return nil, err
		}
		file.x, file.model, file.classes = "", names, v.text["loss"] == "logistic"
		if data, err = file.read(); err != nil {
			return nil, err
		}
	}
	var identifiers []string
	for _, name := range data.columns {
		identifiers = append(identifiers, formula.Identifier(name))
	}
	scale, err := data.standardizeIf(v)
	if err != nil {
		return nil, err
	}
	p, err := newFit(data, identifiers, model, v.constants, v.text["loss"], v.text["reduce"] == "mean")
	if err != nil {
		return nil, err
	}
	p.unscale = scale
	if x := formula.Identifier(v.text["x"]); x != "" {
		if p.shown = slices.Index(p.identifiers, x); p.shown < 0 {
			return nil, fmt.Errorf("x=%s: the model has no such column; it has %s", v.text["x"], strings.Join(p.identifiers, " "))
		}
	}
	return p, p.explore(v.text["start"], v.text["view"])
}

// fit is the loss of a model over data: a sum over examples, or its mean.
type fit struct {
	own
	*fitLoss
	shown   int     // the column that the data are drawn over
	unscale scaling // of the stored columns
}

// newFit makes the loss of a model with data whose columns it has by their identifiers.
func newFit(data examples, identifiers []string, model *formula.Formula, constants map[string]float64, loss string, mean bool) (*fit, error) {
	l := &fitLoss{examples: data, identifiers: identifiers, mean: mean}
	names, err := model.Variables(constants)
	if err != nil {
		return nil, err
	}
	target := formula.Identifier(data.target)
	l.parameters = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(l.identifiers, name) })
	switch {
	case slices.Contains(l.parameters, target):
		return nil, fmt.Errorf("the model has the column %s, which it is to predict", quote(data.target))
	case len(l.parameters) < 2:
		return nil, fmt.Errorf("the model has %s; want 2 or more, since the surface shows two", param.Plural(len(l.parameters), "parameter"))
	case len(l.parameters) > mostVariables:
		return nil, fmt.Errorf("the model has %d parameters; want at most %d", len(l.parameters), mostVariables)
	}
	const targetVariable = " y" // no name of a model
	variables := append(slices.Concat(l.parameters, l.identifiers), targetVariable)
	if l.model, err = model.Compile(variables, constants); err != nil {
		return nil, err
	}
	l.loss = fitCosts[slices.Index(lossNames(), loss)]
	each, err := formula.Parse(l.loss.formula)
	if err != nil {
		panic("problem: " + l.loss.formula + ": " + err.Error())
	}
	each = each.Substitute(map[string]*formula.Formula{"f": model, "y": formula.Variable(targetVariable)})
	if l.each, err = each.Compile(variables, constants); err != nil {
		return nil, err
	}
	l.idle.make = func() *formula.Batch { return l.model.NewBatch(len(l.parameters)) }
	l.setColumns()
	p := &fit{own: own{curved: l, names: prettyNames(l.parameters)}, fitLoss: l}
	p.search, p.curvature = p.findBest, l.roughHessianVector
	p.operations = l.model.Operations() * min(l.count(), roughly) / 10 // in blocks they are as fast
	return p, nil
}

func prettyNames(names []string) (pretty []string) {
	for _, name := range names {
		pretty = append(pretty, formula.PrettyName(name))
	}
	return pretty
}

// fitLoss is the loss, without what is known of it.
type fitLoss struct {
	examples
	identifiers []string      // of the columns, as the model calls them
	parameters  []string      // the other names in it
	model       *formula.Tape // of parameters, columns and, unused, the target
	loss        fitCost
	each        *formula.Tape // the loss of an example, of the same
	values      [][]float64   // of each column and the target
	middle      []float64     // the mean of each column
	some        []int32       // rows for RoughLoss; nil for all
	idle        idleBatches
	mean        bool
}

// idleBatches are those that no evaluation uses now.
type idleBatches struct {
	make func() *formula.Batch
	mu   sync.Mutex
	all  []*formula.Batch
}

func (b *idleBatches) take() *formula.Batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := len(b.all) - 1
	if last < 0 {
		return b.make()
	}
	batch := b.all[last]
	b.all = b.all[:last]
	return batch
}

func (b *idleBatches) put(batch *formula.Batch) {
	b.mu.Lock()
	b.all = append(b.all, batch)
	b.mu.Unlock()
}

// setColumns stores the data by column.
func (l *fitLoss) setColumns() {
	l.middle = l.means()
	for j := range l.width {
		column := make([]float64, l.count())
		for i := range column {
			column[i] = l.features[i*l.width+j]
		}
		l.values = append(l.values, column)
	}
	l.values, l.features = append(l.values, l.targets), nil
	if l.count() > roughly {
		for i := range spread(l.count(), roughly) {
			l.some = append(l.some, int32(i))
		}
	}
}

func (l *fitLoss) Dim() int { return len(l.parameters) }

// weight is what a sum over so many examples counts.
func (l *fitLoss) weight(examples int) float64 {
	if l.mean {
		return 1 / float64(examples)
	}
	return 1
}

func (l *fitLoss) Loss(theta []float64) float64 { return l.sum(nil, theta, nil) }

func (l *fitLoss) Evaluate(gradient, theta []float64) float64 { return l.sum(gradient, theta, nil) }

func (l *fitLoss) EvaluateBatch(gradient, theta []float64, rows []int32) float64 {
	return l.sum(gradient, theta, rows)
}

// sum adds up the losses of rows; of all for nil.
func (l *fitLoss) sum(gradient, theta []float64, rows []int32) float64 {
	batch := l.idle.take()
	loss := batch.Sum(gradient, theta, l.values, rows, l.loss.of)
	l.idle.put(batch)
	count := len(rows)
	if rows == nil {
		count = l.count()
	}
	weight := l.weight(count)
	for i := range gradient {
		gradient[i] *= weight
	}
	return loss * weight
}

func (l *fitLoss) Examples() int { return l.count() }
func (l *fitLoss) Mean() bool    { return l.mean }

// at stores the parameters and example i's columns and target in variables.
func (l *fitLoss) at(variables, theta []float64, i int) {
	copy(variables, theta)
	for j, column := range l.values {
		variables[len(theta)+j] = column[i]
	}
}

func (l *fitLoss) HessianVector(product, theta, direction []float64) {
	l.hessianVector(product, theta, direction, l.count())
}

// roughHessianVector is HessianVector of some of very many examples.
func (l *fitLoss) roughHessianVector(product, theta, direction []float64) {
	l.hessianVector(product, theta, direction, roughly)
}

// roughly is how many examples stand for very many.
const roughly = 1000

func (l *fitLoss) RoughLoss(theta []float64) float64 {
	if l.some == nil {
		return l.Loss(theta)
	}
	return l.sum(nil, theta, l.some) * l.weight(l.count()) / l.weight(roughly) * float64(l.count()) / roughly
}

// hessianVector takes at most so many examples for all.
func (l *fitLoss) hessianVector(product, theta, direction []float64, most int) {
	size := l.Dim() + len(l.values)
	variables, along, part := make([]float64, size), make([]float64, size), make([]float64, size)
	copy(along, direction)
	clear(product)
	for i := range spread(l.count(), most) {
		l.at(variables, theta, i)
		l.each.HessianVector(part, variables, along)
		floats.Add(product, part[:len(product)])
	}
	floats.Scale(l.weight(l.count())*float64(l.count())/float64(min(most, l.count())), product)
}

// Scale has less curvature for a batch of a sum, though more than its share of the data:
// a small batch may be steeper than the average, and its steps are noisy.
func (p *fit) Scale(_ []float64, batch int) Scale {
	const wary = 16
	scale := p.scale
	switch {
	case batch > 0 && p.mean:
		scale.Curvature *= wary / math.Min(wary, float64(batch))
	case batch > 0:
		scale.Curvature *= math.Min(1, math.Max(wary, float64(batch))/float64(p.count()))
	}
	return scale
}

// Note says how a file was read, where that is not as everyone would expect, and whether
// no minimum was found.
func (p *fit) Note() string {
	notes := []string{p.note, p.own.Note()}
	return strings.Join(slices.DeleteFunc(notes, func(note string) bool { return note == "" }), "; ")
}

func (p *fit) Axes() (x, y string) { return p.columns[p.shown], p.target }

func (p *fit) Points(limit int, yield func(x, y float64)) {
	for i := range spread(p.count(), limit) {
		yield(p.unscale.own(p.shown, p.values[p.shown][i]), p.targets[i])
	}
}

func (p *fit) Predict(theta []float64, x float64) float64 {
	variables := make([]float64, p.fitLoss.Dim()+p.width+1)
	copy(variables, theta)
	copy(variables[len(theta):], p.middle)
	variables[len(theta)+p.shown] = p.unscale.stored(p.shown, x)
	predicted := p.model.Value(variables)
	if p.loss.name == "logistic" {
		return 1 / (1 + math.Exp(-predicted)) // the probability of class 1
	}
	return predicted
}
