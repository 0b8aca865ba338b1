package formula

import (
	"slices"
	"strings"
)

// Pretty writes a formula as on paper: θ − η·m̂ / √(v̂ + ε) for theta-eta*m_hat/sqrt(v_hat+eps).
// symbol writes names, as PrettyName does. What cannot be read is left as it is.
func Pretty(text string, symbol func(name string) string) string {
	p := parser{text: text, whole: text}
	var written strings.Builder
	operand := false // whether the token before ends one
	for {
		if p.advance() != nil {
			return text
		}
		t := p.token
		sign := t.text
		rest := strings.TrimLeft(text[p.at:], " \t")
		switch {
		case t.kind == endOfText:
			return written.String()
		case t.kind == aNumber:
			written.WriteString(t.text)
		case t.kind == aName && t.text == "grad" && strings.HasPrefix(rest, "("):
			written.WriteString("∇J")
		case t.kind == aName && t.text == "sqrt" && strings.HasPrefix(rest, "("):
			written.WriteString("√")
		case t.kind == aName:
			written.WriteString(symbol(t.text))
		case sign == "^" && (strings.HasPrefix(rest, "2") || strings.HasPrefix(rest, "3")) && numberSize(rest) == 1:
			written.WriteString(map[byte]string{'2': "²", '3': "³"}[rest[0]])
			p.at, sign = len(text)-len(rest)+1, "²"
		case sign == "*":
			written.WriteString("·")
		case sign == ",":
			written.WriteString(", ")
		case sign == "-" && !operand:
			written.WriteString("−")
		case slices.Contains([]string{"+", "-", "/", "<", "<=", ">", ">=", "==", "!="}, sign):
			written.WriteString(" " + strings.NewReplacer("-", "−", "<=", "≤", ">=", "≥", "!=", "≠").Replace(sign) + " ")
		default:
			written.WriteString(sign)
		}
		operand = t.kind != aSign || slices.Contains([]string{")", "]", "²", "³", "ᵗ", "|"}, sign)
	}
}

// PrettyName writes a name as on paper: β₁ for beta1, m̂ for m_hat.
func PrettyName(name string) string {
	if base, ok := strings.CutSuffix(name, "_hat"); ok {
		return PrettyName(base) + "\u0302"
	}
	base := strings.TrimRight(name, "0123456789")
	for i := 0; i < len(spellings); i += 2 {
		if letter := spellings[i]; spellings[i+1] == base {
			return letter + subscript(name[len(base):])
		}
	}
	return base + subscript(name[len(base):])
}

// subscript writes digits below the line.
func subscript(digits string) string {
	var below strings.Builder
	for _, digit := range digits {
		below.WriteRune('₀' + digit - '0')
	}
	return below.String()
}
