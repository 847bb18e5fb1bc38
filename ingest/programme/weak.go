package programme

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rostrum/archive"
)

// livesAmongTexts moves the texts of an item that tell a speaker's life to the
// lives: they begin with the speaker's own name, have the words of a biography
// and none that speak of a talk.
func (r *reader) livesAmongTexts(d *draft) {
	d.texts = slices.DeleteFunc(d.texts, func(t passage) bool {
		if !r.tellsLife(d, t.words) {
			return false
		}
		d.bios = append(d.bios, t)
		return true
	})
}

func (r *reader) tellsLife(d *draft, text string) bool {
	words := strings.Fields(fold(text))
	p := piece{text: text, words: words}
	f := strings.Join(words, " ")
	for _, c := range d.item.Speakers {
		if n := fold(c.Name); strings.Contains(n, " ") && strings.HasPrefix(f, n+" ") {
			return r.bioScore(&p) > 0.7 && !lex().has(cOfTalk, words)
		}
	}
	return false
}

// doubtTalks looks again at the items that nothing but their place calls talks:
// where the others at a time have people, one without people, text or files is
// rather a gathering. Its words say of which kind.
func doubtTalks(items []archive.Item) {
	given, bare := 0, 0
	for i := range items {
		switch it := &items[i]; {
		case it.Kind == archive.KindTalk && it.Start != "" && len(it.Speakers) > 0:
			given++
		case bareTalk(it):
			bare++
		}
	}
	if given < 3 || bare*3 > given*2 {
		return
	}
	for i := range items {
		if it := &items[i]; bareTalk(it) {
			it.Kind = gatheringKind(strings.Fields(fold(it.Title)))
		}
	}
}

// bareTalk says whether a timed talk has nothing that a talk has but a title,
// and that a short one without a bracket, which might name who gives it.
func bareTalk(it *archive.Item) bool {
	if len(strings.Fields(it.Title)) > 7 || bracketEndRE.MatchString(it.Title) {
		return false
	}
	return it.Kind == archive.KindTalk && it.Start != "" && len(it.Speakers) == 0 && it.Abstract == "" && it.URL == "" &&
		!it.SlidesMarked && len(it.Slides)+len(it.Video)+len(it.Paper) == 0
}

func gatheringKind(words []string) archive.Kind {
	switch l := lex(); {
	case l.has(cSocial, words):
		return archive.KindSocial
	case l.has(cDiscussion, words) || l.has(cGroup, words):
		return archive.KindDiscussion
	}
	return archive.KindOther
}

// titleAfterPeople says whether a piece is people ended by a period and, in
// another look, a sentence of more than a name: "Jane Doe. <i>On lanterns.</i>".
// The whole is then no list of people, however many names it has.
func (r *reader) titleAfterPeople(p *piece) bool {
	groups := styleGroups(p.runs)
	if len(groups) < 2 || len(p.text) > 400 || p.people.labelled {
		return false
	}
	people, title := strings.TrimSpace(groups[0]), strings.TrimSpace(strings.Join(groups[1:], ""))
	words := strings.Fields(people)
	if !strings.HasSuffix(people, ".") || !strings.HasSuffix(title, ".") || len(words) < 2 || utf8.RuneCountInString(words[len(words)-1]) < 4 || len(strings.Fields(title)) < 2 {
		return false
	}
	return r.vocab.people(people).score > 0.4 && r.vocab.people(title).score < 0.4 && titleScore(title) > 0.2 && (belongsScore(title) < 0.3 || len(strings.Fields(title)) > 4)
}

// onlyByStyle keeps of the ways to split such a piece the one where its look
// changes, and weighs it as what it surely is.
func onlyByStyle(list []headSplit) []headSplit {
	for _, h := range list {
		if h.kind == splitStyle && h.first {
			h.score = 1.6*h.people.score + titleScore(h.title) - 0.2
			return []headSplit{h}
		}
	}
	return list
}
