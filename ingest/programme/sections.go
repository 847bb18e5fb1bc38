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
	texts   []passage
	bios    []passage
	named   []int // pieces that name people
	inBio   bool  // what follows is about the person
	prose   bool  // running text has been read: the next name begins another topic
}

// sections goes through the page outside its timetable, one topic at a time.
type sections struct {
	r       *reader
	items   []archive.Item
	byTitle map[string]int   // items by folded title
	byName  map[string][]int // items by the folded names of who gives them
	cur     *topic           // nil between topics
}

// joinSections reads the parts of the page outside its timetable (abstracts,
// speakers) and joins what they tell to the items, by title or by name.
func (r *reader) joinSections(items []archive.Item) {
	if len(r.slots) == 0 || r.off("sections") {
		return
	}
	s := r.newSections(items)
	for i := range r.pieces {
		p := &r.pieces[i]
		if !p.outside || p.line.Zone == htmltext.Nav || p.line.Zone == htmltext.Footer {
			s.flush()
			continue
		}
		if item, names := s.namedIn(p); item >= 0 || len(names) > 0 {
			s.name(i, item, names)
		} else if s.cur != nil {
			s.tell(i, p)
		}
	}
	s.flush()
}

// newSections indexes the items by what a section may name them with.
func (r *reader) newSections(items []archive.Item) *sections {
	s := &sections{r: r, items: items, byTitle: map[string]int{}, byName: map[string][]int{}}
	r.titles, r.titleWords = make([]string, len(items)), map[string][]int{}
	for i := range items {
		r.titles[i] = fold(items[i].Title)
		for w := range strings.FieldsSeq(r.titles[i]) {
			r.titleWords[w] = appendInt(r.titleWords[w], i)
		}
		s.byTitle[r.titles[i]] = i
		for _, c := range items[i].Speakers {
			s.byName[fold(c.Name)] = append(s.byName[fold(c.Name)], i)
		}
	}
	return s
}

// flush ends the topic at hand and joins it to its items.
func (s *sections) flush() {
	if s.cur != nil {
		s.join(s.cur)
	}
	s.cur = nil
}

// name takes a piece that names an item or people: it begins a topic or says
// more of what the topic at hand is about.
func (s *sections) name(i, item int, names []string) {
	p := &s.r.pieces[i]
	if s.cur != nil && s.turns(p, item, names) {
		s.flush()
	}
	if s.cur == nil {
		s.cur = &topic{item: -1, heading: p.line.Heading}
	}
	cur := s.cur
	if item >= 0 {
		cur.item = item
		s.r.joinLinks(&s.items[item], p, s.r.from[item])
	}
	cur.people = append(cur.people, names...)
	if len(names) > 0 {
		cur.named = append(cur.named, i)
		cur.inBio = cur.inBio || cur.prose
	}
}

// turns says whether a piece that names an item or people begins another topic
// than the one at hand.
func (s *sections) turns(p *piece, item int, names []string) bool {
	cur := s.cur
	otherItem := item >= 0 && cur.item >= 0 && item != cur.item
	otherPeople := cur.item < 0 && item < 0 && len(cur.people) > 0 && p.boundary >= 2
	if !cur.prose && !otherItem && !otherPeople {
		return false
	}
	// The speaker's name below an abstract goes on with the talk.
	ownSpeaker := item < 0 && cur.item >= 0 && s.r.speaksOf(s.items, cur.item, names)
	return !ownSpeaker || s.r.sameLook(p, cur)
}

// tell takes a piece that names nobody: the end of the topic, a label before
// its parts, or a text about the item or the person.
func (s *sections) tell(i int, p *piece) {
	cur := s.cur
	if p.line.Heading > 0 && p.label == "" && (cur.heading == 0 || p.line.Heading <= cur.heading) || p.line.Rule && cur.prose && cur.heading == 0 {
		s.flush()
		return
	}
	if p.bare {
		cur.inBio = p.label == cBio || cur.inBio && p.label != cAbstract
		return
	}
	if cur.item >= 0 {
		s.r.joinLinks(&s.items[cur.item], p, s.r.from[cur.item])
	}
	if len(p.text) < 40 || sentenceScore(p.text) < 0.4 && p.label != cAbstract && p.label != cBio {
		return
	}
	cur.prose = true
	if s.aboutPerson(p) {
		cur.bios = append(cur.bios, passage{p.text, i})
		cur.inBio = true
		return
	}
	cur.texts = append(cur.texts, passage{p.text, i})
}

