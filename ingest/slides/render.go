package slides

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/webp"
)

// Widths that pictures are drawn in.
const (
	ThumbnailWidth = 320
	ReadingWidth   = 1280
	maxWidth       = 4096
	// maxPixels bounds a picture whatever the shape of its page: a page of 1 by 14,400
	// points is legal.
	maxPixels = 16 << 20
	// maxTall is how many times as high as wide a picture may be; a taller page is drawn smaller.
	maxTall = 4
)

// drawSlide draws a page and encodes it.
func drawSlide(doc *pdfiumDoc, number, width int) (Picture, error) {
	width = max(16, min(width, maxWidth))
	height := min(width*maxTall, maxPixels/width)
	var p Picture
	err := doc.draw(number, width, height, func(drawn *image.RGBA) error {
		var err error
		p, err = encode(drawn)
		return err
	})
	return p, err
}

// jpegQuality is where a slide's text shows no more rings at reading size.
const jpegQuality = 85

// encode gives a picture in the format that is smallest for it. Slides of text and
// drawings are kept without any loss as WebP, and are a third smaller so than as PNG or
// JPEG; photographs are JPEG, and pictures are too that have much of both.
func encode(drawn *image.RGBA) (Picture, error) {
	size := drawn.Bounds().Size()
	p := Picture{Width: size.X, Height: size.Y}
	var lossy, exact bytes.Buffer
	few := palette(drawn)
	if few != nil || flat(drawn) {
		var source image.Image = drawn
		if few != nil {
			source = few
		}
		// The encoder is young and gives what nobody can decode for a picture of one colour.
		// So it is asked to show that what it gives is what it was given; else PNG is as good.
		err := nativewebp.Encode(&exact, source, nil)
		p.Bytes, p.Media = exact.Bytes(), "image/webp"
		if err != nil || !shows(p.Bytes, drawn) {
			exact.Reset()
			if err := png.Encode(&exact, source); err != nil {
				return Picture{}, fmt.Errorf("encode png: %w", err)
			}
			p.Bytes, p.Media = exact.Bytes(), "image/png"
		}
	}
	if few != nil {
		return p, nil
	}
	if err := jpeg.Encode(&lossy, drawn, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return Picture{}, fmt.Errorf("encode jpeg: %w", err)
	}
	if p.Bytes == nil || lossy.Len() < len(p.Bytes) {
		p.Bytes, p.Media = lossy.Bytes(), "image/jpeg"
	}
	return p, nil
}

// shows says whether a WebP decodes to the picture that was drawn.
func shows(encoded []byte, drawn *image.RGBA) bool {
	got, err := webp.Decode(bytes.NewReader(encoded))
	if err != nil {
		return false
	}
	shown, ok := got.(*image.NRGBA)
	size := drawn.Bounds().Size()
	if !ok || shown.Bounds().Size() != size {
		return false
	}
	for y := range size.Y {
		a, b := shown.Pix[y*shown.Stride:][:4*size.X], drawn.Pix[y*drawn.Stride:][:4*size.X]
		for x := 0; x < len(a); x += 4 {
			if [3]byte(a[x:x+3]) != [3]byte(b[x:x+3]) {
				return false
			}
		}
	}
	return true
}

// flat says whether more than two thirds of the pixels are like their left neighbour. Only
// then is it worth the time to try without loss.
func flat(drawn *image.RGBA) bool {
	size := drawn.Bounds().Size()
	same, all := 0, 0
	for y := 0; y < size.Y; y += 2 {
		row := drawn.Pix[y*drawn.Stride : y*drawn.Stride+4*size.X]
		for x := 4; x < len(row); x += 4 {
			all++
			if [4]byte(row[x:x+4]) == [4]byte(row[x-4:x]) {
				same++
			}
		}
	}
	return 3*same > 2*all
}

// decodeConfig reads the size of an encoded picture.
func decodeConfig(b []byte) (image.Config, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(b))
	return config, err
}
