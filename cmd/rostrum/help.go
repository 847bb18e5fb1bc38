package main

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/internal/fold"
	"rostrum/web"
)

// topicFiles are texts about what is no single command's: rostrum help TOPIC.
//
//go:embed topics/*.md
var topicFiles embed.FS

// topic is one of them: Markdown, of which headings, paragraphs, lists and
// indented examples are used, so that the same text is read on a terminal and
// becomes a manual page.
type topic struct {
	name, short, text string
}

// topics are all of them, in order of their names.
func topics() ([]topic, error) {
	names, err := fs.Glob(topicFiles, "topics/*.md")
	if err != nil {
		return nil, err
	}
	var list []topic
	for _, name := range names {
		text, err := topicFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		title, rest, _ := strings.Cut(string(text), "\n")
		t := topic{strings.TrimSuffix(path.Base(name), ".md"), strings.TrimPrefix(title, "# "), strings.TrimSpace(rest) + "\n"}
		if t.name == "grammar" {
			examples, err := grammarExamples()
			if err != nil {
				return nil, err
			}
			t.text += "\n" + examples
		}
		list = append(list, t)
	}
	return list, nil
}

// grammarExamples writes the examples of the help page, so that there is one
// text of the query language.
func grammarExamples() (string, error) {
	groups, err := web.QueryLanguage()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, g := range groups {
		wide := 0
		for _, r := range g.Rows {
			wide = max(wide, columns(r.Query))
		}
		fmt.Fprintf(&b, "## %s\n\n", g.Name)
		for _, r := range g.Rows {
			fmt.Fprintf(&b, "    %s%*s  %s\n", r.Query, wide-columns(r.Query), "", r.Text)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// newTopics makes a help topic of each text.
func newTopics(a *app) []*cobra.Command {
	list, err := topics()
	if err != nil {
		panic(err) // the texts are part of the program
	}
	var out []*cobra.Command
	for _, t := range list {
		cmd := &cobra.Command{Use: t.name, Short: t.short}
		cmd.SetHelpFunc(func(*cobra.Command, []string) { a.newSheet().markdown(t.text) })
		out = append(out, cmd)
	}
	return out
}

// markdown writes the little Markdown of topics.
func (s *sheet) markdown(text string) {
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		switch {
		case strings.HasPrefix(block, "## "):
			s.line(0, words{text: strings.TrimPrefix(block, "## "), set: bold})
			continue
		case strings.HasPrefix(block, "    "):
			for one := range strings.Lines(block) {
				one = strings.TrimRight(one, "\n")
				fmt.Fprintln(s.out, one) // an example is never cut
			}
		case strings.HasPrefix(block, "- "):
			for one := range strings.SplitSeq(strings.TrimPrefix(block, "- "), "\n- ") {
				for i, line := range wrap(strings.ReplaceAll(one, "`", ""), min(s.width, proseWidth)-4) {
					mark := "  - "
					if i > 0 {
						mark = "    "
					}
					fmt.Fprintln(s.out, mark+line)
				}
			}
		default:
			s.prose(0, strings.ReplaceAll(block, "`", ""), plain)
		}
		fmt.Fprintln(s.out)
	}
}

// meant returns which of some names somebody likely meant, "" for none.
func meant(typed string, names []string) string {
	best, away := "", max(1, len(typed)/3)+1
	for _, name := range names {
		if d := fold.Distance(strings.ToLower(typed), name); d < away {
			best, away = name, d
		}
	}
	return best
}

// wayOutOf is the hint for a command line that was not understood: the command
// or argument that was likely meant, else where help is.
func wayOutOf(cmd *cobra.Command) string {
	names := cmd.ValidArgs
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	if typed := cmd.Flags().Arg(0); typed != "" {
		if name := meant(typed, names); name != "" && name != typed {
			return fmt.Sprintf("did you mean %s %s?", cmd.CommandPath(), name)
		}
	}
	return fmt.Sprintf("see %s --help", cmd.CommandPath())
}
