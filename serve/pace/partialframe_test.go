package pace

import (
	"strconv"
	"strings"
	"testing"
)

func TestBlend(t *testing.T) {
	var p partialFrame
	line := strings.Repeat("x", 200)
	old, new := "a\nb\nc\nd\ne\nf", strings.Join([]string{line, line, line, line, line, "F"}, "\n")
	shown := old
	for round := 1; ; round++ {
		content, whole := p.blend(shown, new)
		if round == 1 && !strings.HasSuffix(content, line+"\nF") {
			t.Errorf("the last lines do not come first: %q", content)
		}
		if whole != (content == new) {
			t.Errorf("round %d: whole is %v for %q", round, whole, content)
		}
		if content == shown || round > 6 {
			t.Fatalf("round %d changes nothing", round)
		}
		if shown = content; whole {
			if round < 3 {
				t.Errorf("1000 bytes took %d rounds", round)
			}
			break
		}
	}
	if content, whole := p.blend("a\nb", new); !whole || content != new {
		t.Error("a picture of another size is sent in parts")
	}
	if content, whole := p.blend("a", "b"); !whole || content != "b" {
		t.Errorf("a picture of one line becomes %q, %v", content, whole)
	}
	// What stays as it was costs nothing.
	rest := strings.Repeat("\nsame", 2*partSize)
	if _, whole := p.blend("a"+rest, "b"+rest); !whole {
		t.Error("lines that did not change fill a part")
	}
	// A line longer than a part is sent, and one that always changes holds up no other.
	p = partialFrame{}
	long := strings.Repeat("y", 2*partSize)
	shown = "a\nb\nc\nd\ne\nf"
	for round := range 3 {
		shown, _ = p.blend(shown, strings.Repeat(strconv.Itoa(round), 400)+"\n"+long+"\nc\nd\ne\nf")
	}
	if !strings.Contains(shown, long) {
		t.Errorf("the second line does not come: %q", shown)
	}
	if n := changed("aa", "aaa"); n != 2 {
		t.Errorf("one more letter is a change of %d bytes, want 2", n)
	}
}
