package score

// Weight is a scored field and how much its F1 counts in the overall figure.
type Weight struct {
	Field  string
	Weight float64
}

// Weights returns the fields in the order in which they are shown.
func Weights() []Weight {
	return []Weight{
		{"item", 3},
		{"talk_or_not", 1},
		{"kind", 0.5},
		{"speakers", 3},
		{"affiliation", 1},
		{"date", 1},
		{"start", 1.5},
		{"end", 1},
		{"abstract", 2},
		{"bio", 0.5},
		{"slides", 2},
		{"video", 1},
		{"paper", 0.5},
		{"room", 0.25},
		{"track", 0.25},
		{"edition.title", 1},
		{"edition.dates", 1},
		{"edition.place", 0.5},
		{"edition.language", 0.25},
		{"edition.organizers", 0.5},
		{"edition.topics", 0.5},
		{"edition.related", 0.5},
	}
}

// Count is what became of one field's values. Halves occur where an answer is
// nearly right.
type Count struct {
	Hit, Missed, Extra float64
}

// Figures returns precision, recall and F1, each 0 where it cannot be told.
func (c Count) Figures() (precision, recall, f1 float64) {
	if c.Hit == 0 {
		return 0, 0, 0
	}
	precision = c.Hit / (c.Hit + c.Extra)
	recall = c.Hit / (c.Hit + c.Missed)
	return precision, recall, 2 * precision * recall / (precision + recall)
}

// Tally is the count of each field over one or more pages. The zero value is
// not ready for use: make one with make(Tally).
type Tally map[string]Count

func (t Tally) add(field string, hit, missed, extra float64) {
	c := t[field]
	t[field] = Count{Hit: c.Hit + hit, Missed: c.Missed + missed, Extra: c.Extra + extra}
}

// one counts a field with one value.
func (t Tally) one(field string, want, got string, same bool) {
	if want != "" && got != "" && same {
		t.add(field, 1, 0, 0)
		return
	}
	t.add(field, 0, given(want), given(got))
}

// many counts a field that is a set of values, already in the form in which
// they are compared.
func (t Tally) many(field string, want, got []string) {
	wanted, had := set(want), set(got)
	hit := 0.0
	for v := range wanted {
		if had[v] {
			hit++
		}
	}
	t.add(field, hit, float64(len(wanted))-hit, float64(len(had))-hit)
}

// Fields returns the fields that were counted, in the order of Weights.
func (t Tally) Fields() []string {
	var out []string
	for _, w := range Weights() {
		if t[w.Field] != (Count{}) {
			out = append(out, w.Field)
		}
	}
	return out
}

// Overall returns the weighted mean of the F1 of all counted fields, 0 when
// nothing was counted.
func (t Tally) Overall() float64 {
	var sum, total float64
	for _, w := range Weights() {
		if t[w.Field] == (Count{}) {
			continue
		}
		_, _, f1 := t[w.Field].Figures()
		sum += w.Weight * f1
		total += w.Weight
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

func given(s string) float64 {
	if s == "" {
		return 0
	}
	return 1
}

func set(values []string) map[string]bool {
	m := make(map[string]bool, len(values))
	for _, v := range values {
		m[v] = true
	}
	return m
}
