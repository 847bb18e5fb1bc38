package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

func newSearch(a *app) *cobra.Command {
	var asked searchFlags
	cmd := &cobra.Command{
		Use:   "search QUERY…",
		Short: "Search the archive",
		Long: `Search finds talks by words of their titles, abstracts, people and slides. It asks
the running server of the data folder if there is one, and else opens the index itself.

A query that begins with a minus stands behind two of them, which end the flags.`,
		Example: examples(`
rostrum search failure injection
rostrum search '"steady state" speaker:armstrong year:2015..2018'
rostrum search -- -kind:keynote erlang
rostrum search --sort newest --facets testing
rostrum search --json --limit 3 mutation | jq .hits`),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.search(cmd.Context(), strings.Join(args, " "), asked)
		},
	}
	cmd.Flags().IntVar(&asked.limit, "limit", 10, "how many `hits` to show, at most 100")
	cmd.Flags().IntVar(&asked.offset, "offset", 0, "how many `hits` to pass over, at most 10000")
	cmd.Flags().StringVar(&asked.sort, "sort", "relevance", "`ORDER`: relevance, newest or oldest")
	cmd.Flags().BoolVar(&asked.exact, "exact", false, "mend no typing errors")
	cmd.Flags().BoolVar(&asked.facets, "facets", false, "count what the talks found have in common, too")
	_ = cmd.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions([]string{"relevance", "newest", "oldest"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

type searchFlags struct {
	limit, offset int
	sort          string
	exact, facets bool
}

// found is the answer of /api/v1/search, as far as it is shown here.
type found struct {
	Total   int      `json:"total"`
	Hints   []string `json:"hints"`
	Instead string   `json:"instead"`
	Ways    []struct {
		Query string `json:"query"`
		Total int    `json:"total"`
	} `json:"ways"`
	Facets []struct {
		Name   string `json:"name"`
		More   int    `json:"more"`
		Values []struct {
			Value    string `json:"value"`
			Count    int    `json:"count"`
			Selected bool   `json:"selected"`
			Query    string `json:"query"`
		} `json:"values"`
	} `json:"facets"`
	Hits []struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		URL      string `json:"url"`
		Speakers []struct {
			Name string `json:"name"`
		} `json:"speakers"`
		Edition struct {
			Title string `json:"title"`
		} `json:"edition"`
		Slides []struct {
			Number   int    `json:"number"`
			URL      string `json:"url"`
			Fragment string `json:"fragment"`
		} `json:"slides"`
		Fragments []string `json:"fragments"`
	} `json:"hits"`
}

func (a *app) search(ctx context.Context, query string, asked searchFlags) error {
	if asked.limit < 1 || asked.limit > 100 || asked.offset < 0 || asked.offset > 10_000 {
		return &misuseError{"--limit is from 1 to 100, --offset from 0 to 10000"}
	}
	if !slices.Contains([]string{"relevance", "newest", "oldest"}, asked.sort) {
		return &misuseError{"--sort is relevance, newest or oldest"}
	}
	params := url.Values{"q": {query}, "limit": {strconv.Itoa(asked.limit)}, "offset": {strconv.Itoa(asked.offset)}, "sort": {asked.sort}}
	if asked.exact {
		params.Set("exact", "1")
	}
	if asked.facets {
		params.Set("facets", "1")
	}
	path := "/api/v1/search?" + params.Encode()
	body, err := a.ask(ctx, path)
	if err != nil {
		return err
	}
	if a.json {
		_, err := fmt.Fprintln(a.out, strings.TrimSpace(string(body)))
		return err
	}
	var f found
	if err := json.Unmarshal(body, &f); err != nil {
		return fmt.Errorf("the server's answer is not understood: %w", err)
	}
	a.printHits(f, asked.offset)
	return nil
}

// printHits writes hits for people: who and what in two lines, then where it
// matched. On a terminal the lines are cut to its width, the words found are
// bold and titles lead to their pages; a pipe gets them whole.
func (a *app) printHits(f found, offset int) {
	v := a.newSheet()
	for _, text := range f.Hints {
		v.line(0, words{text: text, set: dim})
	}
	if f.Instead != "" {
		v.line(0, words{text: "showing results for " + f.Instead, set: italic})
	}
	if f.Total == 0 {
		fmt.Fprintln(a.out, "no talk found")
		for _, w := range f.Ways {
			fmt.Fprintf(a.out, "  %s: %s\n", printable(w.Query), plural(w.Total, "talk"))
		}
		return
	}
	for _, w := range f.Ways {
		v.line(0, words{text: "perhaps " + w.Query + ": " + plural(w.Total, "talk"), set: italic})
	}
	for n, h := range f.Hits {
		var names []string
		for _, s := range h.Speakers {
			names = append(names, s.Name)
		}
		number := fmt.Sprintf("%3d  ", offset+n+1)
		title := words{text: v.fit(h.Title, v.width-len(number)), set: bold, to: h.URL}
		fmt.Fprintf(v.out, "%s%s\n", number, v.show(title))
		v.line(5, words{text: strings.Join(append(names, h.Edition.Title), " · ")})
		for _, text := range h.Fragments {
			fmt.Fprintf(v.out, "     %s\n", v.fragment(text, 5))
		}
		for _, s := range h.Slides[:min(len(h.Slides), 3)] {
			lead := fmt.Sprintf("slide %d: ", s.Number)
			fmt.Fprintf(v.out, "     %s%s\n", v.show(words{text: strings.TrimRight(lead, " "), to: s.URL})+" ", v.fragment(s.Fragment, 5+len(lead)))
		}
		where := h.URL // whole, to be followed or given to show
		if strings.HasPrefix(where, "/") {
			where = h.ID
		}
		fmt.Fprintf(v.out, "     %s\n", v.show(words{text: cut(where, 2000), set: dim, to: h.URL}))
	}
	if len(f.Hits) == 0 {
		fmt.Fprintf(v.out, "%s, none of them from %d on\n", plural(f.Total, "talk"), offset+1)
		return
	}
	last := offset + len(f.Hits)
	fmt.Fprintf(v.out, "%d to %d of %d\n", offset+1, last, f.Total)
	for _, one := range f.Facets {
		v.line(0, words{text: one.Name, set: bold})
		for _, value := range one.Values {
			text := value.Query
			if value.Selected { // whose query leaves it out
				text = value.Value + ", chosen"
			}
			v.line(2, words{text: fmt.Sprintf("%d  %s", value.Count, text)})
		}
		if one.More > 0 {
			v.line(2, words{text: fmt.Sprintf("and %d more", one.More), set: dim})
		}
	}
	if !v.whole {
		v.next([]string{f.Hits[0].ID})
	}
}

// fragment makes one printable line of a fragment, which is HTML with the words
// found between <mark> and </mark>, after indent columns.
func (s *sheet) fragment(fragment string, indent int) string {
	room := s.width - indent
	if s.whole {
		room = 1 << 20
	}
	var line strings.Builder
	for text, marked := range pieces(fragment) {
		wide := columns(text)
		if wide > room {
			text = strings.TrimRight(head(text, max(room-1, 0)), " …")
		}
		if marked {
			text = s.show(words{text: text, set: bold})
		}
		line.WriteString(text)
		if room -= wide; room < 0 {
			return strings.TrimRight(line.String(), " …") + "…"
		}
	}
	return strings.TrimRight(line.String(), " ")
}

// pieces yields the pieces of a fragment as printable text, and which are words
// found. Between pieces too there is no more than one space, and one ellipsis.
func pieces(fragment string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		last := " " // no space begins a line
		for fragment != "" {
			before, rest, _ := strings.Cut(fragment, "<mark>")
			word, after, _ := strings.Cut(rest, "</mark>")
			fragment = after
			for i, text := range []string{before, word} {
				text = oneLine(html.UnescapeString(text), last)
				if text == "" {
					continue
				}
				last = text
				if !yield(text, i == 1) {
					return
				}
			}
		}
	}
}

// oneLine makes text printable that goes on a line after last: runs of spaces
// become one, and so do ellipses with nothing between.
func oneLine(text, last string) string {
	var b strings.Builder
	space, dots := strings.HasSuffix(last, " "), strings.HasSuffix(strings.TrimRight(last, " "), "…")
	for _, r := range printable(text) {
		switch {
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case r == '…' && dots:
			continue
		}
		b.WriteRune(r)
		space, dots = false, r == '…'
	}
	return b.String()
}
