package slides

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// TestEncode: what is drawn in few colours or flat comes back as it was, and what is
// like a photograph becomes a JPEG.
func TestEncode(t *testing.T) {
	rect := image.Rect(0, 0, 160, 90)
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(at func(x, y int) color.RGBA) *image.RGBA {
		m := image.NewRGBA(rect)
		for y := range rect.Dy() {
			for x := range rect.Dx() {
				m.SetRGBA(x, y, at(x, y))
			}
		}
		return m
	}
	tests := []struct {
		name  string
		drawn *image.RGBA
		media string
	}{
		{"one colour", draw(func(int, int) color.RGBA { return color.RGBA{250, 250, 240, 255} }), "image/png"},
		{"few colours", draw(func(x, y int) color.RGBA { return color.RGBA{uint8(x / 40), uint8(y / 20), 9, 255} }), "image/webp"},
		{"flat with a little of many colours", draw(func(x, y int) color.RGBA {
			if x < 4 {
				return color.RGBA{uint8(x * 60), uint8(y * 2), 77, 255}
			}
			return color.RGBA{255, 255, 255, 255}
		}), "image/webp"},
		{"noise", draw(func(int, int) color.RGBA {
			return color.RGBA{uint8(random.IntN(256)), uint8(random.IntN(256)), uint8(random.IntN(256)), 255}
		}), "image/jpeg"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := encode(tt.drawn)
			if err != nil {
				t.Fatal(err)
			}
			if p.Media != tt.media || p.Width != 160 || p.Height != 90 {
				t.Errorf("%s, %d × %d", p.Media, p.Width, p.Height)
			}
			if _, ok := picture(p.Bytes, p.Media); !ok {
				t.Error("it is not taken for a whole picture")
			}
			if _, ok := picture(p.Bytes[:len(p.Bytes)-3], p.Media); ok {
				t.Error("a part of it is taken for the whole")
			}
			shown, _, err := image.Decode(bytes.NewReader(p.Bytes))
			if err != nil {
				t.Fatal(err)
			}
			if p.Media == "image/jpeg" {
				return
			}
			for y := range 90 {
				for x := range 160 {
					if got, want := color.RGBAModel.Convert(shown.At(x, y)), tt.drawn.At(x, y); got != want {
						t.Fatalf("pixel %d, %d is %v, was %v", x, y, got, want)
					}
				}
			}
		})
	}
}
