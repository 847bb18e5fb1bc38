package slides

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
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

// encode gives a picture in the format that is smallest for it: few colours, as of most
// slides of text, go into a palette without any loss; else JPEG, or PNG where that is
// smaller still.
func encode(drawn *image.RGBA) (Picture, error) {
	size := drawn.Bounds().Size()
	p := Picture{Width: size.X, Height: size.Y}
	var b bytes.Buffer
	if few := palette(drawn); few != nil {
		if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, few); err != nil {
			return Picture{}, fmt.Errorf("encode png: %w", err)
		}
		p.Bytes, p.Media = b.Bytes(), "image/png"
		return p, nil
	}
	if err := jpeg.Encode(&b, drawn, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return Picture{}, fmt.Errorf("encode jpeg: %w", err)
	}
	p.Bytes, p.Media = b.Bytes(), "image/jpeg"
	return p, nil
}

// decodeConfig reads the size of an encoded picture.
func decodeConfig(b []byte) (image.Config, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(b))
	return config, err
}
