package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/htmltext"
)

// scorePieces gives every piece its weights for each label: first from what it
// says, then from what all pieces of its shape say together, which is how a
// page's own template is learned.
func (r *reader) scorePieces() {
	kinds := map[string]map[splitKind]float64{}
	all := map[splitKind]float64{}
	for i := range r.pieces {
		p := &r.pieces[i]
		for _, s := range p.splits {
			if s.score > 0.6 {
				if kinds[p.shape] == nil {
					kinds[p.shape] = map[splitKind]float64{}
				}
				kinds[p.shape][s.kind] += s.score
				all[s.kind] += s.score
			}
		}
	}
	for i := range r.pieces {
		p := &r.pieces[i]
		p.head = bestSplit(p.splits, kinds[p.shape], all)
		r.scorePiece(p)
	}
	r.learnTemplate()
	r.markTurns()
}

// readPeople reads every piece as people, and as title and people, which no
// later step changes.
func (r *reader) readPeople() {
	r.learnNames()
	for i := range r.pieces {
		p := &r.pieces[i]
		p.people = r.vocab.peopleIn(p.text, p.label == cSpeakers || p.label == cModerator)
		r.peopleByStyle(p)
		r.peopleWithSmall(p)
		if p.label == cModerator {
			for k := range p.people.credits {
				p.people.credits[k].Role = "moderator"
			}
		}
		p.splits = r.splits(p)
		if r.titleAfterPeople(p) {
			p.people, p.splits = peopleReading{score: -1}, onlyByStyle(p.splits)
		}
		p.afterPeople = p.inner && i > 0 && r.pieces[i-1].people.score > 0.5 && (r.pieces[i-1].people.labelled || startsSmall(p.text))
	}
}

// markTurns notes where the look of running text changes, and takes away
// labels that cannot be.
func (r *reader) markTurns() {
	last := -1
	for i := range r.pieces {
		p := &r.pieces[i]
		p.forbid()
		if sentenceScore(p.text) < 0.4 {
			continue
		}
		if last >= 0 && last == i-1 {
			p.afterText = -0.6
			if r.pieces[last].shapeEnd() != p.shapeEnd() || r.pieces[last].line.Node != nil && p.line.Node != nil && nodeKey(r.pieces[last].line.Node) != nodeKey(p.line.Node) {
				p.afterText = 0.8
			}
		}
		last = i
	}
}

// peopleByStyle reads a piece as a name and where it belongs that are told apart
// by their look alone ("Jane Doe <small>KTH</small>").
func (r *reader) peopleByStyle(p *piece) {
	groups := styleGroups(p.runs)
	if len(groups) < 2 || len(groups) > 8 || len(p.text) > 300 {
		return
	}
	var parts []string
	for _, g := range groups {
		if g = strings.Trim(g, " ,;:-–—|()"); g != "" {
			parts = append(parts, g)
		}
	}
	if len(parts) != 2 || r.vocab.nameScore(parts[0]) < 0.2 && r.vocab.people(parts[0]).score < 0.4 {
		return
	}
	if strings.ContainsAny(groups[0], ",(") || strings.HasPrefix(strings.TrimSpace(groups[1]), "(") {
		return
	}
	if lex().is(cAnd, fold(strings.Split(strings.TrimSpace(groups[1])+" ", " ")[0])) || strings.HasPrefix(strings.TrimSpace(groups[1]), "&") {
		return
	}
	small := false
	for _, run := range p.runs[1:] {
		small = small || run.Style&htmltext.Small != 0
	}
	if !small && (belongsScore(parts[1]) < 0.35 && !(classed(p, "speaker", "speakers", "author", "presenter", "person") && r.vocab.nameScore(parts[0]) > 0.4) || len(strings.Fields(parts[1])) > 8) || len(strings.Fields(parts[1])) > 12 {
		return
	}
	got := r.vocab.people(parts[0] + " — " + parts[1])
	if got.score > p.people.score || p.people.score < 0.9 && got.score > 0.4 {
		p.people = got
	}
}

