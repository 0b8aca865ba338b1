package race

import "testing"

// The marks of a lane stay few, and take less than its history.
func TestMarksAreFew(t *testing.T) {
	value := Default()
	value.Steps, value.Tol = 0, 0
	runner, err := New(value)
	if err != nil {
		t.Fatal(err)
	}
	for steps := 100; steps < 1_000_000; steps += steps / 3 {
		runner.Seek(steps)
		for _, lane := range runner.lanes {
			if n := len(lane.marks.kept); n > 80 || steps > 2000 && n == 0 {
				t.Fatalf("%s has %d marks after %d steps", lane.spec.Rule, n, steps)
			}
		}
	}
}
