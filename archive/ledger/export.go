package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"

	"rostrum/archive"
	"rostrum/archive/store"
)

// version is the form of the file; another one is refused.
const version = "1"

const heading = `What people decided over what was read, in the order in which they did.
"rostrum corrections import" takes it in; taking it in twice changes nothing.`

// Exported is what a file came to hold.
type Exported struct {
	Decisions int
	// Left counts decisions that stand and that no file can hold: those of a
	// sort that a newer program made.
	Left int
}

// Export writes the decisions that stand.
func Export(ctx context.Context, db *store.DB, w io.Writer) (Exported, error) {
	acts, err := standing(ctx, db)
	if err != nil {
		return Exported{}, fmt.Errorf("export corrections: %w", err)
	}
	out := Exported{}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, a := range acts {
		if a.Verb == store.VerbDismiss {
			continue // of a finding in this archive's reading: it says nothing to another
		}
		n, err := actNode(ctx, db, a)
		if err != nil {
			return Exported{}, fmt.Errorf("export act %d: %w", a.ID, err)
		}
		if n == nil {
			out.Left++
			continue
		}
		list.Content = append(list.Content, n)
	}
	out.Decisions = len(list.Content)
	doc := mapping()
	put(doc, "rostrum-corrections", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: version})
	doc.Content[0].HeadComment = heading
	put(doc, "decisions", list)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return Exported{}, fmt.Errorf("export corrections: %w", err)
	}
	if err := enc.Close(); err != nil {
		return Exported{}, fmt.Errorf("export corrections: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return Exported{}, fmt.Errorf("export corrections: %w", err)
	}
	return out, nil
}

// standing returns the acts that count, oldest first: of several corrections
// of one field only the last, of several merges of one person too.
func standing(ctx context.Context, db *store.DB) ([]store.Act, error) {
	var all []store.Act
	seen := map[string]bool{}
	for before := store.ActID(0); ; {
		page, err := db.Acts(ctx, before, 1000)
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			before = a.ID
			if !a.Undone.IsZero() {
				continue
			}
			if key := sameAs(a); key != "" {
				if seen[key] {
					continue
				}
				seen[key] = true
			}
			all = append(all, a)
		}
		if len(page) == 0 {
			slices.Reverse(all)
			return all, nil
		}
	}
}

// sameAs is equal for two acts of which only the later counts; "" when all count.
func sameAs(a store.Act) string {
	thing := string(a.Verb) + " " + string(a.Thing) + " " + a.Name
	switch a.Verb {
	case store.VerbCorrect:
		var c store.Correction
		if json.Unmarshal(a.Detail, &c) != nil {
			return ""
		}
		return thing + " " + c.Field
	case store.VerbMerge, store.VerbMove, store.VerbTakedown:
		return thing
	}
	return ""
}

// actNode returns nil for an act that no file can hold.
func actNode(ctx context.Context, db *store.DB, a store.Act) (*yaml.Node, error) {
	n := mapping()
	var err error
	switch a.Verb {
	case store.VerbCorrect:
		err = correctNode(n, a)
	case store.VerbMerge:
		var d struct{ Into string }
		err = json.Unmarshal(a.Detail, &d)
		put(n, mergeVerb(a.Thing), text(a.Name))
		put(n, "into", text(d.Into))
	case store.VerbMove:
		var d struct{ Into string }
		err = json.Unmarshal(a.Detail, &d)
		put(n, "move", text(a.Name))
		put(n, "into", text(seriesName(ctx, db, d.Into)))
	case store.VerbApart:
		var d struct{ From string }
		err = json.Unmarshal(a.Detail, &d)
		put(n, "apart", text(a.Name))
		put(n, "from", text(d.From))
	case store.VerbAssign:
		err = assignNode(n, a)
	case store.VerbTakedown:
		var d struct{ Destroyed bool }
		err = json.Unmarshal(a.Detail, &d)
		put(n, "takedown", text(a.Name))
		if d.Destroyed {
			put(n, "destroyed", flag(true))
		}
	case store.VerbRetract:
		err = retractNode(ctx, db, n, a)
	default:
		return nil, nil
	}
	put(n, "by", text(a.By))
	put(n, "at", &yaml.Node{Kind: yaml.ScalarNode, Value: a.At.UTC().Format(time.RFC3339)})
	if a.Why != "" {
		put(n, "why", text(a.Why))
	}
	return n, err
}

