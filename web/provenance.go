package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/fold"
)

// provenance is where what a page shows came from: its sources, and for each
// field what was read there, how sure the reader was, and who has corrected it.
type provenance struct {
	Sources []sourceLine
	Fields  []provenanceField
	Rest    bool   // there are further fields, of which nothing but the one source is known
	OwnPage string // the thing's own page, "" none
	Suggest string // where to suggest a correction, "" nowhere
}

// sourceLine is a Snapshot: its address, and when it was had.
type sourceLine struct {
	id        archive.SnapshotID
	Number    int // from 1; 0 when it is the only one
	Name, URL string
	Fetched   string
	Seen      string // "" when that is the same day
}

type provenanceField struct {
	Name  string
	Value string // as shown, shortened
	Said  []link // of its origin, in a few words each
}

const quoteLength = 160

// provenanceOf tells where a talk, an edition or a person came from; own is
// its own page as printed.
func (s *Site) provenanceOf(ctx context.Context, l *locale, thing store.Thing, id, own string) (*provenance, error) {
	list, err := s.db.Provenance(ctx, thing, id)
	if err != nil {
		return nil, fmt.Errorf("provenance of %s: %w", id, err)
	}
	out := &provenance{OwnPage: webAddress(own), Suggest: s.suggestURL(id)}
	if out.Sources, err = s.sourceLines(ctx, l, list); err != nil {
		return nil, err
	}
	for _, o := range list {
		f := provenanceField{Name: fieldName(l, o.Field), Value: shorten(l.fieldValue(o.Field, o.Value), quoteLength)}
		switch {
		case o.Corrected():
			f.Said = l.correction(o)
		case o.Snapshot != 0:
			i := slices.IndexFunc(out.Sources, func(line sourceLine) bool { return line.id == o.Snapshot })
			f.Said = l.reading(o, out.Sources[i].Number, out.Sources[i].URL)
		}
		if o.Talk != "" {
			t, err := s.db.TalkByID(ctx, o.Talk)
			if err == nil {
				f.Said = append(f.Said, link{Name: t.Title, URL: talkURL(t.ID)})
			} else if !errors.Is(err, archive.ErrNotFound) {
				return nil, fmt.Errorf("read talk of %s: %w", id, err)
			}
		}
		if len(f.Said) == 0 {
			out.Rest = true
			continue
		}
		out.Fields = append(out.Fields, f)
	}
	if len(out.Sources) == 0 && len(out.Fields) == 0 && out.Suggest == "" {
		return nil, nil
	}
	return out, nil
}

// correction says who corrected a field, and what the source says.
func (l *locale) correction(o store.Origin) []link {
	out := []link{{Name: l.text("from.corrected", o.By, l.instant(o.At))}}
	if o.Why != "" {
		out = append(out, link{Name: "“" + o.Why + "”"})
	}
	if read := l.fieldValue(o.Field, o.Read); read != "" {
		out = append(out, link{Name: l.text("from.read", shorten(read, quoteLength))})
	}
	if o.Disagrees {
		out = append(out, link{Name: l.text("from.disagrees")})
	}
	return out
}

// reading says how a field was read, from the source of an address and a
// number, 0 when there is but one.
func (l *locale) reading(o store.Origin, number int, address string) []link {
	var out []link
	if number > 0 {
		out = append(out, link{Name: l.text("from.source", number)})
	}
	if o.Gone {
		out = append(out, link{Name: l.text("talk.gone.short")})
	}
	if o.Place == nil {
		return out
	}
	if p := o.Place; p.Quote != "" {
		one := link{Name: l.text("from.printed", shorten(p.Quote, quoteLength)), URL: wordsAt(address, p.Quote)}
		if alike(p.Quote, archive.FieldText(o.Field, o.Value)) {
			one.Name = l.text("from.here")
		}
		if one.URL != "" || one.Name != l.text("from.here") {
			out = append(out, one)
		}
	}
	if o.Place.Line > 0 {
		out = append(out, link{Name: l.text("from.line", o.Place.Line)})
	}
	if sure := l.sureness(o.Place.Sure); sure != "" {
		out = append(out, link{Name: sure})
	}
	return out
}

// alike says whether two texts begin with the same words, so that showing both
// says nothing more.
func alike(a, b string) bool {
	key := func(s string) string {
		words := strings.Fields(fold.Text(s))
		return strings.Trim(strings.Join(words[:min(len(words), 8)], " "), "“”\"'.,:;")
	}
	return key(a) == key(b)
}

// fieldValue writes a field as readers read it.
func (l *locale) fieldValue(field string, value json.RawMessage) string {
	text := archive.FieldText(field, value)
	if slices.Contains([]string{"url", "slides", "video", "paper", "related_editions"}, field) {
		var addresses []string
		for one := range strings.SplitSeq(text, "; ") {
			addresses = append(addresses, webAddress(one)) // what a page does not link it does not show
		}
		text = joined("; ", addresses...)
	}
	switch {
	case text == "" || text == "null":
		return ""
	case field == "kind":
		return l.kind(archive.Kind(text))
	case field == "language":
		return l.language(text)
	case field == "date", field == "start_date", field == "end_date":
		if d := l.date(archive.Date(text)); d != "" {
			return d
		}
	}
	return text
}

// sourceLines are the Snapshots that values came from, each once.
func (s *Site) sourceLines(ctx context.Context, l *locale, list []store.Origin) ([]sourceLine, error) {
	var out []sourceLine
	for _, o := range list {
		if o.Snapshot == 0 || slices.ContainsFunc(out, func(line sourceLine) bool { return line.id == o.Snapshot }) {
			continue
		}
		line, err := s.sourceLine(ctx, l, o.Snapshot)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	if len(out) > 1 { // with one there is nothing to tell apart
		for i := range out {
			out[i].Number = i + 1
		}
	}
	return out, nil
}

func (s *Site) sourceLine(ctx context.Context, l *locale, id archive.SnapshotID) (sourceLine, error) {
	snap, err := s.db.Snapshot(ctx, id)
	if err != nil {
		return sourceLine{}, fmt.Errorf("read snapshot %d: %w", id, err)
	}
	out := sourceLine{id: id, URL: webAddress(snap.Address), Name: l.text("talk.source.file"), Fetched: l.instant(snap.Fetched), Seen: l.instant(snap.Seen)}
	if out.URL != "" {
		out.Name = shorten(strings.TrimPrefix(strings.TrimPrefix(out.URL, "https://"), "http://"), 80)
	}
	if out.Seen == out.Fetched {
		out.Seen = ""
	}
	return out, nil
}

// sureness says in a word how sure a reader was; "" when it does not say.
func (l *locale) sureness(sure float64) string {
	switch {
	case sure <= 0:
		return ""
	case sure >= 0.9:
		return l.text("from.sure")
	case sure >= 0.6:
		return l.text("from.fairly")
	}
	return l.text("from.doubtful")
}

// wordsAt is an address that has a browser show the words in the page, as far
// as they still stand there (a text fragment); "" without an address or words.
func wordsAt(address, quote string) string {
	words := strings.Fields(quote)
	if address == "" || len(words) == 0 || strings.Contains(address, "#") {
		return ""
	}
	words = words[:min(len(words), 8)]
	text := strings.ReplaceAll(url.QueryEscape(strings.Join(words, " ")), "+", "%20")
	return address + "#:~:text=" + strings.ReplaceAll(text, "-", "%2D") // a dash has a meaning there
}
