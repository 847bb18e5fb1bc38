package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newCorrect(a *app) *cobra.Command {
	var who whoFlags
	cmd := &cobra.Command{
		Use:   "correct TALK|EDITION|PERSON FIELD VALUE",
		Short: "Say what a field is, whatever its source says",
		Long: `Correct lays a value over what was read of a talk, an edition or a person. It wins over
every later reading until it is undone; what was read stays kept beneath it.

A thing is named by its ID or the address of its page. A VALUE of - is read from standard
input, an empty one empties the field. Lists are parted by semicolons, speakers written
"Name (Affiliation)"; whoever was there before keeps role, biography and address. A value
that begins with [ is the list as Programme JSON has it.

  talk     ` + strings.Join(archive.TalkFields(), " ") + `
  edition  ` + strings.Join(archive.EditionFields(), " ") + `
  person   ` + strings.Join(archive.PersonFields(), " ") + ` veiled`,
		Example: examples(`
rostrum correct chaos-day/2017/let-it-crash title "Let it crash" --why "typing error"
rostrum correct chaos-day/2017/let-it-crash speakers "Joe Armsby (Switchworks); Bo Ek"
rostrum correct chaos-day/2017/let-it-crash abstract - <abstract.txt
rostrum correct chaos-day/2017 start_date 2017-12-06
rostrum correct joe-armsby url https://joe.example/`),
		Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := thingOf(args[0])
			if err != nil {
				return err
			}
			return a.deciding(cmd.Context(), who, func(db *store.DB, who store.Who) error {
				return a.correct(cmd.Context(), db, t, args[1], args[2], who)
			})
		},
	}
	who.add(a, cmd)
	return cmd
}

// maxTyped bounds what is read from standard input for one field.
const maxTyped = 1 << 20

func (a *app) correct(ctx context.Context, db *store.DB, t thing, field, text string, who store.Who) error {
	if text == "-" {
		typed, err := io.ReadAll(io.LimitReader(a.in, maxTyped))
		if err != nil {
			return fmt.Errorf("read the value: %w", err)
		}
		text = string(typed)
	}
	var known []archive.Credit
	if t.kind == store.ThingTalk && field == "speakers" {
		talk, err := db.TalkByID(ctx, archive.TalkID(t.id))
		if err != nil {
			return err
		}
		known = talk.Speakers
	}
	value, err := archive.FieldFromText(field, text, known)
	if err != nil {
		return err
	}
	id, err := db.Correct(ctx, store.Correction{Thing: t.kind, ID: t.id, Field: field, Value: value}, who)
	if err != nil {
		return err
	}
	act, err := db.ActByID(ctx, id)
	if err != nil {
		return err
	}
	a.decided(id, describe(act))
	return nil
}

// describe writes an Act in one line.
func describe(act store.Act) string {
	var d struct {
		Field     string
		Value     json.RawMessage
		Was       json.RawMessage
		Into      string
		From      string
		Credits   []store.CreditRef
		Made      bool
		Before    []archive.PersonID
		Destroyed bool
		Text      string
		Via       store.Via
	}
	if err := json.Unmarshal(act.Detail, &d); err != nil {
		return string(act.Verb) + " " + act.Name
	}
	switch act.Verb {
	case store.VerbCorrect:
		how := map[store.Via]string{store.ViaSuggestion: ", as a visitor suggested", store.ViaSpeaker: ", by a private link"}[d.Via]
		return fmt.Sprintf("%s %s: %s -> %s%s", act.Name, d.Field, shown(archive.FieldText(d.Field, d.Was)), shown(archive.FieldText(d.Field, d.Value)), how)
	case store.VerbMerge:
		of := ""
		if act.Thing == store.ThingSeries {
			of = "series "
		}
		return fmt.Sprintf("%s%s merged into %s", of, act.Name, d.Into)
	case store.VerbMove:
		return fmt.Sprintf("%s moved into the series %s", act.Name, d.Into)
	case store.VerbApart:
		return fmt.Sprintf("%s and %s are two people", act.Name, d.From)
	case store.VerbAssign:
		how := "given to"
		if d.Made {
			how = "split off as"
		}
		credits := make([]string, len(d.Credits))
		for i, c := range d.Credits {
			credits[i] = c.Name + " on " + string(c.Talk)
		}
		return fmt.Sprintf("%s %s %s", strings.Join(credits, ", "), how, act.Name)
	case store.VerbTakedown:
		if d.Destroyed {
			return fmt.Sprintf("%s %s taken down, its bytes destroyed", act.Thing, act.Name)
		}
		return fmt.Sprintf("%s %s taken down", act.Thing, act.Name)
	case store.VerbDismiss:
		return fmt.Sprintf("%s: %q needs no repair", act.Name, d.Text)
	case store.VerbRetract:
		return fmt.Sprintf("%s %s taken back", act.Thing, act.Name)
	}
	return string(act.Verb) + " " + act.Name
}
