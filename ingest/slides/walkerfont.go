package slides

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

// walkerFont turns the codes of a string into text and widths.
type walkerFont struct {
	wide     bool             // codes of two bytes, else of one
	unicode  bool             // the codes are UTF-16
	text     map[int]string   // by code
	widths   map[int]float64  // in parts of the size
	fallback float64          // width of the others
	measured bool             // there are widths at all
	byName   func(int) string // text of a code of one byte that text has not
}

// glyph is one code of a string.
type glyph struct {
	text     string
	width    float64 // in parts of the size
	space    bool    // the code 32 of one byte, which word spacing applies to
	measured bool
}

// maxFontCodes bounds what is taken from a font's tables.
const maxFontCodes = 70_000

func (w *walk) font(v pdf.Value) *walkerFont {
	if v.IsNull() {
		return nil
	}
	key := v.String()
	if f, ok := w.fonts[key]; ok {
		return f
	}
	f := newWalkerFont(v)
	w.fonts[key] = f
	return f
}

func newWalkerFont(v pdf.Value) *walkerFont {
	f := &walkerFont{text: map[int]string{}, widths: map[int]float64{}, fallback: 0.5}
	switch v.Key("Subtype").Name() {
	case "Type0":
		f.wide = true
		name := v.Key("Encoding").Name()
		f.unicode = strings.Contains(name, "UCS2") || strings.Contains(name, "UTF16")
		f.wideWidths(v.Key("DescendantFonts").Index(0))
	default:
		f.narrow(v)
	}
	if table := v.Key("ToUnicode"); table.Kind() == pdf.Stream {
		// A broken table gives what it gave up to the break.
		_ = shielded(func() error {
			f.readTable(table, v)
			return nil
		})
	}
	return f
}

func (f *walkerFont) glyphs(raw string) []glyph {
	step := 1
	if f.wide {
		step = 2
	}
	out := make([]glyph, 0, len(raw)/step)
	for i := 0; i+step <= len(raw); i += step {
		code := int(raw[i])
		if f.wide {
			code = code<<8 | int(raw[i+1])
		}
		width, ok := f.widths[code]
		if !ok {
			width = f.fallback
		}
		out = append(out, glyph{text: f.decode(code), width: width, space: !f.wide && code == ' ', measured: f.measured})
	}
	return out
}

func (f *walkerFont) decode(code int) string {
	if s, ok := f.text[code]; ok {
		return s
	}
	switch {
	case f.unicode:
		return string(rune(code))
	case f.byName != nil:
		s := f.byName(code)
		f.text[code] = s
		return s
	}
	return string(unicode.ReplacementChar)
}

// narrow sets up a font of one-byte codes.
func (f *walkerFont) narrow(v pdf.Value) {
	unit := 0.001
	if v.Key("Subtype").Name() == "Type3" {
		if m, ok := matrixOf(v.Key("FontMatrix")); ok && m[0] > 0 {
			unit = m[0]
		}
	}
	if missing := v.Key("FontDescriptor").Key("MissingWidth").Float64(); missing > 0 {
		f.fallback = missing * unit
	}
	first, widths := int(v.Key("FirstChar").Int64()), v.Key("Widths")
	for i := range min(widths.Len(), 256) {
		f.widths[first+i] = widths.Index(i).Float64() * unit
	}
	f.measured = widths.Len() > 0
	encoding := v.Key("Encoding")
	names := map[int]string{}
	differences := encoding.Key("Differences")
	for i, code := 0, 0; i < min(differences.Len(), 1024); i++ {
		switch x := differences.Index(i); x.Kind() {
		case pdf.Integer:
			code = int(x.Int64())
		case pdf.Name:
			names[code] = x.Name()
			code++
		default:
		}
	}
	base := encoding.Name()
	if base == "" {
		base = encoding.Key("BaseEncoding").Name()
	}
	listed := (&pdf.Font{V: v}).Encoder()
	f.byName = func(code int) string {
		if name := names[code]; name != "" {
			if s := glyphText(name); s != "" {
				return s
			}
			// The Adobe Glyph List, which the parser has but keeps to itself, and which
			// answers with the code where it knows no better.
			if s := listed.Decode(string([]byte{byte(code)})); s != string(rune(code)) {
				return s
			}
		}
		return baseText(code, base)
	}
}