// peopleWithSmall reads small print between names, and what is marked as an
// institution, as where they belong.
func (r *reader) peopleWithSmall(p *piece) {
	var b strings.Builder
	n := 0
	for i, run := range p.runs {
		t := strings.TrimSpace(run.Text)
		if (run.Style&htmltext.Small != 0 || marksInstitution(run.Shape)) && i > 0 && t != "" && !strings.ContainsAny(t, "()") {
			if t = strings.Trim(t, " ,;-–—"); t != "" {
				before := strings.TrimRight(b.String(), " ,;-–—")
				b.Reset()
				b.WriteString(before + " (" + t + ") ")
			}
			n++
			continue
		}
		b.WriteString(run.Text)
	}
	if n == 0 || len(p.text) > 400 {
		return
	}
	if got := r.vocab.peopleIn(b.String(), p.people.labelled); got.score > p.people.score-0.2 {
		p.people = got
	}
}

// marksInstitution says whether an inline element is called by a word for where
// somebody belongs.
func marksInstitution(shape string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(shape), func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		switch w {
		case "affiliation", "company", "organization", "organisation", "institution", "employer", "jobtitle", "role":
			return true
		}
	}
	return false
}

// forbid takes away the labels that a piece cannot have: it is no title and
// people in one when it does not split, no people without a name.
func (p *piece) forbid() {
	if p.head == nil {
		p.score[lHead] = -50
	}
	if len(p.people.credits) == 0 {
		p.score[lPeople], p.score[lPeople1], p.score[lPeople3] = -50, -50, -50
	}
	if p.text == "" {
		for _, c := range []label{lTitle, lTitle2, lText, lBio, lAff, lSession, lDay} {
			p.score[c] = -50
		}
	}
}

// startsSmall says whether a text goes on with a sentence.
func startsSmall(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " ,"))
	return unicode.IsLower(first)
}

// learnNames takes down the words of the texts that are surely lists of people,
// once a text, so that who stands in two places is known in both.
func (r *reader) learnNames() {
	if len(r.vocab.names) > 0 || r.off("names") {
		return
	}
	names := map[string]int{}
	for i := range r.pieces {
		p := &r.pieces[i]
		if len(p.text) > 300 {
			if r.vocab.startsWithName(p.text) {
				for _, w := range p.words[:min(len(p.words), 3)] {
					names[w]++
				}
			}
			continue
		}
		r.countPair(p.text)
		texts := []string{p.text}
		for _, m := range parenRE.FindAllStringSubmatch(p.text, 2) {
			texts = append(texts, m[1])
		}
		for _, t := range texts {
			if got := r.vocab.people(t); got.score > 0.45 {
				for _, c := range got.credits {
					for w := range strings.FieldsSeq(fold(c.Name)) {
						names[w]++
					}
				}
			}
		}
	}
	r.vocab.names = names
	r.vocab.pairs = r.pairOrg > 1 && r.pairOrg >= r.pairName
}

// countPair counts the texts of two parts, by whether the second is surely an
// institution or surely a person.
func (r *reader) countPair(text string) {
	for _, m := range parenRE.FindAllStringSubmatch(text, 1) {
		if strings.Count(m[1], ",") == 1 {
			text = m[1]
		}
	}
	a, b, ok := strings.Cut(text, ", ")
	if !ok || strings.Contains(b, ",") || len(text) > 100 || r.vocab.nameScore(a) < 0.3 {
		return
	}
	switch {
	case belongsScore(b) > 0.35:
		r.pairOrg++
	case r.vocab.nameScore(b) > 0.7:
		r.pairName++
	}
}

// bestSplit picks a line's split, those preferred that its likes are split by.
func bestSplit(list []headSplit, shape, all map[splitKind]float64) *headSplit {
	var best *headSplit
	top := -1e9
	sum, sumAll := 0.0, 0.0
	for _, w := range shape {
		sum += w
	}
	for _, w := range all {
		sumAll += w
	}
	for i := range list {
		s := &list[i]
		w := s.score
		if sum > 0 {
			w += 0.8 * shape[s.kind] / sum * min(1, sum/4)
		}
		if sumAll > 0 {
			w += 0.3 * all[s.kind] / sumAll
		}
		if s.kind == splitComma || s.kind == splitSlash || s.kind == splitPeriod {
			w -= 0.5
		}
		if w > top {
			top, best = w, s
		}
	}
	return best
}

