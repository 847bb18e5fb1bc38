package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"rostrum/archive"
)

// locale is one language of the interface: its words, and how it writes dates
// and numbers. The archive's own content is never translated; it carries its
// own lang attribute.
//
// The words stand in messages/TAG.json: a key and a text with fmt verbs, or an
// object of plural forms chosen by the first argument. Every file has the same
// keys; a test holds that, and that each key a template asks for is there.
type locale struct {
	tag     language.Tag
	printer *message.Printer
	texts   map[string]bool   // the keys that exist
	plain   map[string]string // the words for those without places for others
	months  []string          // January is 0
	names   display.Namer     // names of languages, in this language
}

// locales holds every language of the interface, the first being the one to
// fall back on.
type locales struct {
	all     []*locale
	matcher language.Matcher
}

// cookieLanguage remembers a visitor's choice of language, the one thing this
// site asks a browser to keep.
const cookieLanguage = "ui"

func loadLocales(files fs.FS) (*locales, error) {
	names, err := fs.Glob(files, "messages/*.json")
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	// English first, since the matcher falls back on its first language.
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strings.Replace(a, "/en.", "/ .", 1), strings.Replace(b, "/en.", "/ .", 1))
	})
	out := &locales{}
	var tags []language.Tag
	for _, name := range names {
		l, err := loadLocale(files, name)
		if err != nil {
			return nil, fmt.Errorf("read messages %s: %w", name, err)
		}
		out.all = append(out.all, l)
		tags = append(tags, l.tag)
	}
	out.matcher = language.NewMatcher(tags)
	return out, nil
}

func loadLocale(files fs.FS, name string) (*locale, error) {
	tag, err := language.Parse(strings.TrimSuffix(path.Base(name), ".json"))
	if err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	var texts map[string]any
	if err := json.Unmarshal(b, &texts); err != nil {
		return nil, err
	}
	build := catalog.NewBuilder(catalog.Fallback(tag))
	l := &locale{tag: tag, texts: map[string]bool{}, plain: map[string]string{}, names: display.Languages(tag)}
	for key, text := range texts {
		l.texts[key] = true
		switch text := text.(type) {
		case string:
			err = build.SetString(tag, key, text)
			if !strings.Contains(text, "%") {
				l.plain[key] = text
			}
		case map[string]any:
			one, _ := text["one"].(string)
			other, _ := text["other"].(string)
			if one == "" || other == "" {
				return nil, fmt.Errorf("%s: plural needs one and other", key)
			}
			err = build.Set(tag, key, plural.Selectf(1, "%d", plural.One, one, plural.Other, other))
		default:
			return nil, fmt.Errorf("%s: neither a text nor plural forms", key)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	l.printer = message.NewPrinter(tag, message.Catalog(build))
	l.months = strings.Fields(l.text("months"))
	if len(l.months) != 12 {
		return nil, fmt.Errorf("months: %d of them", len(l.months))
	}
	return l, nil
}

// pick returns the language for a request: the one chosen with ?ui=, else the
// one remembered, else what the browser prefers.
func (ls *locales) pick(r *http.Request) (l *locale, chosen bool) {
	if tag := r.URL.Query().Get(cookieLanguage); tag != "" {
		if l := ls.named(tag); l != nil {
			return l, true
		}
	}
	if c, err := r.Cookie(cookieLanguage); err == nil {
		if l := ls.named(c.Value); l != nil {
			return l, false
		}
	}
	header := r.Header.Get("Accept-Language")
	if len(header) > 200 { // a browser sends far less; parsing is not free
		header = ""
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ls.all[0], false
	}
	_, i, _ := ls.matcher.Match(tags...)
	return ls.all[i], false
}

func (ls *locales) named(tag string) *locale {
	for _, l := range ls.all {
		if l.tag.String() == tag {
			return l
		}
	}
	return nil
}

// text returns the words for a key. A key that does not exist shows itself,
// which a test sees before a visitor does.
func (l *locale) text(key string, args ...any) string {
	if text, ok := l.plain[key]; ok && len(args) == 0 {
		return text
	}
	return l.printer.Sprintf(key, args...)
}

// html is text whose words hold markup of our own; its arguments are escaped
// unless they are markup already.
func (l *locale) html(key string, args ...any) template.HTML {
	safe := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case template.HTML:
			safe[i] = string(a)
		case string:
			safe[i] = template.HTMLEscapeString(a)
		default:
			safe[i] = a
		}
	}
	return template.HTML(l.text(key, safe...)) //nolint:gosec // the words are the program's own, the arguments escaped above
}

// number writes n as the language does, "21,715" or "21 715".
func (l *locale) number(n int) string {
	if 0 <= n && n < 1000 { // nothing to group
		return strconv.Itoa(n)
	}
	return l.printer.Sprint(n)
}

// kind returns the word for a kind of talk.
func (l *locale) kind(k archive.Kind) string {
	if !k.Valid() {
		k = archive.KindOther
	}
	return l.text("kind." + string(k))
}

// language returns the name of a BCP 47 language, or the tag itself when it has none here.
func (l *locale) language(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := l.names.Name(t); name != "" {
		return name
	}
	return tag
}

// date writes a day in words, "6 December 2017"; "" for a day that is unknown.
func (l *locale) date(d archive.Date) string {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s %d", t.Day(), l.months[t.Month()-1], t.Year())
}

// instant writes the day of a moment.
func (l *locale) instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.date(archive.Date(t.UTC().Format(time.DateOnly)))
}

// weekday returns the name of the day's weekday, "" when the day is unknown.
func (l *locale) weekday(d archive.Date) string {
	t := d.Time()
	if t.IsZero() {
		return ""
	}
	return l.text("weekday." + strconv.Itoa(int(t.Weekday())))
}

// dates writes a span of days as short as it goes: "4–6 December 2017".
func (l *locale) dates(from, to archive.Date) string {
	a, b := from.Time(), to.Time()
	switch {
	case a.IsZero():
		return l.date(to)
	case b.IsZero() || !b.After(a):
		return l.date(from)
	case a.Year() == b.Year() && a.Month() == b.Month():
		return fmt.Sprintf("%d–%s", a.Day(), l.date(to))
	case a.Year() == b.Year():
		return fmt.Sprintf("%d %s – %s", a.Day(), l.months[a.Month()-1], l.date(to))
	}
	return l.date(from) + " – " + l.date(to)
}

// years writes a span of years, "2009–2017"; "" when none is known.
func years(from, to int) string {
	switch {
	case from == 0 && to == 0:
		return ""
	case from == 0 || from == to:
		return strconv.Itoa(to)
	case to == 0:
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}
