package e2e_test

import "testing"

// TestMistakesInAFormula: the place stands below what is wrong there.
func TestMistakesInAFormula(t *testing.T) {
	tests := []struct{ formula, says string }{
		{"J=(1-x)^2 + exq(y)", `formula:1:11: unknown function "exq" (did you mean "exp"?)
(1-x)^2 + exq(y)
          ^`},
		{"J=√x+2y", `formula:1:5: a product needs its sign: write *y
√x+2y
    ^`},
		{"J=(1-x)^2+y**2", `formula:1:10: no "**" here; write ^
(1-x)^2+y**2
         ^`},
		{"J=(1-x", `formula:1:1: "(" is not closed
(1-x
^`},
		{"J=x·y+√q²+μ,μ=2,zeta=3", `formula: J has no name "zeta"; its names are x y q mu`},
		{"J=x^2+y^2,start=[1]", `formula: start=[1]: want [ … ] with 2 values, for x y`},
		{"J=x^2+y^2,view=[1..0,0..1]", `formula: view=[1..0,0..1]: "1..0" is not LOW..HIGH`},
		{"J=x+y", `formula: no minimum of J was found; it may fall without end, or lie far from start=`},
		{"J=x^2", `formula: J has 1 parameter; want 2 or more, since the surface shows two`},
	}
	for _, test := range tests {
		stdout, stderr, status := ravine("run", "--problem", "formula:"+test.formula)
		if want := "ravine: " + test.says + "\n"; status != statusUsage || stdout != "" || stderr != want {
			t.Errorf("%s: status %d, got\n%swant\n%s", test.formula, status, stderr, want)
		}
	}
}
