package slides

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"rostrum/archive"
)

// Pictures keeps the pictures of slides in a folder: each is drawn once, when it is
// first asked for, and drawn again when its file is lost. The folder may be emptied at
// any time. It is safe for use by many at once, also by several processes.
type Pictures struct {
	pool *Pool
	dir  string

	mu      sync.Mutex
	drawing map[string]*drawing
}

// drawing is a picture being made, which others may wait for.
type drawing struct {
	ready   chan struct{}
	picture Picture
	err     error
}

// NewPictures makes a cache of pictures in dir, which is made when it is first needed.
func NewPictures(pool *Pool, dir string) *Pictures {
	return &Pictures{pool: pool, dir: dir, drawing: map[string]*drawing{}}
}

// Slide gives the picture of a slide, numbered from 1, of the deck whose bytes are kept
// at path under the name blob. Only ThumbnailWidth and ReadingWidth are kept, so width is
// taken to the nearer of them. The error Is ErrNoPicture when there can be none.
func (p *Pictures) Slide(ctx context.Context, blob archive.BlobID, path, media string, slide, width int) (Picture, error) {
	if !blob.Valid() || slide < 1 || slide > maxSlides {
		return Picture{}, fmt.Errorf("slide %d: %w", slide, ErrNoPicture)
	}
	if width <= (ThumbnailWidth+ReadingWidth)/2 {
		width = ThumbnailWidth
	} else {
		width = ReadingWidth
	}
	base := filepath.Join(p.dir, string(blob[:2]), string(blob), strconv.Itoa(slide)+"-"+strconv.Itoa(width)+"-v"+strconv.Itoa(pictureVersion))
	if kept, ok := p.kept(base); ok {
		return kept, nil
	}
	return p.once(ctx, base, func() (Picture, error) {
		drawn, err := p.pool.Picture(ctx, path, media, slide, width)
		if err != nil {
			return Picture{}, err
		}
		// A picture that could not be kept is still a picture.
		_ = keep(base+extension(drawn.Media), drawn.Bytes)
		return drawn, nil
	})
}

// pictureVersion grows when pictures are drawn differently.
const pictureVersion = 1

// once makes a picture, or waits for who is making it already.
func (p *Pictures) once(ctx context.Context, key string, draw func() (Picture, error)) (Picture, error) {
	for {
		p.mu.Lock()
		d, busy := p.drawing[key]
		if !busy {
			d = &drawing{ready: make(chan struct{})}
			p.drawing[key] = d
			p.mu.Unlock()
			d.picture, d.err = draw()
			p.mu.Lock()
			delete(p.drawing, key)
			p.mu.Unlock()
			close(d.ready)
			return d.picture, d.err
		}
		p.mu.Unlock()
		select {
		case <-d.ready:
		case <-ctx.Done():
			return Picture{}, ctx.Err()
		}
		// The other's context may have ended; ours has not.
		if !errors.Is(d.err, context.Canceled) && !errors.Is(d.err, context.DeadlineExceeded) {
			return d.picture, d.err
		}
	}
}

// kept reads a picture from the folder. What is no whole picture is as good as lost.
func (p *Pictures) kept(base string) (Picture, bool) {
	for _, media := range pictureMedia {
		b, err := os.ReadFile(base + extension(media))
		if err != nil {
			continue
		}
		if pic, ok := picture(b, media); ok {
			return pic, true
		}
	}
	return Picture{}, false
}

var pictureMedia = []string{"image/webp", "image/jpeg", "image/png"}

func extension(media string) string {
	switch media {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	}
	return ".webp"
}

// picture checks bytes from the folder: of the right kind, with a size, and to the end.
func picture(b []byte, media string) (Picture, bool) {
	config, err := decodeConfig(b)
	if err != nil || Sniff(b, nil) != media || !ends(b, media) {
		return Picture{}, false
	}
	return Picture{Bytes: b, Media: media, Width: config.Width, Height: config.Height}, true
}

// ends says whether an encoded picture is there to its end: JPEG and PNG have a mark
// there, a WebP tells its length in front.
func ends(b []byte, media string) bool {
	switch media {
	case "image/jpeg":
		return bytes.HasSuffix(b, []byte("\xff\xd9"))
	case "image/png":
		return bytes.HasSuffix(b, []byte("IEND\xaeB`\x82"))
	}
	return len(b) > 8 && int64(binary.LittleEndian.Uint32(b[4:]))+8 == int64(len(b))
}

// keep writes a file whole or not at all.
func keep(path string, b []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(fs.FileMode(0o644)), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
