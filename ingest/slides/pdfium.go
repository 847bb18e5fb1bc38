package slides

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"rostrum/archive"
)

// The names of the engines, as recorded with each slide.
const (
	enginePDFium = "pdfium"
	engineWalker = "walker"
)

// wasmPages is how many pages of 64 KiB PDFium may have: 224 MiB. A deck that asks for
// more than that gets an error in PDFium, before the kernel ends the whole worker.
const wasmPages = 224 << 20 / (64 << 10)

// pdfiumEngine is the compiled PDFium. Each deck gets an instance with memory of its
// own, so that one deck neither sees nor burdens the next.
//
// There is no deadline inside it: asking wazero to look at a context costs 3.5 times
// the CPU. Who overstays is killed from outside.
type pdfiumEngine struct {
	cache wazero.CompilationCache
	pool  pdfium.Pool
}

func newPDFium(ctx context.Context, cacheDir string) (*pdfiumEngine, error) {
	cache, err := wazero.NewCompilationCacheWithDir(cacheDir)
	if err != nil {
		return nil, fmt.Errorf("open compilation cache: %w", err)
	}
	pool, err := webassembly.Init(webassembly.Config{
		Context: withLinearMemory(ctx),
		MaxIdle: 1, MaxTotal: 2, // a second while the first, broken, is still open
		FSConfig: wazero.NewFSConfig(), // an empty one: left out, it mounts the whole file system
		Stdout:   io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(wasmPages).
			WithCompilationCache(cache),
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start PDFium: %w", err), cache.Close(ctx))
	}
	return &pdfiumEngine{cache: cache, pool: pool}, nil
}

func (e *pdfiumEngine) close() error {
	return errors.Join(e.pool.Close(), e.cache.Close(context.Background()))
}

// pdfiumDoc is a deck open in PDFium.
type pdfiumDoc struct {
	instance pdfium.Pdfium
	file     *os.File
	doc      references.FPDF_DOCUMENT
	pages    int
}

// open opens a PDF. The error is a *problem when it is the file's fault.
func (e *pdfiumEngine) open(path string) (*pdfiumDoc, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &problem{Reason: "the file cannot be opened", Retryable: true}
	}
	d := &pdfiumDoc{file: file}
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		d.close()
		return nil, &problem{Reason: "the file is empty"}
	}
	d.instance, err = e.pool.GetInstance(10 * time.Second)
	if err != nil {
		d.close()
		return nil, fmt.Errorf("instantiate PDFium: %w", err)
	}
	opened, err := d.instance.OpenDocument(&requests.OpenDocument{FileReader: file, FileReaderSize: info.Size()})
	if err != nil {
		d.close()
		return nil, openProblem(err)
	}
	d.doc = opened.Document
	count, err := d.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.doc})
	if err != nil {
		d.close()
		return nil, openProblem(err)
	}
	d.pages = count.PageCount
	if d.pages <= 0 {
		d.close()
		return nil, &problem{Reason: "the PDF has no pages"}
	}
	return d, nil
}

func openProblem(err error) error {
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return &problem{Reason: "the PDF asks for a password"}
	case errors.Is(err, pdfiumerrors.ErrSecurity):
		return &problem{Reason: "the PDF is encrypted in a way that is not known"}
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile):
		return &problem{Reason: "the PDF is damaged or cut off"}
	}
	return &problem{Reason: "the PDF cannot be opened"}
}

// close gives everything back. An instance whose code trapped must not be asked to
// close its document, so the whole of it is thrown away instead.
func (d *pdfiumDoc) close() {
	if d.instance != nil {
		_ = d.instance.Kill() // it has nothing to say that would matter
	}
	d.file.Close()
}

func (d *pdfiumDoc) page(number int) requests.Page {
	return requests.Page{ByIndex: &requests.PageByIndex{Document: d.doc, Index: number - 1}}
}

// read reads a page's text, from 1.
func (d *pdfiumDoc) read(number int) (page, error) {
	at := d.page(number)
	size, err := d.instance.GetPageSize(&requests.GetPageSize{Page: at})
	if err != nil {
		return page{}, fmt.Errorf("page %d: %w", number, err)
	}
	p := page{engine: enginePDFium, width: size.Width, height: size.Height}
	p.to, err = d.placement(at)
	if err != nil {
		return p, fmt.Errorf("page %d: %w", number, err)
	}
	text, err := d.instance.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: at, Mode: requests.GetPageTextStructuredModeChars,
	})
	if err != nil {
		return p, fmt.Errorf("text of page %d: %w", number, err)
	}
	var w pageWriter
	for _, c := range text.Chars {
		if !w.room() {
			break
		}
		box, on := p.to.box(c.PointPosition.Left, c.PointPosition.Top, c.PointPosition.Right, c.PointPosition.Bottom)
		if !on {
			continue
		}
		if c.Text == "" {
			w.dropped++
		}
		for _, r := range c.Text {
			w.char(r, box)
		}
	}
	p.take(&w)
	return p, nil
}

