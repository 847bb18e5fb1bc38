package archive

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// listFields are the fields of talks and editions that hold several values.
func listFields() []string {
	return []string{"speakers", "topics", "slides", "video", "paper", "organizers", "related_editions"}
}

// FieldIsList says whether a field holds several values.
func FieldIsList(field string) bool { return slices.Contains(listFields(), field) }

// maxFieldText is the longest text of a field that a person may type, in
// bytes: ten times the longest abstract of any programme.
const maxFieldText = 50_000

var affiliationRE = regexp.MustCompile(`^(.*\S)\s*\(([^()]*)\)$`)

// FieldFromText makes the JSON of a field out of what a person types. Lists
// are parted by semicolons or line ends, speakers are written "Ada Qvist
// (Lake Institute); Bo Ek"; whoever is in known keeps what is not typed anew:
// role, biography, address, and the affiliation where no parentheses stand
// ("Bo Ek ()" has none any more). A text that begins with "[" is the list as
// Programme JSON has it. An *InvalidError says what is wrong; whether the
// value holds is for CorrectItem and its like to say.
func FieldFromText(field, text string, known []Credit) (json.RawMessage, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) > maxFieldText {
		return nil, &InvalidError{Thing: field, Why: "the text is longer than a field can be"}
	}
	switch {
	case field == "veiled":
		return veiledFromText(text)
	case FieldIsList(field) && strings.HasPrefix(text, "["):
		if !json.Valid([]byte(text)) {
			return nil, &InvalidError{Thing: field, Why: "it begins like a list in JSON and is none", Hint: `write "One; Two", or ["One", "Two"]`}
		}
		return json.RawMessage(text), nil
	case field == "speakers":
		list := []Credit{}
		for _, part := range parts(text) {
			list = append(list, creditFromText(part, known))
		}
		return json.Marshal(list)
	case FieldIsList(field):
		return json.Marshal(parts(text))
	case field == "abstract" || field == "bio":
		return json.Marshal(strings.ReplaceAll(text, "\r\n", "\n"))
	}
	return json.Marshal(strings.Join(strings.Fields(text), " "))
}

func veiledFromText(text string) (json.RawMessage, error) {
	switch strings.ToLower(text) {
	case "true", "yes":
		return json.RawMessage("true"), nil
	case "false", "no":
		return json.RawMessage("false"), nil
	}
	return nil, &InvalidError{Thing: "veiled", Why: "neither true nor false"}
}

func parts(text string) []string {
	list := []string{}
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			list = append(list, p)
		}
	}
	return list
}

func creditFromText(text string, known []Credit) Credit {
	c := Credit{Name: text}
	m := affiliationRE.FindStringSubmatch(text)
	if m != nil {
		c.Name, c.Affiliation = m[1], strings.TrimSpace(m[2])
	}
	for _, k := range known {
		if NameKey(k.Name) != NameKey(c.Name) {
			continue
		}
		c.Role, c.Bio, c.URL = k.Role, k.Bio, k.URL
		if m == nil {
			c.Affiliation = k.Affiliation
		}
		break
	}
	return c
}

// FieldText writes a field's JSON for people to read: a list parted by
// semicolons, speakers with their affiliations. JSON of another form comes
// back as it is.
func FieldText(field string, value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	if field == "speakers" {
		var list []Credit
		if json.Unmarshal(value, &list) == nil {
			return CreditsText(list)
		}
	}
	var list []string
	if json.Unmarshal(value, &list) == nil {
		return strings.Join(list, "; ")
	}
	return string(value)
}

// CreditsText writes credits as FieldFromText reads them.
func CreditsText(list []Credit) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name
		if c.Affiliation != "" {
			names[i] += " (" + c.Affiliation + ")"
		}
	}
	return strings.Join(names, "; ")
}
