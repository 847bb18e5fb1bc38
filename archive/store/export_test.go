package store

import "rostrum/archive"

// RepackWords packs words and unpacks them again.
func RepackWords(words []archive.Word) ([]archive.Word, error) {
	packed, err := packWords(words)
	if err != nil {
		return nil, err
	}
	return unpackWords(packed)
}

// UnpackRawWords unpacks words from bytes that are yet to be put in gzip.
func UnpackRawWords(raw []byte) ([]archive.Word, error) {
	packed, err := pack(raw)
	if err != nil {
		return nil, err
	}
	return unpackWords(packed)
}
