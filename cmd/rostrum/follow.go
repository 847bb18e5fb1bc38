package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rostrum/ingest"
)

func allAddresses(sources []string) bool {
	for _, s := range sources {
		if !ingest.IsAddress(s) {
			return false
		}
	}
	return true
}

// followAll finds the editions that the sources' links lead to, shows them, and
// after a yes returns the addresses of their programmes.
func (a *app) followAll(ctx context.Context, in *ingest.Ingester, sources []string, f addFlags) (programmes []string, failed bool, err error) {
	bar := a.newBar("follow")
	for _, source := range sources {
		found, err := in.Follow(ctx, source, func(e ingest.Event) {
			if e.Step == ingest.StepLinks {
				bar.draw(fmt.Sprintf("edition %d of %d: %s", e.Done, e.Total, e.Address), false)
			} else {
				bar.draw("looking at "+e.Address, false)
			}
		})
		bar.clear()
		if err != nil && ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if err != nil {
			a.tell(under(source, err))
			failed = true
			continue
		}
		a.printFound(source, found)
		for _, e := range ingest.Wanted(found) {
			programmes = append(programmes, e.Programme)
		}
	}
	if len(programmes) == 0 {
		return nil, failed, hint(errors.New("no edition with a programme was found"), "add the programme pages by their own addresses")
	}
	if !f.yes && !a.confirm(ctx, fmt.Sprintf("add %s?", plural(len(programmes), "edition"))) {
		return nil, failed, hint(errors.New("nothing was added"), "--yes adds without asking")
	}
	return programmes, failed, nil
}

func (a *app) printFound(source string, found []ingest.FoundEdition) {
	if a.json {
		a.printJSON(map[string]any{"step": "follow", "source": source, "editions": found})
		return
	}
	fmt.Fprintf(a.out, "from %s:\n", cut(source, 200))
	for _, e := range found {
		when := cmp.Or(string(e.Date), strconv.Itoa(e.Year))
		if e.Year == 0 && e.Date == "" {
			when = "no year"
		}
		what, page := plural(e.Talks, "talk"), e.Programme
		if page == "" {
			what, page = cut(e.Why, 100)+"; not added", e.Front
		}
		fmt.Fprintf(a.out, "  %-10s  %s: %s\n", when, cut(e.Title, 60), what)
		fmt.Fprintf(a.out, "              %s\n", cut(page, 200))
		if e.From != "" {
			fmt.Fprintf(a.out, "              linked as %q on %s\n", cut(e.Label, 60), cut(e.From, 200))
		}
	}
}

// confirm asks a question; anything but yes is no, and so is nobody there.
func (a *app) confirm(ctx context.Context, question string) bool {
	fmt.Fprintf(a.err, "%s [y/N] ", question)
	answers := make(chan string, 1)
	// A read from the terminal cannot be interrupted; after Ctrl-C it is left
	// behind, and the process ends.
	go func() {
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if err != nil && line == "" {
			fmt.Fprintln(a.err)
		}
		answers <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case answer := <-answers:
		return answer == "y" || answer == "yes"
	case <-ctx.Done():
		return false
	}
}
