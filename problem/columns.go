package problem

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ravine/formula"
	"ravine/param"
)

// isWords reports whether a column holds no numbers as far as the sample goes, or
// has neither a name nor a value, as after a comma at the end of every line.
func (t *table) isWords(column int) bool {
	values := 0
	for _, row := range t.sample {
		if column >= len(row) || isMissing(row[column]) {
			continue
		}
		if values++; isNumber(row[column]) || isDecimalComma(row[column]) {
			return false
		}
	}
	return values > 0 || len(t.sample) > 0 && t.header[column] == ""
}

// numberColumns says which columns could be named instead.
func (t *table) numberColumns() string {
	var numbers []string
	for i, name := range t.header {
		if !t.isWords(i) {
			numbers = append(numbers, quote(name))
		}
	}
	if len(numbers) < 2 {
		return "; two columns of numbers are needed, and here are fewer"
	}
	return "; name the columns to use with x= and y=: numbers here are " + some(numbers)
}

// chooseColumns returns the columns that x and y name: by default, of the columns of
// numbers, the last as y and the others as x.
func (t *table) chooseColumns() (columns []int, target int, err error) {
	x, y := t.file.x, t.file.y
	target = -1
	for i, name := range t.header {
		inModel := t.file.model == nil || slices.Contains(t.file.model, formula.Identifier(name))
		if !t.isWords(i) && (t.file.model == nil || inModel) {
			columns = append(columns, i)
		}
		if (!t.isWords(i) || t.file.classes) && (t.file.model == nil || !inModel) {
			target = i
		}
	}
	if y != "" {
		if target, err = t.find(y); err != nil {
			return nil, 0, err
		}
	}
	if x != "" {
		if columns, err = t.findAll(x); err != nil {
			return nil, 0, err
		}
	} else {
		columns = slices.DeleteFunc(columns, func(column int) bool { return column == target })
	}
	switch {
	case t.file.model != nil && len(columns) == 0:
		return nil, 0, t.wrong("no name in the model is a column of numbers; its names are %s, the columns %s", strings.Join(t.file.model, " "), t.shown())
	case target < 0 || len(columns) == 0:
		return nil, 0, t.errorf(0, "two columns of numbers are needed, and here are fewer; there are %s", t.shown())
	case slices.Contains(columns, target):
		return nil, 0, t.wrong("column %s is both x and y", quote(t.header[target]))
	case len(columns) > maxFeatures:
		return nil, 0, t.wrong("%d columns to predict from; name at most %d with x=", len(columns), maxFeatures)
	}
	if x == "" {
		for _, column := range columns {
			if err := t.checkName(column); err != nil {
				return nil, 0, err
			}
		}
	}
	if y == "" {
		err = t.checkName(target)
	}
	return columns, target, err
}

// wrong returns an error about x or y at the line of the header.
func (t *table) wrong(format string, arguments ...any) error {
	line, _ := t.reader.FieldPos(0)
	return fmt.Errorf("%s:%d: %s", t.name, line, fmt.Sprintf(format, arguments...))
}

// checkName returns an error where a column has no name, or not alone.
func (t *table) checkName(column int) error {
	name := t.header[column]
	if name == "" {
		return t.errorf(0, "column %d has no name; name those to use with x= and y=, such as x=#%[1]d", column+1)
	}
	if slices.Contains(t.header[column+1:], name) || slices.Index(t.header, name) < column {
		return t.errorf(0, "two columns are called %s; name them by number, such as x=#%d", quote(name), column+1)
	}
	return nil
}

// find returns the column of that name, or of that number after a #.
func (t *table) find(name string) (int, error) {
	name = strings.Join(strings.Fields(name), " ")
	if i := slices.Index(t.header, name); i >= 0 && name != "" {
		return i, t.checkName(i)
	}
	if digits, found := strings.CutPrefix(name, "#"); found {
		if n, err := strconv.Atoi(digits); err == nil && 1 <= n && n <= len(t.header) {
			return n - 1, nil
		}
		return 0, t.wrong("no column %s; there are #1 to #%d", quote(name), len(t.header))
	}
	overrule := ""
	if !t.dialect.header && t.file.header == "auto" {
		overrule = "; the first row looks like data: if it has names, say header=yes"
	}
	return 0, t.wrong("unknown column %s%s; there are %s%s", quote(name), param.DidYouMean(name, t.header), t.shown(), overrule)
}

// findAll returns the columns whose names are joined by +, which names may have too:
// of those that fit, the longest counts.
func (t *table) findAll(x string) (columns []int, err error) {
	for parts := strings.Split(x, "+"); len(parts) > 0; {
		used := 1
		for n := len(parts); n > 1; n-- {
			name := strings.Join(strings.Fields(strings.Join(parts[:n], "+")), " ")
			if slices.Contains(t.header, name) {
				used = n
				break
			}
		}
		name := strings.Join(parts[:used], "+")
		if strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("an empty name in x=%s", param.Printable(x))
		}
		column, err := t.find(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(columns, column) {
			return nil, fmt.Errorf("x names column %s twice", quote(t.header[column]))
		}
		columns, parts = append(columns, column), parts[used:]
	}
	return columns, nil
}

// shown lists the names of the columns.
func (t *table) shown() string {
	names := make([]string, len(t.header))
	for i, name := range t.header {
		names[i] = quote(name)
	}
	return some(names)
}

// some joins names, and only the first of very many.
func some(names []string) string {
	const most = 20
	if len(names) > most {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, " ")
}

// class reads that field of the latest row as one of two classes: 0 and 1, in the order
// in which they come.
func (t *table) class(field int) (float64, error) {
	text := strings.TrimSpace(t.record[field])
	if isMissing(text) {
		return t.number(field)
	}
	i := slices.Index(t.classes, text)
	if i < 0 {
		if i = len(t.classes); i == 2 {
			return 0, t.errorf(field, "column %s has a third class, %s, beside %s and %s; want two", quote(t.header[field]), quote(text), quote(t.classes[0]), quote(t.classes[1]))
		}
		t.classes = append(t.classes, text)
	}
	return float64(i), nil
}

// sortClasses makes the lower number, or the first word, class 0.
func (t *table) sortClasses(data *examples) error {
	if len(t.classes) < 2 {
		return &dataError{where: t.name, what: fmt.Sprintf("column %s has one class, %s; want two", quote(data.target), quote(t.classes[0]))}
	}
	first, errFirst := strconv.ParseFloat(t.classes[0], 64)
	second, errSecond := strconv.ParseFloat(t.classes[1], 64)
	inOrder := t.classes[0] < t.classes[1]
	if errFirst == nil && errSecond == nil {
		inOrder = first < second
	}
	if !inOrder {
		slices.Reverse(t.classes)
		for i := range data.targets {
			data.targets[i] = 1 - data.targets[i]
		}
	}
	return nil
}