// aboutPerson says whether a text of the topic at hand is a life rather than an
// abstract: by its label, by where it stands, by how it reads.
func (s *sections) aboutPerson(p *piece) bool {
	switch {
	case p.label == cBio:
		return true
	case p.label == cAbstract:
		return false
	case s.cur.inBio:
		return true
	case s.cur.item < 0 && (s.r.bioScore(p) > 0.1 || len(s.cur.texts) > 0):
		return true
	}
	return len(s.cur.texts) > 0 && s.r.bioScore(p)+p.afterText > 1.1
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
func (s *sections) namedIn(p *piece) (item int, names []string) {
	if len(p.text) > 260 || len(p.words) == 0 || p.only {
		return -1, nil
	}
	f := strings.Join(p.words, " ")
	if k, ok := s.byTitle[f]; ok && len(f) > 5 && s.items[k].Given() {
		return k, nil
	}
	if sentenceScore(p.text) > 0.35 && p.line.Heading == 0 {
		return -1, nil
	}
	return s.titledLike(p, f), s.namesIn(p, f)
}

// titledLike finds the item whose title is most like a piece's words f, or -1.
func (s *sections) titledLike(p *piece, f string) int {
	item, top := -1, 0.82
	for _, k := range s.r.sharing(p.words) {
		if !s.items[k].Given() || len(s.items[k].Title) < 10 {
			continue
		}
		t := s.r.titles[k]
		score := alike(f, t)
		if p.head != nil {
			score = max(score, alike(fold(p.head.title), t))
		}
		if len(t) > 14 && len(f) < len(t)+90 && strings.Contains(f, t) {
			score = max(score, 0.9)
		}
		if score > top {
			item, top = k, score
		}
	}
	return item
}

// namesIn lists who of the timetable's people a piece with the words f names,
// folded: as people, behind a title, or at its beginning.
func (s *sections) namesIn(p *piece, f string) []string {
	var names []string
	if p.people.score > -0.2 {
		names = s.known(p.people.credits)
	}
	if len(names) == 0 && p.head != nil {
		names = s.known(p.head.people.credits)
	}
	if len(names) == 0 && len(p.text) < 120 {
		for n := range s.byName {
			if len(n) > 6 && strings.Contains(" "+f+" ", " "+n+" ") && strings.HasPrefix(f, n) {
				names = append(names, n)
			}
		}
		slices.Sort(names) // a reading is the same each time, a map's order is not
	}
	return names
}

// known gives the folded names of those whom the timetable names too.
func (s *sections) known(credits []archive.Credit) []string {
	var names []string
	for _, c := range credits {
		if n := fold(c.Name); len(s.byName[n]) > 0 {
			names = append(names, n)
		}
	}
	return names
}

// joinAffiliations gives people where they belong, where the timetable did not.
func (s *sections) joinAffiliations(i int) {
	p := &s.r.pieces[i]
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
		for _, k := range s.byName[fold(c.Name)] {
			speakers := s.items[k].Speakers
			for j := range speakers {
				if have := &speakers[j]; fold(have.Name) == fold(c.Name) && have.Affiliation == "" {
					have.Affiliation = c.Affiliation
					s.r.from[k][inCredit(j, "affiliation")] = at(i)
				}
			}
		}
	}
}

// join gives what a topic tells to the items it is about.
func (s *sections) join(t *topic) {
	if t.item >= 0 || len(t.texts)+len(t.bios) > 0 {
		for _, i := range t.named {
			s.joinAffiliations(i)
		}
	}
	item := t.item
	if item < 0 && len(t.people) > 0 && len(t.texts) > 0 {
		item = s.itemOfPeople(t)
	}
	if item >= 0 && s.items[item].Abstract == "" && len(t.texts) > 0 {
		s.items[item].Abstract = trimQuotes(joinTexts(t.texts))
		s.r.from[item]["abstract"] = at(t.texts[0].piece)
	}
	if len(t.bios) > 0 {
		s.joinBios(t, item)
	}
}

// itemOfPeople finds the one item that a topic with texts but no title is about,
// through its people, or -1. Where there is no such item and nothing was taken
// for a life, the texts are the life.
func (s *sections) itemOfPeople(t *topic) int {
	var only []int
	for _, n := range t.people {
		for _, k := range s.byName[n] {
			only = appendInt(only, k)
		}
	}
	if len(only) > 1 {
		only = slices.DeleteFunc(only, func(k int) bool {
			return len(s.items[k].Speakers) > 2 || s.items[k].Kind == archive.KindPanel
		})
	}
	switch {
	case len(only) == 1 && s.items[only[0]].Abstract == "" && (len(t.bios) > 0 || !s.r.bioSection(t)):
		return only[0]
	case len(t.bios) == 0:
		t.texts, t.bios = nil, t.texts
	}
	return -1
}

// joinBios gives a topic's lives to the item's speakers, or to its people
// wherever they speak; what the timetable told of them stays.
func (s *sections) joinBios(t *topic, item int) {
	if item >= 0 && len(s.items[item].Speakers) > 0 {
		if slices.ContainsFunc(s.items[item].Speakers, func(c archive.Credit) bool { return c.Bio != "" }) {
			return
		}
		d := draft{item: s.items[item], bios: eachOnce(t.bios), from: s.r.from[item]}
		s.r.placeBios(&d)
		return
	}
	bio := trimQuotes(joinTexts(t.bios))
	for _, n := range t.people {
		for _, k := range s.byName[n] {
			speakers := s.items[k].Speakers
			for j := range speakers {
				if c := &speakers[j]; fold(c.Name) == n && c.Bio == "" {
					c.Bio = bio
					s.r.from[k][inCredit(j, "bio")] = at(t.bios[0].piece)
				}
			}
		}
	}
}

// bioSection says whether a topic's texts read like a life after all.
func (r *reader) bioSection(t *topic) bool {
	p := piece{text: t.texts[0].words, words: strings.Fields(fold(t.texts[0].words))}
	return r.bioScore(&p) > -0.1
}

func appendInt(list []int, n int) []int {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}
