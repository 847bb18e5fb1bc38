package slides

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// LibreOffice is large, slow to start and made for its user's own files. It gets a home
// of its own for each file, with macros and links to elsewhere turned off, no network
// where the kernel allows that, and bounds. What it made is kept beside the compiled
// engine, and so is that it failed, since a strip of thumbnails asks again and again.
const (
	officeTime   = 90 * time.Second
	officeMemory = 3 << 30
	officeFile   = 512 << 20 // of the PDF it writes
	maxConvert   = 256 << 20 // of the deck it is given
)

// convert has LibreOffice make a PDF of a deck and gives its path. The error is a
// *problem when there is none.
func (p *Pool) convert(ctx context.Context, path, media string) (string, error) {
	key, err := fileKey(path, maxConvert)
	if err != nil {
		return "", &problem{Reason: "the file is too large to be converted"}
	}
	dir := filepath.Join(p.cfg.CacheDir, "office")
	pdf, failed := filepath.Join(dir, key+".pdf"), filepath.Join(dir, key+".failed")
	if _, err := os.Stat(pdf); err == nil {
		return pdf, nil
	}
	program, found := p.find(programOffice)
	if !found {
		return "", &problem{Reason: describeDeck(media) + " is read with LibreOffice (soffice), which is not installed", Retryable: true}
	}
	select {
	case p.helpers <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { <-p.helpers }()
	if _, err := os.Stat(pdf); err == nil { // another made it in the meantime
		return pdf, nil
	}
	if _, err := os.Stat(failed); err == nil {
		return "", &problem{Reason: "LibreOffice cannot convert it"}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make room to convert: %w", err)
	}
	room, err := os.MkdirTemp(dir, "work-")
	if err != nil {
		return "", fmt.Errorf("make room to convert: %w", err)
	}
	defer func() { _ = os.RemoveAll(room) }() // what stays is swept with the cache
	made, err := p.runOffice(ctx, program, room, path, media)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		err = os.Rename(made, pdf)
	}
	if err != nil {
		_ = os.WriteFile(failed, []byte(err.Error()), 0o644) // else it is tried once more
		return "", &problem{Reason: "LibreOffice cannot convert it"}
	}
	return pdf, nil
}

// describeDeck names the format of a deck for the beginning of a sentence.
func describeDeck(media string) string {
	switch media {
	case MediaPPT:
		return "PowerPoint's old format"
	case MediaKeynote:
		return "Keynote's format"
	case MediaODPFlat:
		return "flat OpenDocument"
	case MediaPPTX, MediaODP:
		return "a picture of this format"
	}
	return "this format"
}

// officeExtension is what LibreOffice goes by when it guesses at a format.
func officeExtension(media string) string {
	switch media {
	case MediaPPT:
		return ".ppt"
	case MediaKeynote:
		return ".key"
	case MediaODPFlat:
		return ".fodp"
	case MediaPPTX:
		return ".pptx"
	}
	return ".odp"
}

// officeProfile turns off what a stranger's deck has no business with.
const officeProfile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
`

// runOffice converts the deck in a room of its own and gives the path of the PDF there.
func (p *Pool) runOffice(ctx context.Context, program, room, path, media string) (string, error) {
	user := filepath.Join(room, "profile", "user")
	if err := os.MkdirAll(user, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(officeProfile), 0o644); err != nil {
		return "", err
	}
	deck := filepath.Join(room, "deck"+officeExtension(media))
	if err := copyFile(deck, path); err != nil {
		return "", err
	}
	profile := url.URL{Scheme: "file", Path: filepath.Join(room, "profile")}
	ctx, cancel := context.WithTimeout(ctx, officeTime)
	defer cancel()
	err := p.run(ctx, role{
		Do: doRun, Program: program,
		Args: []string{
			"-env:UserInstallation=" + profile.String(), "--headless", "--norestore", "--nologo", "--nolockcheck",
			"--convert-to", "pdf", "--outdir", room, deck,
		},
		Env:    []string{"HOME=" + room, "TMPDIR=" + room, "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "SAL_USE_VCLPLUGIN=svp"},
		Memory: officeMemory, Seconds: int(officeTime.Seconds()), File: officeFile,
	}, nil)
	made := strings.TrimSuffix(deck, filepath.Ext(deck)) + ".pdf"
	if media, sniffErr := SniffFile(made); err == nil && (sniffErr != nil || media != MediaPDF) {
		err = errors.New("no PDF came of it")
	}
	return made, err
}

// fileKey is the SHA-256 of a file, which must not be larger than most.
func fileKey(path string, most int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, most+1))
	if err == nil && n > most {
		err = errors.New("file is too large")
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
