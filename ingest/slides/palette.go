package slides

import (
	"encoding/binary"
	"image"
	"image/color"
)

// palette gives the picture with a palette when it has at most 256 colours, else nil.
func palette(drawn *image.RGBA) *image.Paletted {
	size := drawn.Bounds().Size()
	out := image.NewPaletted(image.Rect(0, 0, size.X, size.Y), nil)
	index := make(map[uint32]uint8, 256)
	last, at := uint32(0), uint8(0)
	for y := range size.Y {
		row := drawn.Pix[y*drawn.Stride : y*drawn.Stride+4*size.X]
		to := out.Pix[y*out.Stride : y*out.Stride+size.X]
		for x := range to {
			c := binary.LittleEndian.Uint32(row[4*x:])
			if c != last || len(index) == 0 {
				known, ok := index[c]
				if !ok {
					if len(index) == 256 {
						return nil
					}
					known = uint8(len(index))
					index[c] = known
					out.Palette = append(out.Palette, color.RGBA{R: uint8(c), G: uint8(c >> 8), B: uint8(c >> 16), A: 255})
				}
				last, at = c, known
			}
			to[x] = at
		}
	}
	return out
}