// scorePiece weighs a piece by itself: its words first, then how it looks, then
// what it can only be, then what stands around it.
func (r *reader) scorePiece(p *piece) {
	r.scoreWords(p)
	scoreLook(p)
	r.scoreShort(p)
	r.scoreLabelled(p)
	r.scoreClasses(p)
	r.scoreColumn(p)
	r.scoreContainer(p)
	r.scoreFrame(p)
	s := &p.score
	s[lTitle2] = s[lTitle] + 0.1
	s[lPeople1] = s[lPeople]
	s[lPeople3] = s[lPeople]
}

// scoreWords weighs a piece by how its text reads.
func (r *reader) scoreWords(p *piece) {
	s := &p.score
	prose := sentenceScore(p.text)
	s[lOut] = 0
	s[lTitle] = 1.4 * titleScore(p.text)
	s[lText] = 2.4*prose - 0.9
	s[lBio] = 1.9*prose - 1.3 + r.bioScore(p)
	if p.afterPeople {
		s[lBio] += 1.6
	}
	s[lPeople] = 2.2 * p.people.score
	s[lAff] = 1.5*belongsScore(p.text) - 0.7
	s[lSession] = r.sessionScore(p) - 0.4
	s[lDay], s[lLinks], s[lMeta] = -3, -2, -1.5
	s[lHead] = -3
	if p.head != nil {
		s[lHead] = 1.3*p.head.score + 0.1 - 1.5*max(0, prose-0.5)
		if p.people.score > 0.75 && p.head.kind == splitComma {
			s[lHead]--
		}
	}
	if p.head != nil && p.head.score > 1 {
		// The same words say more when read as title and people.
		s[lTitle] -= min(1.4, 1.1*(p.head.score-0.8))
	}
	if p.people.score > 0.5 {
		s[lTitle] -= 0.9 * p.people.score
	}
}

// scoreLook weighs a piece by what sets it off: bold, a heading, a bullet.
func scoreLook(p *piece) {
	s := &p.score
	if bold(p) && utf8.RuneCountInString(p.text) < 200 {
		s[lTitle] += 0.35
		s[lHead] += 0.15
		s[lText] -= 0.5
		s[lSession] += 0.15
	}
	if p.line.Heading > 0 {
		s[lTitle] += 0.4
		s[lHead] += 0.4
		s[lText]--
		s[lSession] += 0.3
		s[lOut] += 0.1
	}
	if p.line.Bullet != "" && !p.inner && p.line.Heading == 0 {
		s[lText] -= 0.6
	}
}

// scoreShort hears what short pieces can only be: a pause, a link to a file, an
// award, an address, a length, a badge, a room.
func (r *reader) scoreShort(p *piece) {
	s := &p.score
	pause := r.pauseKind(p) != ""
	if pause {
		s[lTitle] += 1.6
		s[lPeople] -= 2
		s[lHead] -= 0.8
		s[lSession]--
	}
	if link, share := p.linked(); share > 0.8 && link >= 0 && r.fileLink(link) {
		s[lTitle] += 0.6
	}
	if p.words != nil && lex().has(cAward, p.words) && len(p.words) <= 6 {
		s[lMeta] += 3
	}
	if linksOnly(p, r) {
		s[lLinks] += 5
		s[lTitle] -= 2
		s[lPeople]--
	}
	if isDuration(p.text) {
		s[lMeta] += 5
		s[lTitle] -= 2
	}
	if first, _ := utf8.DecodeRuneInString(p.text); strings.ContainsRune("⁰¹²³⁴⁵⁶⁷⁸⁹", first) {
		// What raised numbers stand for.
		s[lOut] += 5
		s[lTitle] -= 4
		s[lHead] -= 4
		s[lPeople] -= 4
	}
	if bareAddress(p.text) {
		s[lLinks] += 5
		s[lTitle] -= 3
		s[lHead] -= 3
		s[lPeople] -= 3
	}
	if r.isBadge(p) {
		s[lMeta] += 4.5
		s[lTitle] -= 2
		s[lHead] -= 2
		s[lPeople] -= 2
	}
	if !pause && roomLike(p) {
		s[lMeta] += 2
		s[lTitle]--
		s[lSession]--
	}
}

