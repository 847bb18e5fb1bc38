package search

import "slices"

// asked is the words of a query as they were spelled, for comparing them with
// titles and names: who knows a talk remembers those.
type asked struct {
	words []askedWord
	worth float32 // of all of them
}

// askedWord is a word as it was asked.
type askedWord struct {
	key   uint32 // its wordKey
	worth float32
	term  *term // nil when it was left out for saying little
	at    int   // of term among the query's
}

// asked gathers the words as they were asked; none where nothing was.
func (r *run) asked() asked {
	a := asked{words: make([]askedWord, 0, len(r.plan.spelled))}
	for i, word := range r.plan.spelled {
		w := askedWord{key: wordKey(word.word), worth: 1} // of a common word
		if w.at = slices.Index(r.plan.wished, word.slot); w.at >= 0 {
			w.term = &r.terms[w.at]
			w.worth = max(w.term.idf, 1)
		}
		if slices.ContainsFunc(r.plan.spelled[:i], func(o spelledWord) bool { return o.word == word.word }) {
			w.worth = 0 // counted before
		}
		a.words = append(a.words, w)
		a.worth += w.worth
	}
	return a
}

// titled returns by how much a talk's score grows because its title and people
// say what was asked, as it was spelled. Of two titles that do, that one comes first
// of which it is more: who remembers words of a title remembers the rare ones, and
// means hardly one that has rarer words still. Of a few words each is meant: a title
// that says most of them counts less where the talk has the others nowhere, so that
// one that has them all may come first.
func (r *run) titled(one ranked, a *asked) float32 {
	w, c := &r.view.weights, r.view.columns
	title := c.title(one.ord)
	have, named, share, lacks, n := float32(0), float32(0), float32(0), float32(0), 0
	for i := range a.words {
		word := &a.words[i]
		if word.worth == 0 {
			continue
		}
		switch in := word.where(one); {
		case in.has(inTitle) && slices.Contains(title, word.key):
			have += word.worth
			share += c.titles.of(word.key)
			n++
		case in.has(inSpeaker) && slices.Contains(c.names(one.ord), word.key):
			named += word.worth
		case len(a.words) < nearFrom && word.lackedBy(one.ord):
			lacks += word.worth
		}
	}
	if have+named == 0 {
		return 1
	}
	part := (have + named) / a.worth
	most := part * part * part // little for who asks a question of which a title has some words
	bonus := w.titled * most
	if have > 0 {
		bonus += w.whole * most * share / c.titled[one.ord]
	}
	if n > 1 && a.inOrder(title) {
		bonus += w.ordered
	}
	return 1 + bonus*(1-lacks/a.worth)
}

// lackedBy says whether a talk has the word nowhere, though some talk has it: what is
// mistyped is lacked by none.
func (w *askedWord) lackedBy(ord uint32) bool {
	if w.term == nil || w.term.n == 0 {
		return false
	}
	m, _ := w.term.entry(ord)
	return m == nil
}

// where says which of title and names may have the word.
func (w *askedWord) where(one ranked) fieldMask {
	switch {
	case w.term == nil:
		return 1<<inTitle | 1<<inSpeaker
	case w.at < maxNamed:
		return one.named.of(w.at)
	}
	at, ok := w.term.index(one.ord)
	if !ok {
		return 0
	}
	return w.term.fields[at]
}

// inOrder says whether a title has all that was asked, in that order.
func (a *asked) inOrder(title []uint32) bool {
	for ; len(title) >= len(a.words); title = title[1:] {
		same := 0
		for same < len(a.words) && title[same] == a.words[same].key {
			same++
		}
		if same == len(a.words) {
			return true
		}
	}
	return false
}
