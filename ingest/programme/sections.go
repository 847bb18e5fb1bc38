package programme

import (
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// topic is a stretch outside the timetable that tells of certain items and
// people: below a title or a name that the timetable has too.
type topic struct {
	item    int      // -1 when none is named
	people  []string // folded names
	heading int      // the level of its heading, 0 when it is none
	texts   []string
	bios    []string
	named   []int // pieces that name people
}

// joinSections reads the parts of the page outside its timetable (abstracts,
// speakers) and joins what they tell to the items, by title or by name.
func (r *reader) joinSections(items []archive.Item) {
	if len(r.slots) == 0 || r.off("sections") {
		return
	}
	byTitle, byName := map[string]int{}, map[string][]int{}
	r.titles, r.titleWords = make([]string, len(items)), map[string][]int{}
	for i := range items {
		r.titles[i] = fold(items[i].Title)
		for w := range strings.FieldsSeq(r.titles[i]) {
			r.titleWords[w] = appendInt(r.titleWords[w], i)
		}
		byTitle[r.titles[i]] = i
		for _, c := range items[i].Speakers {
			byName[fold(c.Name)] = append(byName[fold(c.Name)], i)
		}
	}
	var cur *topic
	inBio, prose := false, false
	flush := func() {
		if cur != nil {
			r.joinTopic(items, cur, byName)
		}
		cur, inBio, prose = nil, false, false
	}
	for i := range r.pieces {
		p := &r.pieces[i]
		if !p.outside || p.line.Zone == htmltext.Nav || p.line.Zone == htmltext.Footer {
			flush()
			continue
		}
		item, names := r.namedIn(p, items, byTitle, byName)
		if item >= 0 || len(names) > 0 {
			if cur != nil && (prose || item >= 0 && cur.item >= 0 && item != cur.item || cur.item < 0 && item < 0 && len(cur.people) > 0 && p.boundary >= 2) {
				if !(item < 0 && cur.item >= 0 && r.speaksOf(items, cur.item, names) && !r.sameLook(p, cur)) {
					flush()
				}
			}
			if cur == nil {
				cur = &topic{item: -1, heading: p.line.Heading}
			}
			if item >= 0 {
				cur.item = item
			}
			cur.people = append(cur.people, names...)
			if prose && len(names) > 0 {
				inBio = true
			}
			if len(names) > 0 {
				cur.named = append(cur.named, i)
			}
			if item >= 0 {
				r.joinPieceLinks(&items[item], p)
			}
			continue
		}
		if cur == nil {
			continue
		}
		if p.line.Heading > 0 && p.label == "" && (cur.heading == 0 || p.line.Heading <= cur.heading) || p.line.Rule && prose && cur.heading == 0 {
			flush()
			continue
		}
		if p.bare {
			inBio = p.label == cBio || inBio && p.label != cAbstract
			continue
		}
		if cur.item >= 0 {
			r.joinPieceLinks(&items[cur.item], p)
		}
		if len(p.text) < 40 || sentenceScore(p.text) < 0.4 && p.label != cAbstract && p.label != cBio {
			continue
		}
		prose = true
		switch {
		case p.label == cBio, p.label != cAbstract && inBio, p.label != cAbstract && cur.item < 0 && (r.bioScore(p) > 0.1 || len(cur.texts) > 0), p.label != cAbstract && len(cur.texts) > 0 && r.bioScore(p)+p.afterText > 1.1:
			cur.bios = append(cur.bios, p.text)
			inBio = true
		default:
			cur.texts = append(cur.texts, p.text)
		}
	}
	flush()
}

// sameLook says whether a piece is a heading like the one its topic began with.
func (r *reader) sameLook(p *piece, cur *topic) bool {
	return cur.heading > 0 && p.line.Heading > 0 && p.line.Heading <= cur.heading
}

func (r *reader) speaksOf(items []archive.Item, item int, names []string) bool {
	for _, c := range items[item].Speakers {
		for _, n := range names {
			if fold(c.Name) == n {
				return true
			}
		}
	}
	return false
}

// sharing lists the items whose titles share a telling word with a text.
func (r *reader) sharing(words []string) []int {
	var out []int
	for _, w := range words {
		if list := r.titleWords[w]; len(list) > 0 && len(list) < 30 && (len(w) > 3 || len(list) < 4) {
			for _, k := range list {
				out = appendInt(out, k)
			}
		}
		if len(out) > 60 {
			break
		}
	}
	return out
}

// namedIn finds the item or the people that a short piece names.
func (r *reader) namedIn(p *piece, items []archive.Item, byTitle map[string]int, byName map[string][]int) (item int, names []string) {
	item = -1
	if len(p.text) > 260 || len(p.words) == 0 || p.only {
		return item, nil
	}
	f := strings.Join(p.words, " ")
	if k, ok := byTitle[f]; ok && len(f) > 5 && items[k].Given() {
		return k, nil
	}
	if sentenceScore(p.text) > 0.35 && p.line.Heading == 0 {
		return item, nil
	}
	top := 0.82
	for _, k := range r.sharing(p.words) {
		if !items[k].Given() || len(items[k].Title) < 10 {
			continue
		}
		t := r.titles[k]
		s := alike(f, t)
		if p.head != nil {
			s = max(s, alike(fold(p.head.title), t))
		}
		if len(t) > 14 && len(f) < len(t)+90 && strings.Contains(f, t) {
			s = max(s, 0.9)
		}
		if s > top {
			item, top = k, s
		}
	}
	for _, c := range p.people.credits {
		if n := fold(c.Name); len(byName[n]) > 0 && p.people.score > -0.2 {
			names = append(names, n)
		}
	}
	if len(names) == 0 && p.head != nil {
		for _, c := range p.head.people.credits {
			if n := fold(c.Name); len(byName[n]) > 0 {
				names = append(names, n)
			}
		}
	}
	if len(names) == 0 && len(p.text) < 120 {
		for n := range byName {
			if len(n) > 6 && strings.Contains(" "+f+" ", " "+n+" ") && strings.HasPrefix(f, n) {
				names = append(names, n)
			}
		}
	}
	return item, names
}

// joinAffiliations gives people where they belong, where the timetable did not.
func (r *reader) joinAffiliations(items []archive.Item, p *piece, byName map[string][]int) {
	list := p.people.credits
	if p.head != nil && p.people.score < 0.3 {
		list = p.head.people.credits
	}
	if len(list) > 1 {
		return
	}
	for _, c := range list {
		if c.Affiliation == "" {
			continue
		}
		for _, k := range byName[fold(c.Name)] {
			for s := range items[k].Speakers {
				if have := &items[k].Speakers[s]; fold(have.Name) == fold(c.Name) && have.Affiliation == "" {
					have.Affiliation = c.Affiliation
				}
			}
		}
	}
}

func (r *reader) joinPieceLinks(it *archive.Item, p *piece) { r.joinLinks(it, p) }

// joinTopic gives what a topic tells to the items it is about.
func (r *reader) joinTopic(items []archive.Item, t *topic, byName map[string][]int) {
	item := t.item
	if item >= 0 || len(t.texts)+len(t.bios) > 0 {
		for _, i := range t.named {
			r.joinAffiliations(items, &r.pieces[i], byName)
		}
	}
	if item < 0 && len(t.people) > 0 && len(t.texts) > 0 {
		var only []int
		for _, n := range t.people {
			for _, k := range byName[n] {
				only = appendInt(only, k)
			}
		}
		if len(only) > 1 {
			var own []int
			for _, k := range only {
				if len(items[k].Speakers) <= 2 && items[k].Kind != archive.KindPanel {
					own = append(own, k)
				}
			}
			only = own
		}
		switch {
		case len(only) == 1 && items[only[0]].Abstract == "" && (len(t.bios) > 0 || !r.bioSection(t)):
			item = only[0]
		case len(t.bios) == 0:
			t.texts, t.bios = nil, t.texts
		}
	}
	if item >= 0 && items[item].Abstract == "" && len(t.texts) > 0 {
		items[item].Abstract = trimQuotes(strings.Join(dedupe(t.texts), "\n\n"))
	}
	if len(t.bios) == 0 {
		return
	}
	if item >= 0 && len(items[item].Speakers) > 0 {
		for k := range items[item].Speakers {
			if items[item].Speakers[k].Bio != "" {
				return
			}
		}
		d := draft{item: items[item], bios: dedupe(t.bios)}
		r.placeBios(&d)
		return
	}
	for _, n := range t.people {
		for _, k := range byName[n] {
			for s := range items[k].Speakers {
				if c := &items[k].Speakers[s]; fold(c.Name) == n && c.Bio == "" {
					c.Bio = trimQuotes(strings.Join(dedupe(t.bios), "\n\n"))
				}
			}
		}
	}
}

// bioSection says whether a topic's texts read like a life after all.
func (r *reader) bioSection(t *topic) bool {
	p := piece{text: t.texts[0], words: strings.Fields(fold(t.texts[0]))}
	return r.bioScore(&p) > -0.1
}

func appendInt(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}