// baseText gives the text of a code in the base encoding.
func baseText(code int, base string) string {
	page := charmap.Windows1252
	if base == "MacRomanEncoding" {
		page = charmap.Macintosh
	}
	return string(page.DecodeByte(byte(code)))
}

// glyphText gives the text that a glyph's name spells out, after the rules of the
// Adobe Glyph List: "uni00E9", "u1F600", "f_i", "a.alt". It is "" when the name is a
// word for a character or says nothing.
func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".")
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		switch {
		case strings.HasPrefix(part, "uni") && len(part) >= 7 && len(part)%4 == 3 && isHex(part[3:7]):
			for i := 3; i+4 <= len(part); i += 4 {
				if n, err := strconv.ParseUint(part[i:i+4], 16, 16); err == nil {
					b.WriteRune(rune(n))
				}
			}
		case len(part) >= 5 && part[0] == 'u' && isHex(part[1:]):
			if n, err := strconv.ParseUint(part[1:], 16, 21); err == nil {
				b.WriteRune(rune(n))
			}
		case len(part) == 1:
			b.WriteString(part)
		default:
			b.WriteString(ligatures[part])
		}
	}
	return b.String()
}

func isHex(s string) bool {
	_, err := strconv.ParseUint(s, 16, 32)
	return err == nil
}

// ligatures are names that stand for several letters; undone they can be searched.
var ligatures = map[string]string{"ff": "ff", "fi": "fi", "fl": "fl", "ffi": "ffi", "ffl": "ffl"}

// wideWidths reads the widths of a font of two-byte codes.
func (f *walkerFont) wideWidths(v pdf.Value) {
	f.fallback, f.measured = 1, true
	if w := v.Key("DW"); !w.IsNull() {
		f.fallback = w.Float64() / 1000
	}
	table := v.Key("W")
	for i := 0; i+1 < table.Len() && len(f.widths) < maxFontCodes; {
		from, second := int(table.Index(i).Int64()), table.Index(i+1)
		if second.Kind() == pdf.Array {
			for k := range min(second.Len(), maxFontCodes) {
				f.widths[from+k] = second.Index(k).Float64() / 1000
			}
			i += 2
			continue
		}
		width := table.Index(i+2).Float64() / 1000
		for code := from; code <= int(second.Int64()) && len(f.widths) < maxFontCodes; code++ {
			f.widths[code] = width
		}
		i += 3
	}
}

// readTable reads a ToUnicode table: the operators bfchar and bfrange.
// Some dictionary must stand for the resource that a table begins with asking for, and
// take its definitions: the font's own does, which is parsed anew whenever it is asked for.
func (f *walkerFont) readTable(table, font pdf.Value) {
	steps := 0
	pdf.Interpret(table, func(stack *pdf.Stack, op string) {
		if steps++; steps > maxFontCodes {
			panic(errEnough)
		}
		args := operands(stack)
		switch op {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				f.set(codeOf(args[i]), args[i+1].RawString(), 0)
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				f.setRange(codeOf(args[i]), codeOf(args[i+1]), args[i+2])
			}
		case "findresource":
			stack.Push(font)
		}
	})
}

func codeOf(v pdf.Value) int {
	code := 0
	for _, b := range []byte(v.RawString()) {
		if code > maxFontCodes {
			break
		}
		code = code<<8 | int(b)
	}
	return code
}

// set sets the text of a code, given as UTF-16, whose last unit counts on by so many.
func (f *walkerFont) set(code int, to string, after int) {
	if len(f.text) >= maxFontCodes || len(to) > 64 {
		return
	}
	units := make([]uint16, 0, len(to)/2)
	for i := 0; i+1 < len(to); i += 2 {
		units = append(units, uint16(to[i])<<8|uint16(to[i+1]))
	}
	if len(units) == 0 {
		return
	}
	units[len(units)-1] += uint16(after)
	f.text[code] = string(utf16.Decode(units))
}

func (f *walkerFont) setRange(from, to int, target pdf.Value) {
	for i := range min(to-from+1, maxFontCodes) {
		if target.Kind() == pdf.Array {
			f.set(from+i, target.Index(i).RawString(), 0)
			continue
		}
		f.set(from+i, target.RawString(), i)
	}
}
