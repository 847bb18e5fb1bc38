package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"rostrum/archive"
	"rostrum/archive/store"
)

// maxFile bounds a file in bytes: some 50,000 corrections.
const maxFile = 32 << 20

// maxTold is how many decisions that do not hold are told one by one.
const maxTold = 50

// Imported is what taking in a file did.
type Imported struct {
	Made  int // decisions that are new here
	Stood int // that stood already
}

// Import takes in a file; name is what errors call it. Each decision is taken
// for itself: those that do not hold are told, joined, each with its line. by
// is who decided where the file does not say; at is now.
func Import(ctx context.Context, db *store.DB, name string, r io.Reader, by store.Who) (Imported, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return Imported{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxFile {
		return Imported{}, &archive.InvalidError{Thing: name, Why: "it is larger than any such file", Hint: "is it the right one?"}
	}
	list, err := decode(data)
	if err != nil {
		return Imported{}, &archive.InvalidError{Thing: name, Why: err.Error(), Hint: `rostrum corrections export shows the form of such a file`}
	}
	in := &importer{db: db, by: by, people: map[archive.PersonID]archive.PersonID{}}
	if err := in.load(ctx); err != nil {
		return Imported{}, err
	}
	var bad []error
	told := 0
	for _, n := range list {
		if err := ctx.Err(); err != nil {
			return in.done, errors.Join(append(bad, err)...)
		}
		err := in.take(ctx, n)
		if err == nil {
			continue
		}
		if told++; told <= maxTold {
			bad = append(bad, &lineError{place: fmt.Sprintf("%s: line %d", name, n.Line), err: err})
		}
	}
	if told > maxTold {
		bad = append(bad, fmt.Errorf("%s: %d more decisions do not hold", name, told-maxTold))
	}
	return in.done, errors.Join(bad...)
}

// lineError puts a place before an error, and keeps the way out that it names.
type lineError struct {
	place string
	err   error
}

func (e *lineError) Error() string { return e.place + ": " + e.err.Error() }
func (e *lineError) Unwrap() error { return e.err }

func decode(data []byte) ([]*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, errors.New(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " "))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("it holds no corrections")
	}
	f, err := fields(doc.Content[0], "rostrum-corrections", "decisions")
	if err != nil {
		return nil, err
	}
	if v := f["rostrum-corrections"]; v == nil || v.Value != version {
		return nil, errors.New("it does not begin with rostrum-corrections: " + version)
	}
	list := f["decisions"]
	if list == nil || list.Kind == yaml.ScalarNode && list.Tag == "!!null" {
		return nil, nil
	}
	if list.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("line %d: decisions is no list", list.Line)
	}
	return list.Content, nil
}

// fields returns the values of a mapping, which may have only the keys named.
func fields(n *yaml.Node, known ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, &archive.InvalidError{Thing: "decision", Why: "it is no mapping", Hint: `it begins like "- correct: chaos-day/2017/let-it-crash"`}
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			return nil, &archive.InvalidError{Thing: fmt.Sprintf("%q", key.Value), Why: "no such field", Hint: "one of " + strings.Join(known, ", ")}
		case out[key.Value] != nil:
			return nil, &archive.InvalidError{Thing: key.Value, Why: "it stands twice"}
		case value.Kind == yaml.AliasNode:
			return nil, &archive.InvalidError{Thing: key.Value, Why: "references to another place are not followed", Hint: "write the value itself"}
		}
		out[key.Value] = value
	}
	return out, nil
}

// importer takes decisions in, one after the other.
type importer struct {
	db    *store.DB
	by    store.Who
	done  Imported
	stand map[string]string // what stands here, by what it is about
	made  map[archive.PersonID]bool
	// split has whom some credits were split off to, by the credits.
	split map[string]archive.PersonID
	// people are those the file calls otherwise than they came to be called
	// here: a split mints the first name that is free.
	people map[archive.PersonID]archive.PersonID
}

func (in *importer) load(ctx context.Context) error {
	acts, err := standing(ctx, in.db)
	if err != nil {
		return err
	}
	in.stand, in.made, in.split = map[string]string{}, map[archive.PersonID]bool{}, map[string]archive.PersonID{}
	for _, a := range acts {
		key, value, err := standKey(a)
		if err != nil {
			return fmt.Errorf("act %d: %w", a.ID, err)
		}
		in.stand[key] = value
		if a.Verb != store.VerbAssign {
			continue
		}
		var d struct {
			Credits []store.CreditRef
			Made    bool
		}
		if err := json.Unmarshal(a.Detail, &d); err != nil {
			return fmt.Errorf("act %d: %w", a.ID, err)
		}
		if d.Made {
			in.made[archive.PersonID(a.Name)], in.split[fmt.Sprint(d.Credits)] = true, archive.PersonID(a.Name)
		}
	}
	return nil
}

