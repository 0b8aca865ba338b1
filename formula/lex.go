package formula

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number, a name or a sign.
type token struct {
	kind tokenKind
	text string // of a name in ASCII, of a sign in one of its spellings
	at   int    // offset in bytes
}

type tokenKind int

const (
	endOfText tokenKind = iota
	aNumber
	aName
	aSign
)

// signs are those of formulas in every spelling, with the one that stands for it here.
var signs = []struct{ text, sign string }{
	{"<=", "<="}, {"≤", "<="}, {">=", ">="}, {"≥", ">="}, {"==", "=="}, {"!=", "!="}, {"≠", "!="},
	{"<", "<"}, {">", ">"}, {"+", "+"}, {"-", "-"}, {"−", "-"}, {"*", "*"}, {"·", "*"}, {"×", "*"}, {"/", "/"}, {"÷", "/"},
	{"^", "^"}, {"²", "²"}, {"³", "³"}, {"ᵗ", "ᵗ"}, {"(", "("}, {")", ")"}, {"[", "["}, {"]", "]"}, {"|", "|"}, {"√", "√"}, {",", ","},
}

// instead says what to write for signs of other languages.
var instead = []struct{ sign, write string }{
	{"**", "^"}, {"&&", "a product of comparisons"}, {"=", "== to compare"}, {"%", "mod(a, b)"},
	{"?", "where(c, a, b)"}, {"{", "( )"}, {"}", "( )"}, {"!", "!= to compare"},
}

// next reads the token at the parser's place.
func (p *parser) next() (token, error) {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			break
		}
		p.at += size
	}
	begin, rest := p.at, p.text[p.at:]
	if rest == "" {
		return token{endOfText, "", begin}, nil
	}
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case '0' <= r && r <= '9' || r == '.':
		size := numberSize(rest)
		if size == 0 {
			return token{}, p.errorAt(begin, "%q is not a number", ".")
		}
		p.at += size
		return token{aNumber, rest[:size], begin}, nil
	case strings.HasPrefix(rest, "∇J"):
		p.at += len("∇J")
		return token{aName, "grad", begin}, nil
	case unicode.IsLetter(r) && r != 'ᵗ':
		size := strings.IndexFunc(rest, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !(r >= '0' && r <= '9') && !(r >= '₀' && r <= '₉') && r != '_' || r == 'ᵗ'
		})
		if size < 0 {
			size = len(rest)
		}
		p.at += size
		return token{aName, ASCII(rest[:size]), begin}, nil
	}
	for _, other := range instead {
		if strings.HasPrefix(rest, other.sign) && !strings.HasPrefix(rest, "==") && !strings.HasPrefix(rest, "!=") {
			return token{}, p.errorAt(begin, "no %q here; write %s", other.sign, other.write)
		}
	}
	for _, s := range signs {
		if strings.HasPrefix(rest, s.text) {
			p.at += len(s.text)
			return token{aSign, s.sign, begin}, nil
		}
	}
	return token{}, p.errorAt(begin, "%q has no meaning here", r)
}

// numberSize returns how many bytes of text are a decimal number: 1, .5, 1e-3.
func numberSize(text string) int {
	digits := func(from int) int {
		i := from
		for i < len(text) && '0' <= text[i] && text[i] <= '9' {
			i++
		}
		return i
	}
	end := digits(0)
	whole := end
	if end < len(text) && text[end] == '.' {
		end = digits(end + 1)
		if whole == 0 && end == 1 {
			return 0
		}
	}
	if end < len(text) && (text[end] == 'e' || text[end] == 'E') {
		sign := end + 1
		if sign < len(text) && (text[sign] == '+' || text[sign] == '-') {
			sign++
		}
		if exponent := digits(sign); exponent > sign {
			end = exponent
		}
	}
	return end
}

// spellings are letters and signs with their names, in pairs.
var spellings = []string{"α", "alpha", "β", "beta", "γ", "gamma", "δ", "delta", "ε", "epsilon", "ζ", "zeta", "η", "eta",
	"θ", "theta", "ι", "iota", "κ", "kappa", "λ", "lambda", "μ", "mu", "ν", "nu", "ξ", "xi", "ο", "omicron", "π", "pi", "ρ", "rho",
	"σ", "sigma", "τ", "tau", "υ", "upsilon", "φ", "phi", "χ", "chi", "ψ", "psi", "ω", "omega", "\u0302", "_hat",
	"₀", "0", "₁", "1", "₂", "2", "₃", "3", "₄", "4", "₅", "5", "₆", "6", "₇", "7", "₈", "8", "₉", "9"}

var toASCII = strings.NewReplacer(spellings...)

// ASCII spells Greek letters out and takes digits out of their subscripts: beta1 and
// β₁ are one name.
func ASCII(name string) string { return toASCII.Replace(name) }
