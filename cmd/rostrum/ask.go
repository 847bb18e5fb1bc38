package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"
)

// What commands ask of the site goes to the server of the data folder, since
// the index can have one owner only; where none runs, to a site of their own.

// holding says who serves the data folder; the zero value when nobody does. It
// waits for nobody and writes nothing.
func (a *app) holding() (who holder, held bool) {
	f, err := os.Open(filepath.Join(a.data, "index.lock"))
	if err != nil {
		return holder{}, false
	}
	defer f.Close()
	if ok, err := tryLock(f); ok || err != nil {
		return holder{}, false // closing the file lets the lock go
	}
	return readHolder(f), true
}

// ask gets a path of the site: from the server that has the data folder, or
// from a site of our own that is never heard outside.
func (a *app) ask(ctx context.Context, path string) ([]byte, error) {
	h, who, err := a.openHouse(ctx, a.logger())
	if errors.Is(err, errHeld) && who.Address != "" {
		return askServer(ctx, who, path)
	}
	if errors.Is(err, errHeld) {
		return nil, hint(err, "wait until it is done")
	}
	if err != nil {
		return nil, err
	}
	_, err = h.index.CatchUp(ctx)
	var body []byte
	if err == nil {
		body, err = h.ask(ctx, path)
	}
	return body, errors.Join(err, h.close())
}

// askReady is ask for what is only pleasant to know: without a server or an
// index that is there already and free the answer is nil.
func (a *app) askReady(ctx context.Context, path string) ([]byte, error) {
	who, held := a.holding()
	if held && who.Address == "" {
		return nil, nil
	}
	if held {
		body, err := askServer(ctx, who, path)
		return body, unlessNothing(err)
	}
	var body []byte
	_, err := os.Stat(a.indexDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var h *house
	if h, _, err = a.openHouse(ctx, a.logger()); err == nil {
		body, err = h.ask(ctx, path)
		err = errors.Join(unlessNothing(err), h.close())
	}
	return body, unlessNothing(err)
}

// unlessNothing forgives that there is nothing to know, or nobody free to ask.
func unlessNothing(err error) error {
	if errors.Is(err, errNothing) || errors.Is(err, errHeld) {
		return nil
	}
	return err
}

func (h *house) ask(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	// Nobody serves the pages, so their addresses begin with the path.
	req.Host = "nobody.rostrum.invalid"
	answer := httptest.NewRecorder()
	h.site.Handler().ServeHTTP(answer, req)
	text, err := body(answer.Code, answer.Body)
	return bytes.ReplaceAll(text, []byte("http://"+req.Host), nil), err
}

// askServer asks the server of the data folder.
func askServer(ctx context.Context, who holder, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, who.Address+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := (&http.Transport{Proxy: nil}).RoundTrip(req)
	if err != nil {
		return nil, hint(fmt.Errorf("the server at %s (process %d) does not answer: %w", who.Address, who.PID, err), "stop it, and search again")
	}
	defer answer.Body.Close()
	return body(answer.StatusCode, answer.Body)
}

// errNothing is what the site answers of a thing that it does not know.
var errNothing = errors.New("the site knows nothing of it")

// body reads an answer; what the API says of an error is the error.
func body(status int, from io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, 64<<20))
	if err != nil {
		return nil, err
	}
	if status == http.StatusOK {
		return text, nil
	}
	if status == http.StatusNotFound {
		return nil, errNothing
	}
	var told struct {
		Error   any    `json:"error"`
		Message string `json:"message"`
	}
	if json.Unmarshal(text, &told) == nil {
		if s, ok := told.Error.(string); ok && s != "" {
			return nil, errors.New(s)
		}
		if told.Message != "" {
			return nil, errors.New(told.Message)
		}
	}
	return nil, fmt.Errorf("the search answers %d %s", status, http.StatusText(status))
}
