package slides

import "context"

// convert has LibreOffice make a PDF of a deck.
func (p *Pool) convert(ctx context.Context, path, media string) (string, *problem, error) {
	_, _, _ = ctx, path, media
	return "", &problem{Reason: "reading it needs LibreOffice", Retryable: true}, nil
}
