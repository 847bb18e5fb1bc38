package slides

import "os/exec"

// Program is an optional program that adds to what can be read.
type Program struct {
	Name  string // as it is called: "soffice"
	Path  string // where it was found, "" when it was not
	Adds  string // what it adds, one plain sentence
	Found bool
}

// Optional tells which optional programs there are and which were found.
func Optional() []Program {
	programs := []Program{
		{Name: programOffice, Adds: "LibreOffice reads PowerPoint (.ppt), Keynote and flat OpenDocument decks, and draws pictures of .pptx and .odp"},
		{Name: programOCR, Adds: "tesseract recognizes the text of slides that are pictures"},
	}
	for i := range programs {
		path, err := lookPath(programs[i].Name)
		programs[i].Path, programs[i].Found = path, err == nil
	}
	return programs
}

// The optional programs.
const (
	programOffice = "soffice"
	programOCR    = "tesseract"
)

func lookPath(name string) (string, error) { return exec.LookPath(name) }

func (p *Pool) find(program string) (path string, found bool) {
	path, err := p.cfg.Programs(program)
	return path, err == nil
}
