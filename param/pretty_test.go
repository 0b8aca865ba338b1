package param

import (
	"math"
	"testing"
)

func TestPretty(t *testing.T) {
	for _, row := range []struct {
		x      float64
		digits int
		want   string
	}{
		{1e-8, -1, "1e-8"}, {-1.5e-10, -1, "−1.5e-10"}, {1e6, 1, "1e6"}, {1e21, -1, "1e21"},
		{math.Copysign(0, -1), -1, "0"}, {0, 5, "0"}, {-2.5, -1, "−2.5"}, {0.1, -1, "0.1"},
		{1.23456789, 3, "1.23"}, {1e-100, -1, "1e-100"}, {1e100, -1, "1e100"},
		{math.NaN(), -1, "NaN"}, {math.Inf(-1), -1, "−Inf"},
	} {
		if got := Pretty(row.x, row.digits); got != row.want {
			t.Errorf("Pretty(%v, %d) = %q, want %q", row.x, row.digits, got, row.want)
		}
	}
}
