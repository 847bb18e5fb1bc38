package programme

import (
	"encoding/json"
	"strings"

	"rostrum/internal/htmltext"
)

// witness is what a page's machine-readable hints say of the edition. It is
// heard, not believed: templates are copied, and their data with them.
type witness struct {
	Name, StartDate, EndDate string
	Venue, City, Country     string
	hint                     *htmltext.Hint // that it was read from
}

// hearWitnesses reads JSON-LD events.
func (r *reader) hearWitnesses() {
	for i, hint := range r.doc.JSONLD {
		body := hint.Content
		if i >= 8 || len(body) > 1<<20 {
			break
		}
		var v any
		if json.Unmarshal([]byte(body), &v) != nil {
			continue
		}
		if w, ok := findEvent(v, 0); ok {
			w.hint = &r.doc.JSONLD[i]
			r.witness = w
			return
		}
	}
}

func findEvent(v any, depth int) (witness, bool) {
	if depth > 6 {
		return witness{}, false
	}
	switch t := v.(type) {
	case []any:
		for _, e := range t[:min(len(t), 200)] {
			if w, ok := findEvent(e, depth+1); ok {
				return w, true
			}
		}
	case map[string]any:
		if kind := text(t["@type"]); strings.HasSuffix(kind, "Event") {
			w := witness{Name: text(t["name"]), StartDate: text(t["startDate"]), EndDate: text(t["endDate"])}
			w.place(t["location"])
			return w, w.Name != ""
		}
		return findEvent(t["@graph"], depth+1)
	}
	return witness{}, false
}

func (w *witness) place(v any) {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	w.Venue = text(m["name"])
	if a, ok := m["address"].(map[string]any); ok {
		w.City, w.Country = text(a["addressLocality"]), text(a["addressCountry"])
		if c, ok := a["addressCountry"].(map[string]any); ok {
			w.Country = text(c["name"])
		}
	}
}

func text(v any) string {
	switch t := v.(type) {
	case string:
		return cut(htmltext.Collapse(t), 200)
	case []any:
		if len(t) > 0 {
			return text(t[0])
		}
	}
	return ""
}
