package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonNode is a JSON value that remembers its line. encoding/json alone names
// neither line nor index of what does not fit, and "cannot unmarshal number"
// helps nobody who wrote a programme of 300 lines.
type jsonNode struct {
	kind   jsonKind
	line   int
	text   string
	number float64
	names  []string // of an object's fields, in order; a name given twice stands once
	elems  []*jsonNode
}

type jsonKind int

const (
	jsonNull jsonKind = iota
	jsonFalse
	jsonTrue
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// maxJSONDepth is far above what a programme needs and far below what a stack
// can bear.
const maxJSONDepth = 40

// field returns the value of a field, nil when it is missing or null.
func (n *jsonNode) field(name string) *jsonNode {
	for i, have := range n.names {
		if have == name && n.elems[i].kind != jsonNull {
			return n.elems[i]
		}
	}
	return nil
}

// describe names the value for an error: "a string", "12".
func (n *jsonNode) describe() string {
	switch n.kind {
	case jsonNull:
		return "null"
	case jsonFalse:
		return "false"
	case jsonTrue:
		return "true"
	case jsonNumber:
		return fmt.Sprint(n.number)
	case jsonString:
		return "the string " + n.quote()
	case jsonArray:
		return "a list"
	}
	return "an object"
}

// quote returns the text as it would stand in JSON, cut to a readable length.
func (n *jsonNode) quote() string {
	text := n.text
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return `""`
	}
	return strings.TrimSpace(b.String())
}

// parser reads JSON values and counts lines as it goes.
type parser struct {
	dec  *json.Decoder
	data []byte
	line int
	seen int // bytes whose line ends are counted
}

// parseJSON reads exactly one JSON value.
func parseJSON(data []byte, line int) (*jsonNode, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	p := &parser{dec: json.NewDecoder(bytes.NewReader(data)), data: data, line: line}
	n, err := p.value(0)
	if err == nil {
		_, err = p.dec.Token()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		err = errors.New("more follows after the end of the programme")
	}
	return nil, p.syntax(err)
}

// syntax tells where the text stops being JSON.
func (p *parser) syntax(err error) error {
	why, at := err.Error(), p.dec.InputOffset()
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = bad.Offset
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		why, at = "ends in the middle", int64(len(p.data))
	}
	return &InvalidError{Thing: fmt.Sprintf("line %d", p.lineAt(at)), Why: "not JSON: " + why}
}

func (p *parser) lineAt(offset int64) int {
	end := min(int(offset), len(p.data))
	if end > p.seen {
		p.line += bytes.Count(p.data[p.seen:end], []byte("\n"))
		p.seen = end
	}
	return p.line
}

func (p *parser) value(depth int) (*jsonNode, error) {
	if depth > maxJSONDepth {
		return nil, fmt.Errorf("lists and objects lie deeper than %d in one another", maxJSONDepth)
	}
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &jsonNode{line: p.lineAt(p.dec.InputOffset())}
	switch v := t.(type) {
	case json.Delim:
		if v == '[' {
			return n, p.array(n, depth)
		}
		return n, p.object(n, depth)
	case string:
		n.kind, n.text = jsonString, v
	case float64:
		n.kind, n.number = jsonNumber, v
	case bool:
		n.kind = jsonFalse
		if v {
			n.kind = jsonTrue
		}
	}
	return n, nil
}

func (p *parser) array(n *jsonNode, depth int) error {
	n.kind = jsonArray
	for p.dec.More() {
		e, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.elems = append(n.elems, e)
	}
	_, err := p.dec.Token()
	return err
}

func (p *parser) object(n *jsonNode, depth int) error {
	n.kind = jsonObject
	at := map[string]int{}
	for p.dec.More() {
		t, err := p.dec.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return fmt.Errorf("the name of a field must be a string, not %v", t)
		}
		e, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if i, twice := at[name]; twice {
			n.elems[i] = e // as every other reader of JSON has it: the last counts
			continue
		}
		at[name] = len(n.names)
		n.names, n.elems = append(n.names, name), append(n.elems, e)
	}
	_, err := p.dec.Token()
	return err
}
