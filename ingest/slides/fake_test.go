package slides

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"rostrum/archive"
)

const doFake = "fake"

// fakeWorkerMain makes the test binary a worker with an engine that misbehaves as the
// name of the deck's file tells it to.
func fakeWorkerMain() {
	var r role
	if json.Unmarshal([]byte(os.Getenv(workerVariable)), &r) != nil || r.Do != doFake {
		return
	}
	err := serve(r, func() (reader, error) { return &fakeReader{}, nil })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

type fakeReader struct {
	jobs  int
	worn  bool
	eaten [][]byte
}

func (f *fakeReader) tired() bool { return f.worn }

func (f *fakeReader) read(j job, alive func(progress)) (archive.Deck, error) {
	f.jobs++
	deed := strings.TrimSuffix(filepath.Base(j.Path), ".pdf")
	switch deed {
	case "loop":
		for {
			f.jobs++
		}
	case "creep": // gives signs of life for ever
		for {
			alive(progress{Slide: 1, Engine: enginePDFium})
		}
	case "walker-loop":
		alive(progress{Slide: 1, Engine: enginePDFium})
		if j.Walker {
			alive(progress{Slide: 1, Engine: engineWalker})
			for {
				f.jobs++
			}
		}
	case "eat":
		for {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = byte(i)
			}
			f.eaten = append(f.eaten, b)
		}
	case "panic":
		panic("as asked")
	case "exit":
		os.Exit(0)
	case "garbage":
		_, err := os.NewFile(workerOut, "out").WriteString("not a frame at all, not even close")
		return archive.Deck{}, errors.Join(err, errors.New("spoke garbage"))
	case "write":
		return archive.Deck{}, os.WriteFile(filepath.Join(filepath.Dir(j.Path), "written"), []byte("x"), 0o644)
	case "environment":
		return archive.Deck{Title: strings.Join(os.Environ(), " "), Slides: []archive.Slide{}}, nil
	case "problem":
		return archive.Deck{}, &problem{Reason: "as asked"}
	case "tired":
		f.worn = true
	case "many":
		return archive.Deck{Slides: make([]archive.Slide, maxSlides+1)}, nil
	}
	return archive.Deck{Title: fmt.Sprint(deed, " ", f.jobs), Slides: []archive.Slide{{Number: 1, Text: deed}}}, nil
}

func (f *fakeReader) picture(j job) (Picture, error) {
	return Picture{Bytes: []byte("picture"), Media: "image/png", Width: j.Width, Height: j.Slide}, nil
}
