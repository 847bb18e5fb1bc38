// Command explainpage prints what each part of a page was taken for.
package main

import (
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
	_, _ = programme.Explain(programme.Page{Bytes: b, URL: os.Args[2]}).WriteTo(os.Stdout)
}