// roomLike says whether a short piece is a room or a track, by what the makers
// of the page called it or by its words.
func roomLike(p *piece) bool {
	if utf8.RuneCountInString(p.text) >= 60 || isDuration(p.text) {
		return false
	}
	return classed(p, "room", "location", "venue", "track", "stage") || lex().is(cRoom, strings.Join(p.words, " "))
}

var addressRE = regexp.MustCompile(`^\W*(https?://|www\.)\S+\W*$`)

// bareAddress says whether a text is nothing but a web address.
func bareAddress(s string) bool { return addressRE.MatchString(s) }

// isBadge says whether a short text stands on the page again and again, as the
// name of a room or a level does.
func (r *reader) isBadge(p *piece) bool {
	if len(p.text) > 40 || r.off("badge") || p.day || p.time != nil {
		return false
	}
	n := r.repeats[fold(p.text)]
	if p.opens && kindPrefix(p.text) {
		return false
	}
	return n >= 4 && r.pauseKind(p) == "" && sessionWords(p.words) < 1 && p.people.score < 0.8
}

// scoreLabelled lets a label before the text decide.
func (r *reader) scoreLabelled(p *piece) {
	s := &p.score
	switch p.expect {
	case cSpeakers, cModerator:
		s[lPeople] += 1.8
		s[lTitle] -= 2
		s[lHead]--
	case cAbstract:
		s[lText] += 1.5
		s[lBio]--
		s[lTitle]--
	case cBio:
		s[lBio] += 2.2
		s[lText] -= 0.5
		s[lTitle]--
	}
	if p.day {
		s[lDay] = 4
		s[lTitle] -= 1
		s[lSession] -= 0.5
	}
	if p.only && !p.day {
		s[lMeta] += 4
		s[lTitle] -= 3
		s[lHead] -= 3
		s[lPeople] -= 3
	}
	var want label
	weight := 4.0
	switch p.label {
	case cAbstract:
		want = lText
	case cBio:
		want = lBio
	case cSpeakers, cModerator:
		want = lPeople
	case cChair, cKeywords, cRoom, cVenue, cTime, cWhen:
		want = lMeta
	case cSlides, cVideo, cPaper:
		want = lLinks
	default:
		return
	}
	if p.bare {
		want = lMeta
		weight = 5
	}
	s[want] += weight
}

// scoreClasses hears what the makers of the page called its parts.
func (r *reader) scoreClasses(p *piece) {
	if r.off("classes") {
		return
	}
	s := &p.score
	words := p.line.Classes
	if k := len(p.runs); k > 0 {
		for _, run := range p.runs {
			if len(run.Text)*2 > len(p.text) && run.Shape != "" {
				words = append(slices.Clone(words), strings.FieldsFunc(strings.ToLower(run.Shape), func(r rune) bool { return r == '.' || r == '-' || r == '_' })...)
			}
		}
	}
	for i, w := range words {
		weight := 1.6
		if i > 3 {
			weight = 0.5
		}
		switch w {
		case "title", "titel", "titulo", "titre", "subject", "headline":
			s[lTitle] += weight
		case "speaker", "speakers", "author", "authors", "presenter", "presenters", "name", "person", "people", "performer", "by":
			s[lPeople] += weight
			s[lTitle] -= 0.3
		case "abstract", "abstracts", "description", "summary", "desc":
			s[lText] += weight
		case "bio", "biography":
			s[lBio] += weight * 1.2
		case "affiliation", "affiliations", "company", "organization", "org", "institution", "role", "job", "position", "jobtitle", "organisation", "employer", "university":
			s[lAff] += weight
		case "room", "location", "venue", "place", "tag", "tags", "level", "keywords", "track":
			s[lMeta] += weight
		case "session":
			s[lSession] += 0.2
		case "links", "resources", "slides", "video":
			s[lLinks] += 0.5
		case "sponsor", "sponsors", "copyright", "social", "breadcrumb", "widget", "cookie", "comment", "comments", "share":
			s[lOut] += 1.5
		}
	}
}