// standKey says what an act is about, and what it says of that.
func standKey(a store.Act) (key, value string, err error) {
	var d struct {
		Field     string
		Value     json.RawMessage
		Into      string
		From      string
		Credits   []store.CreditRef
		Destroyed bool
	}
	err = json.Unmarshal(a.Detail, &d)
	switch a.Verb {
	case store.VerbCorrect:
		return "correct " + a.Name + " " + d.Field, string(d.Value), err
	case store.VerbMerge:
		return mergeVerb(a.Thing) + " " + a.Name, d.Into, err
	case store.VerbRetract:
		return "retract " + a.Name, "", err
	case store.VerbMove:
		return "move " + a.Name, d.Into, err
	case store.VerbApart:
		return "apart " + a.Name + " " + d.From, "", err
	case store.VerbAssign:
		return "assign " + a.Name + " " + fmt.Sprint(d.Credits), "", err
	case store.VerbTakedown:
		return "takedown " + a.Name, strconv.FormatBool(d.Destroyed), err
	}
	return fmt.Sprint(a.ID), "", err
}

// stands says whether the same was decided here, and counts it.
func (in *importer) stands(key, value string) bool {
	have, ok := in.stand[key]
	if ok && have == value {
		in.done.Stood++
		return true
	}
	return false
}

func (in *importer) took(key, value string, err error) error {
	if err == nil {
		in.done.Made++
		in.stand[key] = value
	}
	return err
}

// person is how somebody the file names is called here.
func (in *importer) person(id string) archive.PersonID {
	if here, ok := in.people[archive.PersonID(id)]; ok {
		return here
	}
	return archive.PersonID(id)
}

var verbs = []string{"correct", "merge", "merge-series", "apart", "assign", "move", "takedown", "retract"}

func (in *importer) take(ctx context.Context, n *yaml.Node) error {
	f, err := fields(n, "correct", "field", "value", "was", "becomes", "merge", "merge-series", "into", "apart", "from", "assign", "new", "credits", "move", "takedown", "destroyed", "retract", "sha256", "by", "at", "why")
	if err != nil {
		return err
	}
	verb := ""
	for _, v := range verbs {
		if f[v] == nil {
			continue
		}
		if verb != "" {
			return &archive.InvalidError{Thing: v, Why: "one decision cannot be " + verb + " too", Hint: "make two of it"}
		}
		verb = v
	}
	if verb == "" {
		return &archive.InvalidError{Thing: "decision", Why: "it does not say what is decided", Hint: "one of " + strings.Join(verbs, ", ")}
	}
	who, err := in.who(f)
	if err != nil {
		return err
	}
	name, err := str(f, verb)
	if err != nil {
		return err
	}
	switch verb {
	case "correct":
		return in.correct(ctx, name, f, who)
	case "merge", "apart":
		return in.pair(ctx, verb, name, f, who)
	case "merge-series":
		return in.mergeInto(ctx, verb, name, f, func(into string) error {
			_, err := in.db.MergeSeries(ctx, archive.SeriesID(name), archive.SeriesID(into), who)
			return err
		})
	case "retract":
		return in.retract(ctx, name, f, who)
	case "move":
		return in.move(ctx, name, f, who)
	case "assign":
		return in.assign(ctx, name, f, who)
	}
	return in.takedown(ctx, name, f, who)
}

// str returns a field that has to be there and be a text.
func str(f map[string]*yaml.Node, key string) (string, error) {
	n := f[key]
	if n == nil || n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		return "", &archive.InvalidError{Thing: key, Why: "it is missing, or no text"}
	}
	return strings.TrimSpace(n.Value), nil
}

func (in *importer) who(f map[string]*yaml.Node) (store.Who, error) {
	who := in.by
	if n := f["by"]; n != nil && n.Value != "" {
		who.By = n.Value
	}
	if n := f["why"]; n != nil {
		who.Why = n.Value
	}
	if n := f["at"]; n != nil {
		at, err := time.Parse(time.RFC3339, n.Value)
		if err != nil {
			return who, &archive.InvalidError{Thing: "at", Why: fmt.Sprintf("%q is no moment", n.Value), Hint: "write it as 2026-05-04T09:15:00Z, or leave it out"}
		}
		who.At = at
	}
	return who, nil
}