// placement finds how points of the page's own space lie on the page as shown, cropped
// and turned, by asking where three of them come to lie on a device of a million dots.
func (d *pdfiumDoc) placement(at requests.Page) (placement, error) {
	const dots, unit = 1 << 20, 1000
	var x, y [3]float64
	for i, from := range [3][2]float64{{0, 0}, {unit, 0}, {0, unit}} {
		got, err := d.instance.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: at, SizeX: dots, SizeY: dots, Rotate: enums.FPDF_PAGE_ROTATION_NONE, PageX: from[0], PageY: from[1],
		})
		if err != nil {
			return placement{}, err
		}
		x[i], y[i] = float64(got.DeviceX)/dots, float64(got.DeviceY)/dots
	}
	return placement{
		(x[1] - x[0]) / unit, (x[2] - x[0]) / unit, x[0],
		(y[1] - y[0]) / unit, (y[2] - y[0]) / unit, y[0],
	}, nil
}

// draw draws a page into at most width by height pixels, and calls use with the
// picture, which is PDFium's own memory and gone when use returns.
func (d *pdfiumDoc) draw(number, width, height int, use func(*image.RGBA) error) error {
	drawn, err := d.instance.RenderPageInPixels(&requests.RenderPageInPixels{
		Page: d.page(number), Width: width, Height: height, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
	})
	if err != nil {
		return fmt.Errorf("draw page %d: %w", number, err)
	}
	defer drawn.Cleanup()
	picture, ok := drawn.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return fmt.Errorf("draw page %d: %T is no picture", number, drawn.Result.RenderedImage)
	}
	return use(picture)
}

// Bounds of what a file says of itself.
const (
	maxOutline    = 2000
	maxOutlineRun = 8 // levels
	maxLinks      = 200
	maxTitle      = 500 // runes
)

// describe fills in what the file says of itself. What cannot be had is left out.
func (d *pdfiumDoc) describe(deck *archive.Deck) {
	deck.Title, deck.Author = d.meta("Title"), d.meta("Author")
	o := outliner{d: d}
	o.level(nil, 0)
	o.lead()
	for _, entry := range o.entries {
		if entry.Title != "" {
			deck.Outline = append(deck.Outline, entry)
		}
	}
}

func (d *pdfiumDoc) meta(tag string) string {
	got, err := d.instance.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: d.doc, Tag: tag})
	if err != nil {
		return ""
	}
	return oneLine(got.Value)
}

// outliner walks a table of contents, which in a hostile file may lead in circles: it
// stops after so many entries.
type outliner struct {
	d       *pdfiumDoc
	entries []archive.OutlineEntry
	cut     bool // a bound was met
}

func (o *outliner) level(parent *references.FPDF_BOOKMARK, depth int) {
	first, err := o.d.instance.FPDFBookmark_GetFirstChild(&requests.FPDFBookmark_GetFirstChild{Document: o.d.doc, Bookmark: parent})
	if err != nil || first.Bookmark == nil {
		return
	}
	for at := first.Bookmark; at != nil; {
		if depth >= maxOutlineRun || len(o.entries) >= maxOutline {
			o.cut = true
			return
		}
		title, err := o.d.instance.FPDFBookmark_GetTitle(&requests.FPDFBookmark_GetTitle{Bookmark: *at})
		if err != nil {
			title = &responses.FPDFBookmark_GetTitle{}
		}
		o.entries = append(o.entries, archive.OutlineEntry{Title: oneLine(title.Title), Level: depth})
		o.level(at, depth+1)
		next, err := o.d.instance.FPDFBookmark_GetNextSibling(&requests.FPDFBookmark_GetNextSibling{Document: o.d.doc, Bookmark: *at})
		if err != nil {
			return
		}
		at = next.Bookmark
	}
}

// lead finds the slide that each entry leads to. The library's call for one entry's
// destination asks PDFium a wrong question; its call for the whole tree asks the right
// one, but has no bounds, so it is made only for a tree that was walked to its end.
func (o *outliner) lead() {
	if o.cut || len(o.entries) == 0 {
		return
	}
	tree, err := o.d.instance.GetBookmarks(&requests.GetBookmarks{Document: o.d.doc})
	if err != nil {
		return
	}
	at := 0
	var walk func([]responses.GetBookmarksBookmark)
	walk = func(level []responses.GetBookmarksBookmark) {
		for _, b := range level {
			if at < len(o.entries) && b.DestInfo != nil && b.DestInfo.PageIndex >= 0 && b.DestInfo.PageIndex < o.d.pages {
				o.entries[at].Slide = b.DestInfo.PageIndex + 1
			}
			at++
			walk(b.Children)
		}
	}
	walk(tree.Bookmarks)
}

// links gives the web addresses that a page links, each once.
func (d *pdfiumDoc) links(number int) []string {
	var links []string
	seen := map[string]bool{}
	at := d.page(number)
	for pos, n := 0, 0; n < maxLinks; n++ {
		got, err := d.instance.FPDFLink_Enumerate(&requests.FPDFLink_Enumerate{Page: at, StartPos: pos})
		if err != nil || got.Link == nil || got.NextStartPos == nil {
			break
		}
		pos = *got.NextStartPos
		action, err := d.instance.FPDFLink_GetAction(&requests.FPDFLink_GetAction{Link: *got.Link})
		if err != nil || action.Action == nil {
			continue
		}
		uri, err := d.instance.FPDFAction_GetURIPath(&requests.FPDFAction_GetURIPath{Document: d.doc, Action: *action.Action})
		if err != nil || uri.URIPath == nil || !webAddress(*uri.URIPath) || seen[*uri.URIPath] {
			continue
		}
		seen[*uri.URIPath] = true
		links = append(links, *uri.URIPath)
	}
	return links
}
