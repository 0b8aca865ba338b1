package keymap

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ravine/param"
	"ravine/smallfile"
)

// DefaultPath returns where a user's overrides are: keys.json in ravine's
// directory of the user's configuration, or "" if the user has none.
func DefaultPath() string {
	directory, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(directory, "ravine", "keys.json")
}

// Load returns the default keys with the overrides of the file at path, or at
// DefaultPath if path is empty. There need not be a file at DefaultPath.
func Load(path string) (Map, error) {
	usual := DefaultPath()
	path = cmp.Or(path, usual)
	data, err := smallfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) && path == usual {
		return Default(), nil
	}
	if err != nil {
		return Map{}, err
	}
	return Override(Default(), bytes.NewReader(data), path)
}

// Override returns m with the keys that r has for some of the actions, a JSON
// object of a keystroke or a list of them for an action's id:
//
//	{"eta-up": ["E", "up"], "quit": "q", "suspend": []}
//
// The keys given replace the action's own. They are taken from an action that r
// does not name, if that has others. An action with an empty list is unbound;
// quit cannot be, and ctrl+c always quits.
//
// An error is one line that begins with name and the line in r.
func Override(m Map, r io.Reader, name string) (Map, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Map{}, fmt.Errorf("%s: %w", name, err)
	}
	overrides, err := parseOverrides(data)
	if err != nil {
		return Map{}, fmt.Errorf("%s:%w", name, err)
	}
	keys, err := apply(m, overrides)
	if err != nil {
		return Map{}, fmt.Errorf("%s:%w", name, err)
	}
	return newMap(keys), nil
}

// A lineError is an error in a line of the overrides file.
type lineError struct {
	line int
	err  error
}

func (e lineError) Error() string { return fmt.Sprintf("%d: %v", e.line, e.err) }
func (e lineError) Unwrap() error { return e.err }

// An override is the file's entry for one action.
type override struct {
	action Action
	line   int
	keys   []keyInLine
}

type keyInLine struct {
	keystroke string
	line      int
}

// A claim is a key that an override gives to an action.
type claim struct {
	action Action
	line   int
}

// apply returns the keys of every action, with the overrides.
func apply(m Map, overrides []override) (keys map[Action][]string, err error) {
	keys = map[Action][]string{}
	claims := map[string]claim{}
	for _, o := range overrides {
		if keys[o.action], err = claimKeys(claims, o); err != nil {
			return keys, err
		}
	}
	for _, d := range definitions {
		action := d.action
		if _, given := keys[action]; given {
			continue
		}
		before := m.bindings[action].Keys()
		keys[action] = slices.DeleteFunc(slices.Clone(before), func(keystroke string) bool {
			_, claimed := claims[keystroke]
			return claimed
		})
		if len(before) > 0 && len(keys[action]) == 0 {
			taken := claims[before[0]]
			return keys, lineError{taken.line, fmt.Errorf("%q is bound to two actions: %v, and %v, which has no other key; give %[3]v another, or [] for none",
				before[0], taken.action, action)}
		}
	}
	return keys, nil
}

// claimKeys returns the keys of an override, and notes whose they are.
func claimKeys(claims map[string]claim, o override) ([]string, error) {
	var keys []string
	for _, k := range o.keys {
		other, claimed := claims[k.keystroke]
		switch {
		case claimed && other.action == o.action:
			return nil, lineError{k.line, fmt.Errorf("%q is given twice to %v", k.keystroke, o.action)}
		case claimed:
			return nil, lineError{k.line, fmt.Errorf("%q is bound to two actions: %v and %v", k.keystroke, other.action, o.action)}
		case k.keystroke == alwaysQuits && o.action != Quit:
			return nil, lineError{k.line, fmt.Errorf("%q always quits; give %v another key", k.keystroke, o.action)}
		}
		claims[k.keystroke] = claim{o.action, k.line}
		keys = append(keys, k.keystroke)
	}
	if o.action == Quit {
		if len(keys) == 0 {
			return nil, lineError{o.line, errors.New(`quit cannot be unbound; give it a key, such as "q"`)}
		}
		if !slices.Contains(keys, alwaysQuits) {
			keys = append(keys, alwaysQuits)
		}
	}
	return keys, nil
}

// parseOverrides reads the file. It does not check whether keys collide.
func parseOverrides(data []byte) ([]override, error) {
	const want = `want an object such as {"eta-up": ["E", "up"], "quit": "q"}`
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		line := 1
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			// The offset is that after the wrong byte.
			line = lineAt(data, syntax.Offset-1)
		}
		return nil, lineError{line, fmt.Errorf("not JSON: %w; %s", err, want)}
	}
	if whole[0] != '{' {
		return nil, lineError{1, errors.New(want)}
	}

	// The tokens say where things are, and that an action is there twice. They
	// cannot fail, since the whole is known to be JSON.
	p := parser{data: data, tokens: json.NewDecoder(bytes.NewReader(data))}
	p.tokens.UseNumber()
	p.next()
	var overrides []override
	for p.tokens.More() {
		o, err := p.override()
		if err != nil {
			return nil, lineError{p.line(), err}
		}
		if slices.ContainsFunc(overrides, func(other override) bool { return other.action == o.action }) {
			return nil, lineError{o.line, fmt.Errorf("%v is there twice; list its keys in one place", o.action)}
		}
		overrides = append(overrides, o)
	}
	return overrides, nil
}

// A parser reads the tokens of a file known to be JSON.
type parser struct {
	data   []byte
	tokens *json.Decoder
}

func (p *parser) next() json.Token {
	token, _ := p.tokens.Token()
	return token
}

// line is where the last token is.
func (p *parser) line() int { return lineAt(p.data, p.tokens.InputOffset()) }

// override reads one action with its keys.
func (p *parser) override() (override, error) {
	id, _ := p.next().(string)
	action, err := actionOf(id)
	if err != nil {
		return override{}, err
	}
	o := override{action: action, line: p.line()}
	first := p.next()
	if first != json.Delim('[') {
		k, err := p.key(first, action)
		o.keys = []keyInLine{k}
		return o, err
	}
	for p.tokens.More() {
		k, err := p.key(p.next(), action)
		if err != nil {
			return override{}, err
		}
		o.keys = append(o.keys, k)
	}
	p.next()
	return o, nil
}

// key makes a keystroke of a token.
func (p *parser) key(token json.Token, action Action) (keyInLine, error) {
	keystroke, ok := token.(string)
	if !ok {
		return keyInLine{}, fmt.Errorf(`%v: want a keystroke or a list of them, as in "E" or ["E", "up"]`, action)
	}
	if err := checkKeystroke(keystroke); err != nil {
		return keyInLine{}, fmt.Errorf("%v: %w", action, err)
	}
	return keyInLine{keystroke, p.line()}, nil
}

func actionOf(id string) (Action, error) {
	var ids []string
	for _, d := range definitions {
		if string(d.action) == id {
			return d.action, nil
		}
		ids = append(ids, string(d.action))
	}
	return "", param.Unknown("action", id, ids)
}

func lineAt(data []byte, offset int64) int {
	offset = min(max(offset, 0), int64(len(data)))
	return 1 + bytes.Count(data[:offset], []byte("\n"))
}
