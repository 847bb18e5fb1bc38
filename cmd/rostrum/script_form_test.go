package main

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/rogpeppe/go-internal/testscript"
)

// cookies holds, in a script's environment, the cookies of its one browser.
type cookies struct{}

// formCommand is form PATH ACTION [STATUS] [FIELD=VALUE…]: opens a page of
// $SERVER as a browser would that keeps cookies, fills in the form with this
// action, sends it, follows where it leads and prints both pages.
// The page that the form comes back with must have STATUS, else 200.
func formCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: form PATH ACTION [STATUS] [FIELD=VALUE…]")
	}
	server, want := ts.Getenv("SERVER"), "200"
	client := &http.Client{Jar: ts.Value(cookies{}).(*cookiejar.Jar)}
	var page *http.Response
	var doc *goquery.Document
	var form *goquery.Selection
	for try := 0; ; try++ {
		var err error
		page, err = client.Get(server + args[0])
		ts.Check(err)
		doc, err = goquery.NewDocumentFromReader(page.Body)
		ts.Check(err)
		ts.Check(page.Body.Close())
		form = doc.Find("form").FilterFunction(func(_ int, f *goquery.Selection) bool { return f.AttrOr("action", "") == args[1] }).First()
		// A page that says when to look again has something under way.
		if form.Length() > 0 || page.Header.Get("Refresh") == "" || try > 300 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if form.Length() == 0 {
		ts.Fatalf("%s (%d) has no form for %s:\n%s", args[0], page.StatusCode, args[1], doc.Find("main").Text())
	}
	fmt.Fprintln(ts.Stdout(), strings.Join(strings.Fields(doc.Find("main").Text()), " "))
	values := url.Values{}
	form.Find("input[name], textarea[name]").Each(func(_ int, f *goquery.Selection) {
		if kind := f.AttrOr("type", "text"); kind != "checkbox" && kind != "radio" {
			values.Add(f.AttrOr("name", ""), f.AttrOr("value", strings.TrimPrefix(f.Text(), "\n")))
		}
	})
	form.Find("select[name]").Each(func(_ int, f *goquery.Selection) {
		values.Set(f.AttrOr("name", ""), f.Find("option[selected]").AttrOr("value", ""))
	})
	for _, arg := range args[2:] {
		name, value, typed := strings.Cut(arg, "=")
		if !typed {
			want = arg
			continue
		}
		values.Set(name, value)
	}
	var body bytes.Buffer
	sent := "application/x-www-form-urlencoded"
	if form.AttrOr("enctype", "") == "multipart/form-data" {
		sent = multipartForm(ts, &body, values)
	} else {
		body.WriteString(values.Encode())
	}
	answer, err := client.Post(server+args[1], sent, &body)
	ts.Check(err)
	defer answer.Body.Close()
	told, err := goquery.NewDocumentFromReader(answer.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n", answer.Request.URL.RequestURI(), strings.Join(strings.Fields(told.Find("main").Text()), " "))
	if strconv.Itoa(answer.StatusCode) != want {
		ts.Fatalf("%s: %d, want %s", args[1], answer.StatusCode, want)
	}
}

// multipartForm writes a form with files, which are given as FIELD=@NAME, and
// returns its media type.
func multipartForm(ts *testscript.TestScript, body *bytes.Buffer, values url.Values) string {
	w := multipart.NewWriter(body)
	for field, list := range values {
		for _, value := range list {
			name, isFile := strings.CutPrefix(value, "@")
			if !isFile {
				ts.Check(w.WriteField(field, value))
				continue
			}
			part, err := w.CreateFormFile(field, name)
			ts.Check(err)
			_, err = io.WriteString(part, ts.ReadFile(name))
			ts.Check(err)
		}
	}
	ts.Check(w.Close())
	return w.FormDataContentType()
}

// linkCommand is link PERSON: has a private link made, and opens it in the
// script's browser.
func linkCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: link PERSON")
	}
	server := ts.Getenv("SERVER")
	ts.Check(ts.Exec("rostrum", "person", "link", args[0], "--base-url", server))
	address, _, _ := strings.Cut(ts.ReadFile("stdout"), "\n")
	client := &http.Client{Jar: ts.Value(cookies{}).(*cookiejar.Jar)}
	page, err := client.Get(address)
	ts.Check(err)
	ts.Check(page.Body.Close())
	if page.StatusCode != http.StatusOK || page.Request.URL.Path != "/mine" {
		ts.Fatalf("%s: %d at %s", address, page.StatusCode, page.Request.URL)
	}
}