// ThingOf tells by its form what an ID names: two slashes are a talk, one an
// edition, none a person, an address a deck.
func ThingOf(id string) store.Thing {
	switch {
	case strings.Contains(id, "://"):
		return store.ThingDeck
	case strings.Count(id, "/") == 0:
		return store.ThingPerson
	case strings.Count(id, "/") == 1:
		return store.ThingEdition
	}
	return store.ThingTalk
}

func (in *importer) correct(ctx context.Context, id string, f map[string]*yaml.Node, who store.Who) error {
	field, err := str(f, "field")
	if err != nil {
		return err
	}
	if f["value"] == nil {
		return &archive.InvalidError{Thing: "value", Why: "it is missing", Hint: `"" is an empty one, [] an empty list`}
	}
	value, err := jsonOf(f["value"], 0)
	if err != nil {
		return err
	}
	if s, ok := value.(string); ok && field == "veiled" {
		value = s == "true"
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	c := store.Correction{Thing: ThingOf(id), ID: id, Field: field, Value: raw}
	if c.Thing == store.ThingPerson {
		c.ID = string(in.person(id))
	}
	if n := f["becomes"]; n != nil && n.Value != "" {
		defer func() { in.became(ctx, archive.PersonID(n.Value), c.ID) }()
	}
	key := "correct " + c.ID + " " + field
	if in.stands(key, canonical(c)) {
		return nil
	}
	_, err = in.db.Correct(ctx, c, who)
	if moved, ok := errors.AsType[*archive.MovedError](err); ok {
		c.ID = moved.To
		key = "correct " + c.ID + " " + field
		if in.stands(key, canonical(c)) {
			return nil
		}
		_, err = in.db.Correct(ctx, c, who)
	}
	return in.took(key, canonical(c), err)
}

// became notes how somebody whom the file calls otherwise from here on is
// called in this archive.
func (in *importer) became(ctx context.Context, name archive.PersonID, id string) {
	_, err := in.db.PersonByID(ctx, archive.PersonID(id))
	if moved, ok := errors.AsType[*archive.MovedError](err); ok {
		in.people[name] = archive.PersonID(moved.To)
	}
}

// canonical is the value as the store writes it.
func canonical(c store.Correction) string {
	switch c.Thing {
	case store.ThingTalk:
		if it, err := archive.CorrectItem(archive.Item{}, c.Field, c.Value); err == nil {
			return string(archive.ItemField(it, c.Field))
		}
	case store.ThingEdition:
		if info, err := archive.CorrectEdition(archive.EditionInfo{}, c.Field, c.Value); err == nil {
			return string(archive.EditionField(info, c.Field))
		}
	}
	return string(c.Value)
}

// maxDepth is one more than a list of speakers needs.
const maxDepth = 4

// jsonOf takes every plain value for the text it is written as, since YAML's
// own idea of 09:15, of yes and of 2017 is seldom meant.
func jsonOf(n *yaml.Node, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &archive.InvalidError{Thing: "value", Why: "no field lies that deep"}
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value, nil
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			var err error
			if list[i], err = jsonOf(c, depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := jsonOf(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			object[n.Content[i].Value] = v
		}
		return object, nil
	}
	return nil, &archive.InvalidError{Thing: "value", Why: "references to another place are not followed", Hint: "write the value itself"}
}

// mergeInto takes the merge of two editions or series.
func (in *importer) mergeInto(_ context.Context, verb, name string, f map[string]*yaml.Node, do func(into string) error) error {
	into, err := str(f, "into")
	if err != nil {
		return err
	}
	key := verb + " " + name
	if in.stands(key, into) {
		return nil
	}
	return in.took(key, into, do(into))
}

// retract takes back what was read from the same bytes of the same source.
func (in *importer) retract(ctx context.Context, address string, f map[string]*yaml.Node, who store.Who) error {
	sum, err := str(f, "sha256")
	if err != nil {
		return err
	}
	snap, err := in.db.SnapshotOf(ctx, address, archive.BlobID(sum))
	if errors.Is(err, archive.ErrNotFound) {
		return &archive.InvalidError{Thing: "retract", Why: "these bytes of " + address + " were never read here", Hint: "there is nothing to take back"}
	}
	if err != nil {
		return err
	}
	key := fmt.Sprintf("retract %d", snap)
	if in.stands(key, "") {
		return nil
	}
	_, err = in.db.Retract(ctx, snap, who)
	return in.took(key, "", err)
}

func (in *importer) pair(ctx context.Context, verb, name string, f map[string]*yaml.Node, who store.Who) error {
	other := map[string]string{"merge": "into", "apart": "from"}[verb]
	to, err := str(f, other)
	if err != nil {
		return err
	}
	if verb == "merge" && ThingOf(name) == store.ThingEdition {
		return in.mergeInto(ctx, verb, name, f, func(into string) error {
			_, err := in.db.MergeEditions(ctx, archive.EditionID(name), archive.EditionID(into), who)
			return err
		})
	}
	a, b := in.person(name), in.person(to)
	if verb == "merge" {
		key := "merge " + string(a)
		if in.stands(key, string(b)) {
			return nil
		}
		_, err := in.db.MergePeople(ctx, a, b, who)
		return in.took(key, string(b), err)
	}
	key := "apart " + string(a) + " " + string(b)
	if in.stands(key, "") {
		return nil
	}
	_, err = in.db.KeepApart(ctx, a, b, who)
	return in.took(key, "", err)
}

func (in *importer) move(ctx context.Context, name string, f map[string]*yaml.Node, who store.Who) error {
	into, err := str(f, "into")
	if err != nil {
		return err
	}
	key := "move " + name
	if have, ok := in.stand[key]; ok && (have == into || seriesName(ctx, in.db, have) == into) {
		in.done.Stood++
		return nil
	}
	_, _, err = in.db.MoveEdition(ctx, archive.EditionID(name), into, who)
	return in.took(key, into, err)
}

func (in *importer) assign(ctx context.Context, name string, f map[string]*yaml.Node, who store.Who) error {
	list := f["credits"]
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		return &archive.InvalidError{Thing: "credits", Why: "it is missing, or no list", Hint: "- {talk: chaos-day/2017/let-it-crash, name: Joe Armsby}"}
	}
	var credits []store.CreditRef
	for _, n := range list.Content {
		one, err := fields(n, "talk", "name")
		if err != nil {
			return err
		}
		talk, err := str(one, "talk")
		if err != nil {
			return err
		}
		printed, err := str(one, "name")
		if err != nil {
			return err
		}
		credits = append(credits, store.CreditRef{Talk: archive.TalkID(talk), Name: printed})
	}
	to := in.person(name)
	key := "assign " + string(to) + " " + fmt.Sprint(credits)
	if in.stands(key, "") {
		return nil
	}
	// A new person of the file's is one here already only if somebody split
	// them here as well; another of that name is a stranger.
	if n := f["new"]; n != nil && n.Value == "true" && !in.made[to] {
		if here, ok := in.split[fmt.Sprint(credits)]; ok {
			in.people[archive.PersonID(name)] = here
			in.done.Stood++
			return nil
		}
		made, _, err := in.db.AssignCredits(ctx, credits, "", who)
		if err == nil {
			in.people[archive.PersonID(name)], in.made[made], in.split[fmt.Sprint(credits)] = made, true, made
			key = "assign " + string(made) + " " + fmt.Sprint(credits)
		}
		return in.took(key, "", err)
	}
	_, _, err := in.db.AssignCredits(ctx, credits, to, who)
	return in.took(key, "", err)
}

func (in *importer) takedown(ctx context.Context, name string, f map[string]*yaml.Node, who store.Who) error {
	destroy := f["destroyed"] != nil && f["destroyed"].Value == "true"
	thing := ThingOf(name)
	if thing == store.ThingPerson {
		name = string(in.person(name))
	}
	key := "takedown " + name
	if in.stands(key, strconv.FormatBool(destroy)) {
		return nil
	}
	var err error
	switch {
	case !destroy:
		_, err = in.db.TakeDown(ctx, thing, name, who)
	case thing == store.ThingDeck:
		_, err = in.db.DestroyDeck(ctx, name, who)
	default:
		err = &archive.InvalidError{Thing: "destroyed", Why: "only the bytes of slides can be", Hint: "leave it out"}
	}
	return in.took(key, strconv.FormatBool(destroy), err)
}
