package htmltext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLines(t *testing.T) {
	tests := map[string]struct {
		doc  *Doc
		want []string
	}{
		"breaks and blocks": {FromHTML([]byte("<p>One <b>two</b><br>three<div>four</div>five")), []string{"One two", "three", "four", "five"}},
		"cells":             {FromHTML([]byte("<table><tr><td>9:00<td>A talk</table>")), []string{"9:00", "A talk"}},
		"no eye sees":       {FromHTML([]byte("<p>a\u200bb<script>x</script><!-- y --><span class=sr-only>z</span>")), []string{"ab"}},
		"frames":            {FromHTML([]byte("<frameset><noframes><body><p>Programme</noframes></frameset>")), []string{"Programme"}},
		"classes touching":  {FromHTML([]byte("<p><span class=t>A title</span><span class=s>Jane</span>")), []string{"A title", "Jane"}},
		"text":              {FromText("Head\n====\n• one\n- two\n\nthree"), []string{"Head", "one", "two", "three"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, l := range tt.doc.Lines {
				got = append(got, l.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCells(t *testing.T) {
	d := FromHTML([]byte("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>"))
	var got [][2]int
	for _, l := range d.Lines {
		got = append(got, [2]int{l.Cell.Row, l.Cell.Col})
	}
	if diff := cmp.Diff([][2]int{{0, 0}, {0, 1}, {1, 1}, {1, 2}}, got); diff != "" {
		t.Error(diff)
	}
}
