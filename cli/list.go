package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ravine/formula"
	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

func listCommand() *cobra.Command {
	var markdown bool
	command := &cobra.Command{
		Use:   "list [optimizers|problems|keys|functions] [NAME...]",
		Short: "List optimizers and problems, all or by name, with values, defaults, ranges and rules; or the keys, or what formulas are made of",
		RunE: func(command *cobra.Command, args []string) error {
			var text strings.Builder
			err := writeList(&text, args)
			if markdown {
				if !slices.Equal(args, []string{"optimizers"}) {
					return fmt.Errorf("list: --markdown goes with optimizers")
				}
				text.Reset()
				text.WriteString(rulesTable())
			}
			if err != nil {
				return fmt.Errorf("list: %w", err)
			}
			fmt.Fprint(command.OutOrStdout(), text.String())
			return nil
		},
	}
	command.Flags().BoolVar(&markdown, "markdown", false, "write the rules as the table of the README")
	return command
}

// topics are what can be listed.
var topics = []string{"optimizers", "problems", "keys", "functions"}

// writeList writes what has the names, or all where there are none: of the topic
// that the first word names, also in the singular, or else of any.
func writeList(out io.Writer, names []string) error {
	topic := ""
	for _, each := range topics {
		if len(names) > 0 && (names[0] == each || names[0]+"s" == each) {
			topic, names = each, names[1:]
			break
		}
	}
	for i, name := range names {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := listName(out, topic, name); err != nil {
			return err
		}
	}
	switch {
	case len(names) > 0:
		return nil
	case topic == "keys":
		return listKeys(out)
	case topic == "functions":
		listFunctions(out)
		return nil
	case topic == "problems":
		return listProblems(out, problem.Kinds())
	}
	listOptimizers(out, append(optim.All(), typedRule()))
	if topic == "optimizers" {
		return nil
	}
	fmt.Fprintln(out)
	return listProblems(out, problem.Kinds())
}

// listName lists what has that name in a topic, or in any for an empty one.
func listName(out io.Writer, topic, name string) error {
	optimizer, noOptimizer := optim.Find(name)
	if name == optim.TypedName {
		optimizer, noOptimizer = typedRule(), nil
	}
	kind, noProblem := problem.Find(name)
	switch {
	case topic == "keys" || topic == "functions":
		return fmt.Errorf("%s are listed all at once, without %q", topic, name)
	case topic != "problems" && noOptimizer == nil:
		listOptimizers(out, []optim.Optimizer{optimizer})
		return nil
	case topic != "optimizers" && noProblem == nil:
		return listProblems(out, []problem.Kind{kind})
	case topic == "optimizers":
		return noOptimizer
	case topic == "problems":
		return noProblem
	}
	known := slices.Clone(topics)
	for _, optimizer := range append(optim.All(), typedRule()) {
		known = append(known, optimizer.Name)
	}
	for _, kind := range problem.Kinds() {
		known = append(known, kind.Name)
	}
	return param.Unknown("list", name, known)
}

// listKeys writes the keys as they are in the playground, with the names that
// the user's file has for what they do.
func listKeys(out io.Writer) error {
	keys, err := keymap.Load("")
	if err != nil {
		return failure{err}
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, group := range keys.Groups() {
		for _, entry := range group.Entries {
			var actions []string
			for _, action := range entry.Actions {
				actions = append(actions, string(action))
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", entry.Keys, strings.Join(actions, " "), entry.Help)
		}
	}
	table.Flush()
	fmt.Fprintf(out, "\nOther keys for these names: %s, such as {\"eta-up\": \"E\"}\n", cmp.Or(keymap.DefaultPath(), "--keys FILE"))
	return nil
}

// listFunctions writes what formulas are made of.
func listFunctions(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range formula.Help() {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	table.Flush()
}

// rulesTable returns every rule in both conventions as a Markdown table.
func rulesTable() string {
	var table strings.Builder
	table.WriteString("| name | as on the slides | as in the papers, where it differs |\n|---|---|---|\n")
	for _, optimizer := range optim.All() {
		slides, papers := ruleText(optimizer, optim.Slides), ruleText(optimizer, optim.Papers)
		if papers == slides {
			papers = ""
		}
		cell := func(rule string) string {
			return strings.ReplaceAll(strings.ReplaceAll(rule, "|", `\|`), "; ", "<br>")
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", optimizer.Name, cell(slides), cell(papers))
	}
	return table.String()
}

func listOptimizers(out io.Writer, optimizers []optim.Optimizer) {
	for i, optimizer := range optimizers {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s — %s\n  %s\n", optimizer.Name, optimizer.Summary, optimizer.Source)
		slides, papers := ruleText(optimizer, optim.Slides), ruleText(optimizer, optim.Papers)
		if slides == papers {
			fmt.Fprintf(out, "  rule    %s\n", slides)
		} else {
			fmt.Fprintf(out, "  slides  %s\n  papers  %s\n", slides, papers)
		}
		if optimizer.Name == optim.TypedName {
			fmt.Fprintf(out, "  typed   --opt '%s:%s=m<-beta1*m+(1-beta1)*g; theta<-theta-eta*m,eta=0.1'\n          or file=FILE in place of %[2]s=…; see `ravine list functions`\n", optimizer.Name, optim.StepKey)
		}
		slidesHave, papersHave := optimizer.Parameters(optim.Slides), optimizer.Parameters(optim.Papers)
		if !optimizer.Opens() {
			for i := range slidesHave {
				slidesHave[i].Default = cmp.Or(slidesHave[i].Default, "as given")
			}
			papersHave = slidesHave
		}
		listParameters(out, slidesHave, papersHave)
	}
}

// typedRule is an example of a rule of one's own.
func typedRule() optim.Optimizer {
	rule, err := optim.Typed("m <- beta1*m + (1-beta1)*g; theta <- theta - eta*m")
	if err != nil {
		panic(err)
	}
	return rule
}

// ruleText is the rule on one line.
func ruleText(optimizer optim.Optimizer, c optim.Convention) string {
	return optim.WriteLines(optimizer.Start(1, c).Lines())
}

func listProblems(out io.Writer, kinds []problem.Kind) error {
	for i, kind := range kinds {
		if i > 0 {
			fmt.Fprintln(out)
		}
		built, err := problem.Build(param.Spec{Name: kind.Name}, race.DefaultSeed)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s — %s\n  %s, θ = (%s)\n", kind.Name, kind.Summary, kind.Formula, strings.Join(built.Names(), ", "))
		listParameters(out, kind.Parameters, kind.Parameters)
	}
	return nil
}

// listParameters writes a line a parameter; others are the same parameters in
// the other convention, whose defaults may differ.
func listParameters(out io.Writer, parameters, others []param.Parameter) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, p := range parameters {
		byDefault := defaultText(p)
		if other := defaultText(others[i]); other != byDefault {
			byDefault += " (papers: " + other + ")"
		}
		fmt.Fprintf(table, "    %s\t%s\t%s\t%s\t%s\n", p.Key, p.Symbol, byDefault, rangeText(p), p.Help)
	}
	table.Flush()
}

func defaultText(p param.Parameter) string {
	switch {
	case p.Default != "":
		return p.Default
	case p.Kind == param.Text:
		return "none"
	}
	return "by problem"
}

func rangeText(p param.Parameter) string {
	switch p.Kind {
	case param.Choice:
		return strings.Join(p.Choices, " | ")
	case param.Text:
		return ""
	case param.Batch:
		return "1 ≤ batch ≤ n, or " + param.All
	}
	return p.Range.Describe(p.Key)
}
