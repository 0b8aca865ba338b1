package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

func listCommand() *cobra.Command {
	var markdown bool
	command := &cobra.Command{
		Use:   "list [optimizers|problems]",
		Short: "List every optimizer and problem with its values, defaults, ranges and rule",
		RunE: func(command *cobra.Command, args []string) error {
			out := command.OutOrStdout()
			topic := strings.Join(args, " ")
			if markdown && topic != "optimizers" {
				return fmt.Errorf("list: --markdown goes with optimizers")
			}
			switch topic {
			case "":
				listOptimizers(out)
				fmt.Fprintln(out)
				listProblems(out)
			case "optimizers":
				if markdown {
					fmt.Fprint(out, rulesTable())
					return nil
				}
				listOptimizers(out)
			case "problems":
				listProblems(out)
			default:
				return fmt.Errorf("list: %w", param.Unknown("list", topic, []string{"optimizers", "problems"}))
			}
			return nil
		},
	}
	command.Flags().BoolVar(&markdown, "markdown", false, "write the rules as the table of the README")
	return command
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

func listOptimizers(out io.Writer) {
	for i, optimizer := range optim.All() {
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
		listParameters(out, optimizer.Parameters(optim.Slides), optimizer.Parameters(optim.Papers))
	}
}

// ruleText is the rule on one line.
func ruleText(optimizer optim.Optimizer, c optim.Convention) string {
	var lines []string
	for _, line := range optimizer.Start(1, c).Lines() {
		if optim.IsPower(line.Symbol) {
			continue // how it comes about is for the inspector
		}
		lines = append(lines, line.Symbol+" ← "+line.Formula)
	}
	return strings.Join(lines, "; ")
}

func listProblems(out io.Writer) {
	for i, kind := range problem.Kinds() {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s — %s\n  %s\n", kind.Name, kind.Summary, kind.Formula)
		listParameters(out, kind.Parameters, kind.Parameters)
	}
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