// mergeVerb tells series from people, whose IDs look alike.
func mergeVerb(thing store.Thing) string {
	if thing == store.ThingSeries {
		return "merge-series"
	}
	return "merge"
}

// seriesName is what a series is called: an archive that has not met it has to
// name it. The ID stands in for a series that is gone.
func seriesName(ctx context.Context, db *store.DB, id string) string {
	series, err := db.SeriesByID(ctx, archive.SeriesID(id))
	if err != nil {
		return id
	}
	return series.Name
}

func correctNode(n *yaml.Node, a store.Act) error {
	var c store.Correction
	if err := json.Unmarshal(a.Detail, &c); err != nil {
		return err
	}
	put(n, "correct", text(a.Name))
	put(n, "field", text(c.Field))
	value, err := valueNode(c.Value)
	if err != nil {
		return err
	}
	was, err := valueNode(c.Was)
	put(n, "value", value)
	put(n, "was", was)
	if c.Becomes != "" {
		put(n, "becomes", text(string(c.Becomes)))
	}
	return err
}

// retractNode names what was taken back by where it came from and its bytes:
// its number means nothing elsewhere.
func retractNode(ctx context.Context, db *store.DB, n *yaml.Node, a store.Act) error {
	number, err := strconv.ParseInt(a.Name, 10, 64)
	if err != nil {
		return err
	}
	snap, err := db.Snapshot(ctx, archive.SnapshotID(number))
	if err != nil {
		return err
	}
	address, err := db.SourceOf(ctx, snap.ID)
	put(n, "retract", text(address))
	put(n, "sha256", text(string(snap.Blob)))
	return err
}

func assignNode(n *yaml.Node, a store.Act) error {
	var d struct {
		Credits []store.CreditRef
		Made    bool
	}
	if err := json.Unmarshal(a.Detail, &d); err != nil {
		return err
	}
	put(n, "assign", text(a.Name))
	if d.Made {
		put(n, "new", flag(true))
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, c := range d.Credits {
		one := mapping()
		one.Style = yaml.FlowStyle
		put(one, "talk", text(string(c.Talk)))
		put(one, "name", text(c.Name))
		list.Content = append(list.Content, one)
	}
	put(n, "credits", list)
	return nil
}

// valueNode writes a field's JSON as YAML; its objects keep the order of their fields.
func valueNode(raw json.RawMessage) (*yaml.Node, error) {
	if len(raw) == 0 {
		return text(""), nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return tokenNode(dec)
}

func tokenNode(dec *json.Decoder) (*yaml.Node, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case string:
		return text(v), nil
	case bool:
		return flag(v), nil
	case json.Delim:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		if v == '{' {
			n = mapping()
		}
		for dec.More() {
			child, err := tokenNode(dec)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		if len(n.Content) == 0 {
			n.Style = yaml.FlowStyle
		}
		_, err := dec.Token()
		return n, err
	}
	return nil, fmt.Errorf("a field holds no %v", tok)
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func put(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, text(key), value)
}

// text is tagged as one, so that "09:15", "yes" and "2017-12-06" are quoted
// where another reader of YAML would take them for something else.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	// Blocks are for reading; where spaces or rare characters stand at a
	// block's edge, its reading is a matter of opinion, so those are quoted.
	if strings.Contains(s, "\n") {
		n.Style = yaml.DoubleQuotedStyle
		if s == strings.TrimSpace(s) && !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			n.Style = yaml.LiteralStyle
		}
	}
	return n
}

func flag(b bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(b)}
}
