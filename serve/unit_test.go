package serve

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The unit is one that systemd understands, but for the program, which is not
// installed where this runs.
func TestUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	text, err := os.ReadFile("../docs/ravine.service")
	if err != nil {
		t.Fatal(err)
	}
	program := "/usr/local/bin/ravine"
	unit := strings.ReplaceAll(string(text), "ExecStart="+program, "ExecStart=/bin/true")
	if unit == string(text) {
		t.Fatalf("the unit does not start %s", program)
	}
	path := filepath.Join(t.TempDir(), "ravine.service")
	if err := os.WriteFile(path, []byte(unit), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(analyze, "verify", path).CombinedOutput()
	if err != nil || strings.Contains(string(out), "ravine.service") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
