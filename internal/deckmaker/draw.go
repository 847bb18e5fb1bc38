package main

import (
	"io"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// The page is 16:9, in millimetres.
const (
	width, height = 254.0, 142.9
	margin        = 18.0
)

type colour struct{ r, g, b int }

// The tour's colours: paper and ink, and the accent of the site.
func paper() colour  { return colour{250, 247, 240} }
func ink() colour    { return colour{34, 32, 30} }
func faint() colour  { return colour{120, 112, 102} }
func accent() colour { return colour{142, 45, 36} }

type painter struct {
	*fpdf.Fpdf
	foot string
}

// draw writes the deck as a PDF. Its dates are fixed: the same deck gives the
// same bytes.
func draw(w io.Writer, d deck) error {
	p := painter{fpdf.NewCustom(&fpdf.InitType{OrientationStr: "L", UnitStr: "mm", Size: fpdf.SizeType{Wd: height, Ht: width}}), d.title}
	p.AddUTF8FontFromBytes("text", "", goregular.TTF)
	p.AddUTF8FontFromBytes("text", "B", gobold.TTF)
	p.AddUTF8FontFromBytes("mono", "", gomono.TTF)
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(margin, margin, margin)
	p.SetTitle(d.title, true)
	p.SetCatalogSort(true)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p.SetCreationDate(day)
	p.SetModificationDate(day)
	p.titleSlide(d)
	for i, s := range d.slides {
		p.slide(s, i+2)
	}
	return p.Output(w)
}

func (p painter) page() {
	p.AddPage()
	c := paper()
	p.SetFillColor(c.r, c.g, c.b)
	p.Rect(0, 0, width, height, "F")
	c = accent()
	p.SetFillColor(c.r, c.g, c.b)
	p.Rect(0, 0, 4, height, "F")
}

func (p painter) ink(c colour) { p.SetTextColor(c.r, c.g, c.b) }

func (p painter) titleSlide(d deck) {
	p.page()
	p.SetXY(margin, 44)
	p.SetFont("text", "B", 34)
	p.ink(ink())
	p.MultiCell(width-2*margin, 15, d.title, "", "L", false)
	p.Ln(5)
	p.SetFont("text", "", 16)
	p.ink(faint())
	for _, line := range d.subtitle {
		p.MultiCell(width-2*margin, 8.5, line, "", "L", false)
	}
}

func (p painter) slide(s slide, number int) {
	p.page()
	p.SetXY(margin, 13)
	p.SetFont("text", "B", 30)
	p.ink(accent())
	p.MultiCell(width-2*margin, 13, s.heading, "", "L", false)
	p.SetY(p.GetY() + 6)
	for _, b := range s.blocks {
		p.block(b)
	}
	p.SetFont("text", "", 9)
	p.ink(faint())
	p.SetXY(margin, height-11)
	p.CellFormat(width-2*margin, 5, p.foot, "", 0, "L", false, 0, "")
	p.SetXY(margin, height-11)
	p.CellFormat(width-2*margin, 5, strconv.Itoa(number), "", 0, "R", false, 0, "")
}

func (p painter) block(b block) {
	p.ink(ink())
	switch b.manner {
	case code:
		p.SetFont("mono", "", 17)
		p.SetFillColor(238, 232, 220)
		p.SetX(margin)
		p.MultiCell(width-2*margin, 10.5, " "+b.text, "", "L", true)
	case point:
		p.SetY(p.GetY() + 2.5)
		p.SetFont("text", "", 21)
		p.SetX(margin)
		p.CellFormat(9, 11, "•", "", 0, "L", false, 0, "")
		p.SetX(margin + 9)
		p.SetLeftMargin(margin + 9)
		p.MultiCell(width-2*margin-9, 11, b.text, "", "L", false)
		p.SetLeftMargin(margin)
	default:
		p.SetY(p.GetY() + 2.5)
		p.SetFont("text", "", 21)
		p.SetX(margin)
		p.MultiCell(width-2*margin, 11, b.text, "", "L", false)
		p.SetY(p.GetY() + 2)
	}
}