// scoreFrame weighs down what stands in the page's frame.
func (r *reader) scoreFrame(p *piece) {
	if r.off("frame") {
		return
	}
	switch p.line.Zone {
	case htmltext.Nav, htmltext.Footer:
		p.score[lOut] += 4
	case htmltext.Aside:
		p.score[lOut] += 2
	default:
	}
	if p.line.Cell != nil && p.line.Cell.Head {
		if c := p.words; len(c) > 0 && len(c) <= 4 && (lex().is(cColumn, strings.Join(c, " ")) || lex().is(cTime, strings.Join(c, " ")) || lex().is(cSpeakers, strings.Join(c, " ")) || lex().is(cRoom, strings.Join(c, " "))) {
			p.score[lOut] += 4
		}
	}
	if p.outside {
		p.score[lOut] += 2
	}
}

func bold(p *piece) bool {
	n := 0
	for _, r := range p.runs {
		if r.Style&htmltext.Bold != 0 {
			n += len(r.Text)
		}
	}
	return n*2 > len(p.text)
}

// bioScore hears what only a biography says: who somebody is and was.
func (r *reader) bioScore(p *piece) float64 {
	if len(p.text) < 60 || len(p.words) == 0 {
		return -1.5
	}
	score := -0.5
	k := lex().count(cBioWords, p.words)
	score += min(1.6, 14*float64(k)/float64(len(p.words)+20))
	head := p.words[:min(len(p.words), 4)]
	if r.vocab.startsWithName(p.text) {
		score += 0.9
	}
	if lex().is(cBioWords, head[0]) || lex().is(cHonorifics, head[0]) {
		score += 0.4
	}
	return score
}

// startsWithName says whether a text begins with a person ("Jane Doe is …").
func (v *vocabulary) startsWithName(text string) bool {
	f := strings.Fields(strings.TrimLeft(text, "“\"„«' "))
	if len(f) < 4 {
		return false
	}
	for n := min(4, len(f)-1); n >= 2; n-- {
		if strings.HasSuffix(f[n-1], ".") && n > 2 {
			continue
		}
		if v.nameScore(strings.Trim(strings.Join(f[:n], " "), ",")) > 0.6 {
			return true
		}
	}
	return v.names[fold(strings.Trim(f[0], ",'’s"))] > 0 && lex().is(cFirstName, fold(f[0]))
}

// sessionScore says how much a text is the heading of several talks.
func (r *reader) sessionScore(p *piece) float64 {
	if len(p.words) == 0 || len(p.text) > 200 {
		return -2
	}
	score := sessionWords(p.words)
	for _, m := range parenRE.FindAllStringSubmatch(p.text, 3) {
		if w := strings.Fields(fold(m[1])); lex().begins(cChair, w) > 0 {
			score++
		}
	}
	return score
}

// sessionWords says how much words are those of a session's heading.
func sessionWords(w []string) float64 {
	l := lex()
	w = loosenNumbers(w)
	score := -0.3
	switch {
	case l.is(cSession, strings.Join(w, " ")):
		score = 2
	case l.begins(cSession, w) > 0 && len(w) <= 14:
		score = 0.9
		rest := w[l.begins(cSession, w):]
		if len(rest) > 0 && (len(rest[0]) <= 2 || rest[0][0] >= '0' && rest[0][0] <= '9') {
			score = 1.8
		}
	case l.ends(cSession, w) > 0 && len(w) <= 8:
		score = 1
	case l.has(cSession, w) && len(w) <= 8:
		score = 0.3
	case len(w) > 1 && len(w[0]) <= 2 && l.begins(cSession, w[1:]) > 0:
		score = 1.2
	}
	if f := strings.Join(w, " "); l.is(cKeynote, f) || l.is(cInvited, f) || l.is(cLightning, f) || l.is(cPoster, f) || l.is(cTutorial, f) || l.is(cWorkshop, f) {
		score = max(score, 0.8)
	}
	return score
}

