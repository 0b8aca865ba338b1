package optim

import (
	"math"
	"slices"
	"testing"
)

// The bowl J = ½(θ₀² + 25θ₁²) and where the tests start on it.
func bowl(at []float64) []float64 { return []float64{at[0], 25 * at[1]} }

func bowlStart() []float64 { return []float64{1, -1} }

// plain are values far from the defaults, so that ε and the bias corrections
// show in the first digits, and every max has its turn on either side.
func plain() Hyperparameters {
	return Hyperparameters{Eta: 0.6, Gamma: 0.9, Beta1: 0.6, Beta2: 0.5, Epsilon: 0.1, Decay: 0.2}
}

// firstSteps is θ after each of three steps from bowlStart with plain. The
// numbers come from the formulas of the design's table in 60-digit decimals, in
// Python, written apart from the Go code.
var firstSteps = []struct {
	names       []string
	conventions []Convention
	theta       [3][2]float64
}{
	{[]string{"gd", "sgd", "minibatch"}, []Convention{Slides, Papers}, [3][2]float64{
		{0.4, 14.0},
		{0.16000000000000003, -195.99999999999997},
		{0.06400000000000002, 2743.9999999999995},
	}},
	{[]string{"momentum"}, []Convention{Slides, Papers}, [3][2]float64{
		{0.4, 14.0},
		{-0.37999999999999995, -182.49999999999997},
		{-0.854, 2378.1499999999996},
	}},
	{[]string{"nag"}, []Convention{Slides, Papers}, [3][2]float64{
		{0.4, 14.0},
		{-0.055999999999999994, -385.0},
		{-0.18656, 10417.4},
	}},
	{[]string{"adagrad"}, []Convention{Slides}, [3][2]float64{
		{0.42792244645264466, -0.4000479942407679},
		{0.20125816717339653, -0.1772059073124782},
		{0.09629843880376708, -0.07980474529989785},
	}},
	{[]string{"adagrad"}, []Convention{Papers}, [3][2]float64{
		{0.4545454545454546, -0.402390438247012},
		{0.2269804436967515, -0.1792375377050403},
		{0.11550282911582584, -0.08117950894289219},
	}},
	{[]string{"adadelta", "rmsprop"}, []Convention{Slides}, [3][2]float64{
		{-0.34164078649987384, 0.8958505218708451},
		{0.11481459337138308, -0.4062158622676256},
		{-0.04206593382759977, 0.18510557468894437},
	}},
	{[]string{"adadelta"}, []Convention{Papers}, [3][2]float64{
		{0.5757359312880714, -0.4004794247669263},
		{0.2925155476557059, -0.07085908147229168},
		{0.13925976352196526, -0.0065251347427926},
	}},
	{[]string{"rmsprop"}, []Convention{Papers}, [3][2]float64{
		{-0.44151844011225294, 0.8736663827222633},
		{0.173269104124797, -0.39917340460623063},
		{-0.07504812721099559, 0.1835940569929737},
	}},
	{[]string{"adam"}, []Convention{Slides}, [3][2]float64{
		{0.42792244645264466, -0.4000479942407679},
		{-0.08930800674783139, 0.16519370854942453},
		{-0.3842282873362353, 0.45966788723696456},
	}},
	{[]string{"adam"}, []Convention{Papers}, [3][2]float64{
		{0.4545454545454546, -0.402390438247012},
		{-0.04835434458391916, 0.16008613677524378},
		{-0.3731329660765625, 0.456761528296548},
	}},
	{[]string{"adamax"}, []Convention{Slides}, [3][2]float64{
		{0.76, -0.76},
		{0.33052631578947367, -0.33052631578947367},
		{-0.393595567867036, 0.393595567867036},
	}},
	{[]string{"adamax"}, []Convention{Papers}, [3][2]float64{
		{0.4, -0.4},
		{-0.35, 0.35},
		{-0.5686588921282799, 0.5686588921282799},
	}},
	{[]string{"nadam"}, []Convention{Slides}, [3][2]float64{
		{0.08467591432423142, -0.040076790785228675},
		{-0.19603896961350706, 0.23489192539913098},
		{-0.156229914413773, 0.12849386605431035},
	}},
	{[]string{"nadam"}, []Convention{Papers}, [3][2]float64{
		{0.12727272727272732, -0.043824701195219175},
		{-0.18055579606535235, 0.23309621313864057},
		{-0.16422887715369572, 0.13060663466523548},
	}},
	{[]string{"amsgrad"}, []Convention{Slides}, [3][2]float64{
		{0.6901613323034066, -0.6606430378013347},
		{0.29041946398885726, -0.2328350460761766},
		{-0.03940883679533863, 0.1028639428887158},
	}},
	{[]string{"amsgrad"}, []Convention{Papers}, [3][2]float64{
		{0.702641576561691, -0.662497944964696},
		{0.3152901310501133, -0.2364022940612631},
		{-0.01087491255155285, 0.09904135654153322},
	}},
	{[]string{"adamw"}, []Convention{Slides}, [3][2]float64{
		{0.3079224464526446, -0.28004799424076793},
		{-0.21219949614282976, 0.28489339798254265},
		{-0.37395360349383516, 0.4124307175568856},
	}},
	{[]string{"adamw"}, []Convention{Papers}, [3][2]float64{
		{0.3345454545454546, -0.282390438247012},
		{-0.1800159305741721, 0.2803483330827878},
		{-0.37434948782891964, 0.4114447784762731},
	}},
	{[]string{"lion"}, []Convention{Slides, Papers}, [3][2]float64{
		{0.28, -0.28},
		{-0.35359999999999997, 0.35359999999999997},
		{-0.911168, 0.911168},
	}},
}

