package search

import (
	"slices"
	"testing"

	"rostrum/archive"
)

// TestLanguages asks, in each language, for another form of a word than the
// talk has, beside talks in all other languages and without saying which.
func TestLanguages(t *testing.T) {
	feed := &memory{}
	type example struct{ lang, title, abstract, query string }
	examples := []example{
		{"en", "Measuring engines", "The bridges were measured while the engines ran.", "bridge measure"},
		{"sv", "Mätningar på broar", "Vi mätte broarna medan maskinerna gick i hamnen.", "bron maskin"},
		{"de", "Brücken im Winter", "Die Häuser und Brücken wurden im Winter vermessen.", "brücke haus"},
		{"fr", "Les ponts", "Nous avons mesuré les ponts pendant que les machines tournaient à l'usine.", "pont mesurer usine"},
		{"es", "Los puentes", "Medimos los puentes y las canciones mientras funcionaban las máquinas.", "puente cancion"},
		{"pt", "As pontes", "Medimos as estações e as pontes durante as transmissões.", "ponte transmissao"},
		{"it", "I ponti", "Abbiamo misurato i ponti mentre le macchine lavoravano nelle fabbriche.", "ponte fabbrica"},
		{"nl", "Bruggen meten", "Wij maten de bruggen terwijl de fabrieken werkten, en schreven op wat wij zagen.", "brug fabriek"},
		{"pl", "Mosty zimą", "Mierzyliśmy mosty i fabryki podczas pracy maszyn.", "mostów fabryka"},
		{"ru", "Измерение мостов", "Мы измеряли мосты, пока работали машины на заводах.", "мост завод"},
		{"el", "Μετρήσεις γεφυρών", "Μετρήσαμε τις γέφυρες ενώ δούλευαν οι μηχανές.", "γέφυρα μηχανή"},
		{"ja", "橋の測定", "機械が動いている間に橋を測定しました。", "測定 機械"},
		{"zh", "桥梁测量", "我们在机器运转时测量了桥梁。", "测量 机器"},
		{"ko", "다리 측정", "기계가 작동하는 동안 다리를 측정했습니다.", "측정 기계"},
	}
	for _, given := range []bool{true, false} {
		for _, x := range examples {
			e := archive.Entry{SeriesName: "Words", EditionTitle: "Words", EditionYear: 2020}
			e.ID, e.Kind, e.Title, e.Abstract = archive.TalkID("words/2020/"+x.lang), archive.KindTalk, x.title, x.abstract
			if given {
				e.Language = x.lang
			}
			feed.put(e)
		}
		ix := open(t, feed)
		for _, x := range examples {
			res := ask(t, ix, Request{Query: Parse(x.query)})
			ids := []archive.TalkID{}
			for _, h := range res.Hits {
				ids = append(ids, h.Talk)
			}
			if res.Instead != nil || slices.Index(ids, archive.TalkID("words/2020/"+x.lang)) != 0 {
				t.Errorf("language given %v: %s %q found %v (instead %v)", given, x.lang, x.query, ids, res.Instead)
			}
		}
	}
}
