package formula

import "strings"

// Help returns what formulas are made of, a row of words a kind.
func Help() [][2]string {
	return [][2]string{
		{"numbers", "2 .5 1e-3 pi e"},
		{"names", "x y beta1 gamma x_2, also β₁ γ: spelled either way they are the same; x[i] with a whole number or a sum's index"},
		{"operators", "+ - * / ^, also − · × ÷ ² ³; -x^2 is -(x^2), 2^3^2 is 2^(3^2); a product needs its sign"},
		{"brackets", "( ) |x| √x"},
		{"comparisons", "< <= > >= == !=, also ≤ ≥ ≠; 1 where it holds, else 0"},
		{"choice", "where(condition, a, b) min(a, b, …) max(a, b, …) clamp(x, low, high) relu(x) softplus(x)"},
		{"powers", "sqrt(x) exp(x) log(x) ln(x) log2(x) log10(x) pow(x, y) hypot(x, y)"},
		{"angles", "sin(x) cos(x) tan(x) asin(x) acos(x) atan(x) atan2(y, x)"},
		{"sigmoids", "sinh(x) cosh(x) tanh(x) sigmoid(x) erf(x)"},
		{"steps", "abs(x) sign(x) floor(x) mod(x, y)"},
		{"sums", "sum(i, 1, n, term)"},
		{"in rules", "lines NAME <- formula, also ←, after one another with ; between; theta, its gradient g, J, the number t of the update, βᵗ; grad(x) or ∇J(x), norm(x) dot(x, y) sum(x) mean(x)"},
		{"schedules", "a formula in t in place of a number, such as eta=0.1/sqrt(t); " + schedulesHelp()},
	}
}

func schedulesHelp() string {
	var calls []string
	for _, s := range schedules {
		calls = append(calls, s.name+"("+strings.ReplaceAll(s.arguments, " ", ", ")+")")
	}
	return strings.Join(calls, " ")
}