// loosenNumbers parts the numbers of sessions from their words: "session2".
func loosenNumbers(w []string) []string {
	var out []string
	for _, x := range w {
		if word := strings.TrimRight(x, "0123456789"); word != "" && len(x)-len(word) <= 2 && len(x) > len(word) && lex().is(cSession, word) {
			out = append(out, word, x[len(word):])
			continue
		}
		out = append(out, x)
	}
	return out
}

// ownMargin tells how sure a piece is of itself: how far its best label is above
// the next one.
func ownMargin(p *piece) float64 {
	best, second := -9.0, -9.0
	for _, c := range []label{lTitle, lPeople, lHead, lText, lMeta, lAff, lSession} {
		switch s := p.score[c]; {
		case s > best:
			best, second = s, best
		case s > second:
			second = s
		}
	}
	return best - second
}

// learnTemplate moves every piece towards what its shape is elsewhere on the page.
func (r *reader) learnTemplate() {
	if r.off("template") {
		return
	}
	sums := r.sumShapes()
	for i := range r.pieces {
		p := &r.pieces[i]
		if t := sums[p.shape]; t != nil && t.n >= 3 && !p.only && !p.day {
			t.pull(p, r.namesItself(p))
		}
	}
}

// namesItself says whether a piece's words tell what it is wherever they stand:
// such a piece teaches nothing about its shape.
func (r *reader) namesItself(p *piece) bool {
	return r.pauseKind(p) != "" || sessionWords(p.words) >= 1.8
}

// shapeSum is what the pieces of one shape add up to.
type shapeSum struct {
	score [labels]float64
	n     float64
}

// bounded keeps one very sure piece from speaking for all of its shape.
func bounded(score float64) float64 { return max(-3, min(3, score)) }

// sumShapes adds up the scores of the pieces of each shape.
func (r *reader) sumShapes() map[string]*shapeSum {
	sums := map[string]*shapeSum{}
	for i := range r.pieces {
		p := &r.pieces[i]
		if p.outside || p.only || p.text == "" || r.namesItself(p) {
			continue
		}
		t := sums[p.shape]
		if t == nil {
			t = &shapeSum{}
			sums[p.shape] = t
		}
		for c := range labels {
			t.score[c] += bounded(p.score[c])
		}
		t.n++
	}
	return sums
}

// pull moves a piece of the shape towards the others. apart says that the piece
// is not among those summed up, and that its words have the last say.
func (t *shapeSum) pull(p *piece, apart bool) {
	weight := 0.9 * min(1, (t.n-1)/5)
	if p.people.labelled && p.people.score > 0.6 {
		weight *= 0.4
	}
	if m := ownMargin(p); t.n >= 4 && (m < 1 || m < 1.8 && len(p.words) <= 3 && strings.Contains(strings.SplitN(p.shape, "<", 2)[0], ".")) {
		// Where the page is of one mind, the single line has less to say.
		weight *= 1 + min(0.7, max(0, t.lead())/2)
	}
	n, own := t.n, 0.0
	if !apart {
		n--
		own = 1
	}
	for c := range labels {
		if apart && (c == lPeople || c == lHead || c == lTitle) {
			continue
		}
		others := (t.score[c] - own*bounded(p.score[c])) / n
		p.score[c] += weight * others
	}
}

// lead tells how far the shape's best label is above the next one, per piece.
func (t *shapeSum) lead() float64 {
	best, second := -9.0, -9.0
	for _, c := range []label{lTitle, lPeople, lHead, lText, lBio, lMeta, lAff, lSession} {
		switch m := t.score[c] / t.n; {
		case m > best:
			best, second = m, best
		case m > second:
			second = m
		}
	}
	return best - second
}

// scoreContainer reads the text at a time that spans those after it as a heading.
func (r *reader) scoreContainer(p *piece) {
	if p.slot < 0 || !r.slots[p.slot].container || r.off("container") {
		return
	}
	p.score[lSession] += 2.5
	p.score[lTitle] -= 1
	p.score[lHead] -= 0.5
	p.score[lPeople1]--
}
