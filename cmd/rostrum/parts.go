package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
	"rostrum/ingest"
	"rostrum/ingest/fetch"
	"rostrum/ingest/slides"
	"rostrum/web"
)

// The data folder's parts. archive.db and blobs are the truth and belong to
// the store; the others may be thrown away.
func (a *app) indexDir() string { return filepath.Join(a.data, "index") }
func (a *app) cacheDir() string { return filepath.Join(a.data, "cache") }

// openStore opens the data folder and makes it when it is missing.
func (a *app) openStore(ctx context.Context) (*store.DB, error) {
	db, err := store.Open(ctx, a.data)
	if err != nil {
		return nil, err
	}
	return db, nil
}

// holdsArchive says whether the data folder holds an archive.
func (a *app) holdsArchive() bool {
	_, err := os.Stat(filepath.Join(a.data, "archive.db"))
	return err == nil
}

// openExisting opens the data folder only if it holds an archive: who searches
// an empty folder has most likely mistyped its name.
func (a *app) openExisting(ctx context.Context) (*store.DB, error) {
	if err := a.mustHold(); err != nil {
		return nil, err
	}
	return a.openStore(ctx)
}

// mustHold is an error unless the data folder holds an archive.
func (a *app) mustHold() error {
	if a.holdsArchive() {
		return nil
	}
	return hint(fmt.Errorf("there is no archive in %s", a.data), "rostrum add SOURCE makes one; --data or ROSTRUM_DATA names another folder")
}

// newPool makes the workers that read decks.
func (a *app) newPool() (*slides.Pool, error) {
	return slides.NewPool(slides.Config{CacheDir: filepath.Join(a.cacheDir(), "slides")})
}

// readingPool makes workers for a command that keeps nothing: what the engine
// compiles once lies in the data folder if there is one, else with the user's
// other caches.
func (a *app) readingPool() (*slides.Pool, error) {
	if a.holdsArchive() {
		return a.newPool()
	}
	caches, err := os.UserCacheDir()
	if err != nil {
		caches = os.TempDir()
	}
	return slides.NewPool(slides.Config{CacheDir: filepath.Join(caches, "rostrum", "slides")})
}

// newFetch makes the client that asks the web.
func newFetch(allowPrivate bool) *fetch.Client {
	return fetch.New(fetch.Config{UserAgent: "Rostrum/" + version() + " (talk archive)", AllowPrivate: allowPrivate})
}

// house is an archive opened for showing: the store, the index that follows
// it, and the site over both.
type house struct {
	db    *store.DB
	index *search.Index
	pool  *slides.Pool
	site  *web.Site
	fetch *fetch.Client
	lock  *indexLock
}

// openHouse opens everything. When a server has the index already, the error
// Is errHeld and holder says who.
func (a *app) openHouse(ctx context.Context, log *slog.Logger) (h *house, who holder, err error) {
	h = &house{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
			h = nil
		}
	}()
	if h.db, err = a.openExisting(ctx); err != nil {
		return h, who, err
	}
	if h.lock, who, err = lockIndex(ctx, a.data); err != nil {
		return h, who, err
	}
	if h.index, err = search.Open(ctx, a.indexDir(), h.db); err != nil {
		return h, who, err
	}
	if h.pool, err = a.newPool(); err != nil {
		return h, who, err
	}
	h.fetch = newFetch(false)
	h.site = web.New(web.Config{
		DB: h.db, Index: h.index, Log: log, Now: a.now, Version: version(), Organizers: a.organizersFile(), BaseURL: a.baseURL, Forget: a.forgetPictures,
		Intake: &deskIntake{
			in:      ingest.New(ingest.Config{DB: h.db, Fetch: h.fetch, Slides: h.pool, Log: log, Now: a.now}),
			uploads: filepath.Join(a.data, "uploads"),
		},
		Pictures: pictures{h.db, slides.NewPictures(h.pool, filepath.Join(a.cacheDir(), "pictures"))},
	})
	return h, who, nil
}

// close closes what is open.
func (h *house) close() error {
	var errs []error
	if h.site != nil {
		h.site.Close()
	}
	if h.fetch != nil {
		h.fetch.Close()
	}
	if h.pool != nil {
		errs = append(errs, h.pool.Close())
	}
	if h.index != nil {
		errs = append(errs, h.index.Close())
	}
	if h.lock != nil {
		errs = append(errs, h.lock.close())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	return errors.Join(errs...)
}

// pictures draws slides for the site, which must not know where blobs lie.
type pictures struct {
	db    *store.DB
	cache *slides.Pictures
}

// Picture is what web.Pictures asks for.
func (p pictures) Picture(ctx context.Context, deck archive.BlobID, media string, slide, width int) ([]byte, string, error) {
	pic, err := p.cache.Slide(ctx, deck, p.db.BlobPath(deck), media, slide, width)
	if err != nil {
		return nil, "", err
	}
	return pic.Bytes, pic.Media, nil
}
