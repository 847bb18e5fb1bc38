package main

import (
	"encoding/json"
	"fmt"
)

// printJSON writes one value for programs as one line. The style of all of it
// is told by "rostrum help json"; a test holds every command to it.
func (a *app) printJSON(v any) {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false) // it goes to a program, not into a page
	if err := enc.Encode(v); err != nil {
		fmt.Fprintf(a.err, "rostrum: error: %v\n", err)
	}
}