func TestFirstSteps(t *testing.T) {
	ran := 0
	for _, c := range []Convention{Slides, Papers} {
		for _, o := range All() {
			for _, row := range firstSteps {
				if !slices.Contains(row.names, o.Name) || !slices.Contains(row.conventions, c) {
					continue
				}
				ran++
				rule, theta, h := o.Start(2, c), bowlStart(), plain()
				for step, want := range row.theta {
					rule.Step(theta, &h, &Gradient{Of: bowl})
					for i := range want {
						if math.Abs(theta[i]-want[i]) > 1e-13*math.Abs(want[i]) {
							t.Errorf("%s %s: step %d: θ[%d] = %.17g, want %.17g", o.Name, c, step+1, i, theta[i], want[i])
						}
					}
				}
			}
		}
	}
	if want := 2 * len(All()); ran != want {
		t.Errorf("%d rules compared, want %d: one row for each rule and convention", ran, want)
	}
}

func TestZeroGradientCoordinateDoesNotMove(t *testing.T) {
	flat := func(at []float64) []float64 { return []float64{0, 1} }
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := o.Defaults(c)
		h.Eta, h.Decay = 0.1, 0
		rule, theta := o.Start(2, c), []float64{3, 3}
		for range 5 {
			rule.Step(theta, &h, &Gradient{Of: flat})
		}
		if theta[0] != 3 || !(theta[1] < 3) {
			t.Errorf("θ = %v, want 3 and less than 3", theta)
		}
	})
}

// What is not a number must stay one, so that the race sees the divergence.
func TestNotANumberShows(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := o.Defaults(c)
		h.Eta = 0.1
		rule, theta := o.Start(1, c), []float64{3}
		rule.Step(theta, &h, &Gradient{Of: func([]float64) []float64 { return []float64{math.NaN()} }})
		if !math.IsNaN(theta[0]) {
			t.Errorf("θ = %v after a gradient of NaN", theta[0])
		}
	})
}

// The mean of a constant gradient is that gradient, and so is m̂ = m/(1−β₁ᵗ) if
// 1−β₁ᵗ is the sum of the weights in m, whatever β₁ has been.
func TestBiasCorrectionUnderChangedBeta(t *testing.T) {
	constant := func([]float64) []float64 { return []float64{4} }
	h := Hyperparameters{Eta: 0.1, Epsilon: 1e-8}
	rule, theta := adam.Start(1, Papers), []float64{0}
	for step, beta := range []float64{0.9, 0.5, 0.99, 0, 0.999, 0.9} {
		h.Beta1, h.Beta2 = beta, beta
		rule.Step(theta, &h, &Gradient{Of: constant})
		for _, line := range rule.Lines() {
			want := map[string]float64{"m̂": 4, "v̂": 16}[line.Symbol]
			if want != 0 && math.Abs(line.Value[0]-want) > 1e-12 {
				t.Errorf("step %d: %s = %v, want %v", step, line.Symbol, line.Value[0], want)
			}
		}
	}
}

// 0.9ᵗ would stay for ever at a subnormal number, which is slow to multiply.
func TestPowersReachZero(t *testing.T) {
	h := adam.Defaults(Slides)
	rule, theta := adam.Start(1, Slides).(*adamRule), []float64{1}
	for range 8000 {
		rule.Step(theta, &h, &Gradient{Of: bowlOfOne})
	}
	if rule.moments.beta1Power != 0 {
		t.Errorf("β₁ᵗ = %g after 8000 steps, want 0", rule.moments.beta1Power)
	}
}

func bowlOfOne(at []float64) []float64 { return []float64{at[0]} }

// forEachRule runs check for every rule in both conventions.
func forEachRule(t *testing.T, check func(t *testing.T, o Optimizer, c Convention)) {
	t.Helper()
	for _, o := range All() {
		for _, c := range []Convention{Slides, Papers} {
			t.Run(o.Name+"/"+c.String(), func(t *testing.T) { check(t, o, c) })
		}
	}
}
