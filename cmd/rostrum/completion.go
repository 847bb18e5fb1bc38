package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

// completed is how many completions are offered at most: more help nobody.
const completed = 200

// completions says what the arguments of commands name, by the command's path.
// Commands that are not here complete nothing, or files where they take some.
func (a *app) completions() map[string]cobra.CompletionFunc {
	anything := a.nth(a.completeThing(true), nil)
	decided := a.completeThing(false)
	person, edition, series := a.completeIDs(store.NamePerson, ""), a.completeIDs(store.NameEdition, ""), a.completeIDs(store.NameSeries, "")
	return map[string]cobra.CompletionFunc{
		"show":          anything,
		"history":       a.nth(decided, nil),
		"takedown":      a.nth(decided, nil),
		"correct":       a.completeField(a.nth(decided, nil)),
		"move":          a.nth(edition, series, nil),
		"edition merge": a.nth(edition, edition, nil),
		"series merge":  a.nth(series, series, nil),
		"person merge":  a.nth(person, person, nil),
		"person apart":  a.nth(person, person, nil),
		"person rename": a.nth(person, nil),
		"person link":   a.nth(person, nil),
		"person split":  a.nth(person, decided),
	}
}

// completeField completes the second argument of correct: a field of what the
// first one names.
func (a *app) completeField(things cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) != 1 {
			return things(cmd, args, typed)
		}
		t, err := thingOf(args[0])
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		fields := archive.TalkFields()
		switch t.kind {
		case store.ThingEdition:
			fields = archive.EditionFields()
		case store.ThingPerson:
			fields = append(archive.PersonFields(), "veiled")
		}
		return cobra.FixedCompletions(fields, cobra.ShellCompDirectiveNoFileComp)(cmd, args, typed)
	}
}

// completer offers completions of one argument.
type completer func(ctx context.Context, typed string) ([]cobra.Completion, cobra.ShellCompDirective)

// nth completes arguments by their place; the last one stands for all after
// it, nil for none.
func (a *app) nth(list ...completer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		one := list[min(len(args), len(list)-1)]
		if one == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return one(cmd.Context(), typed)
	}
}

// named asks the archive for IDs that begin with what was typed. Completion
// must not disturb: the archive is opened only to read, and whatever goes wrong
// is that nothing is offered.
func (a *app) named(ctx context.Context, kind store.NameKind, prefix string) []store.Named {
	db, err := store.OpenReading(ctx, a.data)
	if err != nil {
		return nil
	}
	list, err := db.Names(ctx, kind, prefix, completed)
	if db.Close() != nil || err != nil {
		return nil
	}
	return list
}

// completeIDs completes IDs of a kind, each with its name, after lead.
func (a *app) completeIDs(kind store.NameKind, lead string) completer {
	return func(ctx context.Context, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var out []cobra.Completion
		for _, n := range a.named(ctx, kind, strings.TrimPrefix(typed, lead)) {
			out = append(out, cobra.CompletionWithDesc(lead+n.ID, cut(n.Name, 80)))
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeThing completes whatever has a page, step by step as its address is
// made: series, then their editions, then talks. Where one is left, what lies
// beneath it is offered too. With all there are topics and series, which can be
// shown but not decided over.
func (a *app) completeThing(all bool) completer {
	return func(ctx context.Context, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		begin, rest, deep := strings.Cut(typed, "/")
		switch {
		case begin == "people" && deep:
			return a.completeIDs(store.NamePerson, "people/")(ctx, typed)
		case begin == "topics" && deep && all:
			return a.completeIDs(store.NameTopic, "topics/")(ctx, typed)
		case strings.Contains(rest, "/"):
			return a.completeIDs(store.NameTalk, "")(ctx, typed)
		case deep:
			return a.steps(ctx, store.NameEdition, store.NameTalk, typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		out := a.steps(ctx, store.NameSeries, store.NameEdition, typed)
		for _, lead := range []string{"people/", "topics/"} {
			if strings.HasPrefix(lead, typed) && (all || lead == "people/") {
				out = append(out, lead)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// steps offers things of a kind, and when there is one only, those beneath it.
func (a *app) steps(ctx context.Context, kind, beneath store.NameKind, typed string) []cobra.Completion {
	list := a.named(ctx, kind, typed)
	if len(list) == 1 {
		list = append(list, a.named(ctx, beneath, list[0].ID+"/")...)
	}
	var out []cobra.Completion
	for _, n := range list {
		out = append(out, cobra.CompletionWithDesc(n.ID, cut(n.Name, 80)))
	}
	return out
}

// completeArguments gives the commands below root what completes their
// arguments.
func (a *app) completeArguments(root *cobra.Command) {
	for path, complete := range a.completions() {
		if cmd, _, err := root.Find(strings.Fields(path)); err == nil && cmd.CommandPath() == root.Name()+" "+path {
			cmd.ValidArgsFunction = complete
		}
	}
}
