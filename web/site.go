package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// Pictures draws slides. It is declared here, at its consumer, because the
// maker of pictures belongs to ingest, which web must not know.
type Pictures interface {
	// Picture returns a slide of a kept deck as an encoded image, about width
	// pixels wide, and its media type. An error is answered as "no picture".
	Picture(ctx context.Context, deck archive.BlobID, media string, slide, width int) (image []byte, imageMedia string, err error)
}

// Config is what a Site is made of.
type Config struct {
	DB       *store.DB
	Index    *search.Index
	Pictures Pictures         // nil: slides are shown as text alone
	Log      *slog.Logger     // nil: silent
	Now      func() time.Time // nil: time.Now
	Version  string           // of the program, shown on the about page
	// BaseURL is where visitors reach the site, "https://talks.example.org",
	// for addresses that must be absolute. "" takes it from each request.
	BaseURL string
	// Intake brings in sources at the desk; nil leaves that away.
	Intake Intake
	// Forget throws away what was drawn of slides, after a deck's bytes were
	// destroyed; nil when nothing is kept.
	Forget func() error
	// Organizers is the file of who may sign in at /desk (see internal/passwd);
	// "" leaves the desk away.
	Organizers string
}

// Site answers the archive's visitors.
type Site struct {
	db        *store.DB
	index     *search.Index
	pictures  Pictures
	log       *slog.Logger
	now       func() time.Time
	version   string
	base      string
	assets    *assets
	locales   *locales
	templates *templates
	held      held
	handler   http.Handler
	desk      *desk   // nil: there is none
	intake    *intake // nil: the desk brings in no sources
	proposals *proposals
	forget    func() error
}

// New makes a Site. It panics when a file embedded in the program is broken,
// as a package's variables would; the tests are what keeps that from anybody.
func New(c Config) *Site {
	s := &Site{
		db: c.DB, index: c.Index, pictures: c.Pictures, log: c.Log, now: c.Now, version: c.Version,
		base: strings.TrimRight(c.BaseURL, "/"),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.load(); err != nil {
		panic(fmt.Errorf("make site: %w", err))
	}
	if c.Organizers != "" {
		s.desk = newDesk(c.Organizers, s.now)
	}
	if c.Intake != nil && s.desk != nil {
		s.intake = &intake{maker: c.Intake, log: s.log, now: s.now}
	}
	s.forget = c.Forget
	s.proposals = newProposals(s.db, s.log)
	s.handler = s.routes()
	return s
}

// load makes what the embedded files give.
func (s *Site) load() (err error) {
	if s.assets, err = loadAssets(files); err != nil {
		return err
	}
	if s.locales, err = loadLocales(files); err != nil {
		return err
	}
	s.templates, err = loadTemplates(files, s.assets, s.locales)
	return err
}

// Handler answers every address of the site.
func (s *Site) Handler() http.Handler { return s.handler }

func (s *Site) routes() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(s.prepare, s.logged, guard, oneSlash)

	get := func(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, h, m...)
	}
	cpus := runtime.GOMAXPROCS(0)
	pages, searches, draws, inLine := make(gate, 16*cpus), make(gate, 4*cpus), make(gate, 4*cpus), make(line, cpus)

	get("/", s.home, pages.pass)
	get("/search", s.results, searches.pass, inLine.pass)
	get("/series", s.seriesList, pages.pass)
	get("/editions", s.editions, pages.pass)
	get("/people", s.people, pages.pass)
	get("/people/:person", s.person, pages.pass)
	get("/topics", s.topics, pages.pass)
	get("/topics/:topic", s.topic, pages.pass)
	get("/statistics", s.statistics, pages.pass)
	get("/about", s.about)
	get("/help", s.help)
	get("/embed", s.embedHelp, pages.pass)
	get("/embed/:series", s.embed, pages.pass)

	get("/api/v1/search", s.apiSearch, searches.pass, inLine.pass)
	get("/api/v1/related", s.apiRelatedTalks, searches.pass)
	get("/api/v1/suggest", s.apiSuggest, searches.pass)
	get("/healthz", s.health)

	get("/static/*", s.assets.serve)
	get("/favicon.ico", s.assets.serveAs("icon.svg"))
	get("/robots.txt", s.robots)
	get("/opensearch.xml", s.openSearch)
	get("/sitemap.xml", s.sitemap, pages.pass)

	get("/feed.atom", s.newestFeed, pages.pass)
	get("/search.atom", s.searchFeed, searches.pass)
	get("/people/:person/feed.atom", s.personFeed, pages.pass)
	get("/topics/:topic/feed.atom", s.topicFeed, pages.pass)
	get("/:series/feed.atom", s.seriesFeed, pages.pass)
	get("/:series/:edition/programme.ics", s.calendar, pages.pass)

	s.deskRoutes(e, pages)
	s.suggestRoutes(e, pages)
	s.mineRoutes(e, pages)

	get("/:series", s.series, pages.pass)
	get("/:series/:edition", s.edition, pages.pass)
	get("/:series/:edition/:talk", s.talk, pages.pass)
	get("/:series/:edition/:talk/:file", s.talkFile, pages.pass)
	get("/:series/:edition/:talk/:deck/:slide", s.slide, pages.pass)
	get("/:series/:edition/:talk/:deck/:slide/:size", s.picture, draws.pass)
	return e
}

// Parameters of an address, as the ID they make.

func editionParam(c echo.Context) archive.EditionID {
	return archive.EditionID(c.Param("series") + "/" + c.Param("edition"))
}

func talkParam(c echo.Context) archive.TalkID {
	return archive.TalkID(c.Param("series") + "/" + c.Param("edition") + "/" + c.Param("talk"))
}
