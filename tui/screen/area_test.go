package screen

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSplitsShareOutTheArea(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(-2, 12)
		a := Area{size.Draw(t, "x"), size.Draw(t, "y"), size.Draw(t, "width"), size.Draw(t, "height")}
		n := size.Draw(t, "n")
		for name, split := range map[string]func(int) (Area, Area){
			"left": a.SplitLeft, "right": a.SplitRight, "top": a.SplitTop, "bottom": a.SplitBottom,
		} {
			one, other := split(n)
			if min(one.Width, one.Height, other.Width, other.Height) < 0 {
				t.Fatalf("%s: %v of %v has a negative size: %v, %v", name, n, a, one, other)
			}
			for y := a.Y - 1; y <= a.Y+a.Height; y++ {
				for x := a.X - 1; x <= a.X+a.Width; x++ {
					first, second := one.Contains(x, y), other.Contains(x, y)
					if first && second || (first || second) != a.Contains(x, y) {
						t.Fatalf("%s: %v of %v gives %v and %v, which disagree at %d,%d", name, n, a, one, other, x, y)
					}
				}
			}
		}
	})
}

func TestSplitSizes(t *testing.T) {
	a := Area{2, 3, 10, 6}
	for _, test := range []struct {
		name       string
		split      func(int) (Area, Area)
		n          int
		part, rest Area
	}{
		{"left", a.SplitLeft, 4, Area{2, 3, 4, 6}, Area{6, 3, 6, 6}},
		{"right", a.SplitRight, 4, Area{8, 3, 4, 6}, Area{2, 3, 6, 6}},
		{"top", a.SplitTop, 1, Area{2, 3, 10, 1}, Area{2, 4, 10, 5}},
		{"bottom", a.SplitBottom, 1, Area{2, 8, 10, 1}, Area{2, 3, 10, 5}},
		{"too many", a.SplitBottom, 99, a, Area{2, 3, 10, 0}},
		{"negative", a.SplitRight, -1, Area{12, 3, 0, 6}, a},
	} {
		if part, rest := test.split(test.n); part != test.part || rest != test.rest {
			t.Errorf("%s: got %v and %v, want %v and %v", test.name, part, rest, test.part, test.rest)
		}
	}
}

func TestInset(t *testing.T) {
	for _, test := range []struct {
		area          Area
		columns, rows int
		want          Area
	}{
		{Area{1, 1, 10, 5}, 1, 1, Area{2, 2, 8, 3}},
		{Area{1, 1, 10, 5}, 2, 0, Area{3, 1, 6, 5}},
		{Area{0, 0, 1, 1}, 1, 1, Area{0, 0, 1, 1}},
		{Area{0, 0, 2, 2}, 9, 9, Area{1, 1, 0, 0}},
		{Area{0, 0, -2, 3}, 1, 1, Area{0, 1, 0, 1}},
	} {
		if got := test.area.Inset(test.columns, test.rows); got != test.want {
			t.Errorf("%v.Inset(%d, %d) = %v, want %v", test.area, test.columns, test.rows, got, test.want)
		}
	}
}
