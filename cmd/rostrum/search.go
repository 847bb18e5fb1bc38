package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
)

func newSearch(a *app) *cobra.Command {
	var limit, offset int
	cmd := &cobra.Command{
		Use:   "search QUERY…",
		Short: "Search the archive",
		Long: `Search finds talks by words of their titles, abstracts, people and slides. It asks
the running server of the data folder if there is one, and else opens the index itself.`,
		Example: examples(`
rostrum search failure injection
rostrum search '"steady state" speaker:armstrong year:2015..2018'
rostrum search --json --limit 3 mutation | jq .hits`),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.search(cmd.Context(), strings.Join(args, " "), limit, offset)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 10, "how many `hits` to show, at most 100")
	cmd.Flags().IntVar(&offset, "offset", 0, "how many `hits` to pass over")
	return cmd
}

// found is the answer of /api/v1/search, as far as it is shown here.
type found struct {
	Total int `json:"total"`
	Hits  []struct {
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
			Fragment string `json:"fragment"`
		} `json:"slides"`
		Fragments []string `json:"fragments"`
	} `json:"hits"`
}

func (a *app) search(ctx context.Context, query string, limit, offset int) error {
	if limit < 1 || limit > 100 || offset < 0 {
		return &misuseError{"--limit is from 1 to 100, --offset from 0"}
	}
	path := "/api/v1/search?" + url.Values{"q": {query}, "limit": {strconv.Itoa(limit)}, "offset": {strconv.Itoa(offset)}}.Encode()
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
	a.printHits(f, offset)
	return nil
}

// ask gets a path of the site: from the server that has the data folder, or
// from a site of our own that is never heard outside.
func (a *app) ask(ctx context.Context, path string) ([]byte, error) {
	h, who, err := a.openHouse(ctx, a.logger())
	if errors.Is(err, errHeld) && who.Address != "" {
		return askServer(ctx, who, path)
	}
	if errors.Is(err, errHeld) {
		return nil, hint(err, "wait until it is done")
	}
	if err != nil {
		return nil, err
	}
	body, err := h.ask(ctx, path)
	return body, errors.Join(err, h.close())
}

func (h *house) ask(ctx context.Context, path string) ([]byte, error) {
	if _, err := h.index.CatchUp(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	// Nobody serves the pages, so their addresses begin with the path.
	req.Host = "nobody.rostrum.invalid"
	answer := httptest.NewRecorder()
	h.site.Handler().ServeHTTP(answer, req)
	text, err := body(answer.Code, answer.Body)
	return bytes.ReplaceAll(text, []byte("http://"+req.Host), nil), err
}

// askServer asks the server of the data folder.
func askServer(ctx context.Context, who holder, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, who.Address+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := (&http.Transport{Proxy: nil}).RoundTrip(req)
	if err != nil {
		return nil, hint(fmt.Errorf("the server at %s (process %d) does not answer: %w", who.Address, who.PID, err), "stop it, and search again")
	}
	defer answer.Body.Close()
	return body(answer.StatusCode, answer.Body)
}

// body reads an answer; what the API says of an error is the error.
func body(status int, from io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, 64<<20))
	if err != nil {
		return nil, err
	}
	if status == http.StatusOK {
		return text, nil
	}
	var told struct {
		Error   any    `json:"error"`
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &told) == nil {
		if s, ok := told.Error.(string); ok && s != "" {
			return nil, errors.New(s)
		}
		if told.Message != "" {
			return nil, errors.New(told.Message)
		}
	}
	return nil, fmt.Errorf("the search answers %d %s", status, http.StatusText(status))
}

// printHits writes hits for people: who and what in two lines, then where. On a
// terminal the lines are cut to its width and the words found are bold; who reads
// them through a pipe gets them whole.
func (a *app) printHits(f found, offset int) {
	if f.Total == 0 {
		fmt.Fprintln(a.out, "no talk found")
		return
	}
	p := printer{width: 1 << 20}
	if a.tty {
		p = printer{width: max(40, min(a.wide(), 120)), bold: a.getenv("NO_COLOR") == ""}
	}
	for n, h := range f.Hits {
		var names []string
		for _, s := range h.Speakers {
			names = append(names, s.Name)
		}
		fmt.Fprintf(a.out, "%3d  %s\n", offset+n+1, cut(h.Title, p.width-5))
		under := strings.Join(append(names, h.Edition.Title), " · ")
		fmt.Fprintf(a.out, "     %s\n", cut(under, p.width-5))
		for _, text := range h.Fragments {
			fmt.Fprintf(a.out, "     %s\n", p.fragment(text, 5))
		}
		for i, s := range h.Slides {
			if i == 3 {
				break
			}
			fmt.Fprintf(a.out, "     slide %d: %s\n", s.Number, p.fragment(s.Fragment, 16))
		}
		fmt.Fprintf(a.out, "     %s\n", cut(h.URL, 2000)) // whole, to be followed
	}
	fmt.Fprintf(a.out, "%d to %d of %d\n", offset+1, offset+len(f.Hits), f.Total)
}

// printer writes fragments for where they are shown.
type printer struct {
	width int  // columns
	bold  bool // words found are bold
}

// fragment makes one printable line of a fragment, which is HTML with the words
// found between <mark> and </mark>, after indent columns.
func (p printer) fragment(fragment string, indent int) string {
	room := p.width - indent
	var line strings.Builder
	for text, marked := range pieces(fragment) {
		runes := []rune(text)
		if len(runes) > room {
			text = strings.TrimRight(string(runes[:max(room-1, 0)]), " …")
		}
		if marked && p.bold && text != "" {
			text = "\x1b[1m" + text + "\x1b[22m"
		}
		line.WriteString(text)
		if room -= len(runes); room < 0 {
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

// cut makes one printable line of at most n characters.
func cut(s string, n int) string {
	s = strings.Join(strings.Fields(printable(s)), " ")
	if r := []rune(s); len(r) > n && n > 1 {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
