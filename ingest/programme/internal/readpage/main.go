// Command readpage prints what the reader sees.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"rostrum/ingest/programme"
)

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	p, err := programme.Read(programme.Page{Bytes: b, URL: os.Args[2]})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	_ = e.Encode(p)
}
