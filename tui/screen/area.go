package screen

// Area is a rectangle of cells. Its methods never return a negative size.
type Area struct {
	X, Y, Width, Height int
}

// Empty reports whether a has no cells.
func (a Area) Empty() bool { return a.Width <= 0 || a.Height <= 0 }

// Contains reports whether the cell at x, y lies in a.
func (a Area) Contains(x, y int) bool {
	return x >= a.X && x < a.X+a.Width && y >= a.Y && y < a.Y+a.Height
}

// Inset returns a without its outermost columns on either side and its
// outermost rows above and below.
func (a Area) Inset(columns, rows int) Area {
	columns = clamp(columns, a.Width/2)
	rows = clamp(rows, a.Height/2)
	return Area{a.X + columns, a.Y + rows, max(0, a.Width-2*columns), max(0, a.Height-2*rows)}
}

// SplitLeft cuts n columns off the left side, or as many as there are.
func (a Area) SplitLeft(n int) (left, rest Area) {
	n = clamp(n, a.Width)
	return Area{a.X, a.Y, n, max(0, a.Height)},
		Area{a.X + n, a.Y, max(0, a.Width-n), max(0, a.Height)}
}

// SplitRight cuts n columns off the right side, or as many as there are.
func (a Area) SplitRight(n int) (right, rest Area) {
	rest, right = a.SplitLeft(a.Width - clamp(n, a.Width))
	return right, rest
}

// SplitTop cuts n rows off the top, or as many as there are.
func (a Area) SplitTop(n int) (top, rest Area) {
	n = clamp(n, a.Height)
	return Area{a.X, a.Y, max(0, a.Width), n},
		Area{a.X, a.Y + n, max(0, a.Width), max(0, a.Height-n)}
}

// SplitBottom cuts n rows off the bottom, or as many as there are.
func (a Area) SplitBottom(n int) (bottom, rest Area) {
	rest, bottom = a.SplitTop(a.Height - clamp(n, a.Height))
	return bottom, rest
}

// clamp returns n between 0 and limit, and 0 if limit is negative.
func clamp(n, limit int) int { return max(0, min(n, limit)) }
