package formula

import (
	"math"
	"slices"
	"testing"
)

// bowl is ∇J of x² + 5y², of however many coordinates.
func bowl(at []float64) []float64 {
	gradient := make([]float64, len(at))
	for i, x := range at {
		gradient[i] = 2 * float64(1+4*(i%2)) * x
	}
	return gradient
}

func height(at []float64) (sum float64) {
	for i, x := range at {
		sum += float64(1+4*(i%2)) * x * x
	}
	return sum
}

// What lines come to from θ = (1, 2), with every hyperparameter 0.5.
func TestPrograms(t *testing.T) {
	for _, c := range []struct {
		lines string
		want  [][]float64 // θ after each update
	}{
		{"theta <- theta - eta*g", [][]float64{{0, -8}}},
		{"θ ← θ − η·∇J(θ)", [][]float64{{0, -8}}},
		{"v <- gamma*v + g; theta <- theta - v", [][]float64{{-1, -18}, {0, 152}}},
		{"theta <- theta - 0.1*m; m <- g", [][]float64{{1, 2}, {0.8, 0}}}, // a later line is of the update before
		{"theta <- theta - 0.1*grad(theta - g)", [][]float64{{1.2, 20}}},
		{"h <- theta - g; theta <- h - 0.1*grad(h)", [][]float64{{-0.8, 0}}},
		{"theta <- theta - 0.1*g; theta <- theta - 0.1*grad(theta)", [][]float64{{0.64, 0}}}, // where θ has gone
		{"theta <- theta - J/dot(g, g)*g", [][]float64{{1 - 21.0/404*2, 2 - 21.0/404*20}}},
		{"theta <- theta - g/norm(g)", [][]float64{{1 - 2/math.Sqrt(404), 2 - 20/math.Sqrt(404)}}},
		{"theta <- theta - sum(g)/mean(g)", [][]float64{{-1, 0}}},
		{"theta <- theta - sum(i, 1, 2, i*sum(theta))", [][]float64{{-8, -7}}},
		{"theta <- theta - t", [][]float64{{0, 1}, {-2, -1}}},
		{"theta <- betaᵗ + 0*theta", [][]float64{{0.5, 0.5}, {0.25, 0.25}}},
		{"theta <- beta^t + 0*theta", [][]float64{{0.5, 0.5}, {0.25, 0.25}}},
		{"a <- a + 1; theta <- theta*0 + a; \n\n a <- a * 2;", [][]float64{{1, 1}, {3, 3}}},
	} {
		program, err := ParseProgram(c.lines)
		if err != nil {
			t.Errorf("%s: %v", c.lines, err)
			continue
		}
		run, theta := program.Start(2), []float64{1, 2}
		for n, want := range c.want {
			other := run.Clone()
			for _, r := range []*Run{other, run} { // the clone does the same
				at := slices.Clone(theta)
				r.Step(at, func(string) float64 { return 0.5 }, bowl, height)
				for i := range at {
					if math.Abs(at[i]-want[i]) > 1e-12 {
						t.Errorf("%s: θ is %v after update %d, want %v", c.lines, at, n+1, want)
						break
					}
				}
				if r == run {
					theta = at
				}
			}
		}
	}
}

func TestProgramNames(t *testing.T) {
	program, err := ParseProgram("m ← β₁·m + (1−β₁)·g; θ ← θ − η·lr_2·m/(1−β₁ᵗ) + 0·J + 0·t")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"beta1", "eta", "lr_2"}; !slices.Equal(program.Free, want) {
		t.Errorf("the hyperparameters are %v, want %v", program.Free, want)
	}
	if program.Gradients() != 1 || len(program.Lines) != 3 || program.Lines[0].Name != GradientName {
		t.Errorf("%d gradients in %v", program.Gradients(), program.Lines)
	}
}

func TestPretty(t *testing.T) {
	for typed, want := range map[string]string{
		"theta-eta*m_hat/(sqrt(v_hat)+eps)": "θ − η·m̂ / (√(v̂) + eps)",
		"beta1 * m+(1-beta1)*g^2":           "β₁·m + (1 − β₁)·g²",
		"-x^3-(-2)":                         "−x³ − (−2)",
		"x^2.5 + grad(theta)":               "x^2.5 + ∇J(θ)",
		"max(a,b)>=c":                       "max(a, b) ≥ c",
		"2 $ 3":                             "2 $ 3",
		"θ − η·m̂ / √(v̂ + ε)":              "θ − η·m̂ / √(v̂ + ε)",
	} {
		if got := Pretty(typed, PrettyName); got != want {
			t.Errorf("%s is written %s, want %s", typed, got, want)
		}
	}
}

// FuzzProgram: whatever is read runs, and is read again as it is printed.
func FuzzProgram(f *testing.F) {
	for _, text := range []string{"m<-beta1*m+(1-beta1)*g; theta<-theta-eta*m", "θ ← θ − η·∇J(θ − γ·v)\nv ← |v|ᵗ", "theta<-sum(theta)+sum(i,1,2,i)", "a<-<-b;theta<-g", "theta<-grad(grad(g))", ";;←"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		program, err := ParseProgram(text)
		if err != nil {
			if mistake := err.(*Error); mistake.Error() == "" || mistake.Pointer() == "" {
				t.Fatal("a mistake without words")
			}
			return
		}
		if program.Operations() > 10_000 {
			return
		}
		var lines string
		for _, line := range program.Lines {
			lines += PrettyName(line.Name) + " ← " + Pretty(line.Text, PrettyName) + "\n"
		}
		again, err := ParseProgram(lines)
		if err != nil {
			if len(lines) > longestText {
				return
			}
			t.Fatalf("%q is printed as %q: %v", text, lines, err)
		}
		value := func(name string) float64 { return float64(len(name)) / 7 }
		one, other := program.Start(3), again.Start(3)
		theta, printed := []float64{0.5, -1, 2}, []float64{0.5, -1, 2}
		for range 3 {
			one.Step(theta, value, bowl, height)
			other.Step(printed, value, bowl, height)
			for i, x := range theta {
				if x != printed[i] && (x == x || printed[i] == printed[i]) {
					t.Fatalf("%q goes to %v, printed %q to %v", text, theta, lines, printed)
				}
			}
		}
	})
}

func FuzzSchedule(f *testing.F) {
	for _, text := range []string{"0.1/sqrt(t)", "warmup(3, cosine(1, 0, 9))", "restarts(1,0,t)", "step(1,0,0)", "onecycle(1,", "wsd(1,2,3,4)*t"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		schedule, err := ParseSchedule(text)
		if err != nil {
			return
		}
		factor, inner := Factor(text)
		scaled, err := ParseSchedule(Scaled(2, inner))
		if err != nil {
			t.Fatalf("%q twice: %v", text, err)
		}
		for _, at := range []int{1, 2, 1000} {
			if twice, once := scaled.At(at), schedule.At(at); factor == 1 && twice != 2*once && twice == twice && once == once {
				t.Fatalf("%q is %v at %d, twice that %v", text, once, at, twice)
			}
		}
	})
}
