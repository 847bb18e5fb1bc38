// Package fetch asks the web for bytes, politely, and never where it must not.
//
// It knows HTTP and nothing of talks: no reader, no store. What it brings goes
// straight into a sink that the caller hands in, so that a deck of 300 MB
// passes through without ever lying in memory.
//
// # Polite
//
// Each host has a gate: few requests at a time and a gap between them. 429 and
// 5xx are asked again after a growing wait, Retry-After is obeyed up to a bound
// and holds for the whole host. A host that could not be reached at all is not
// asked again for a while: an edition with a hundred decks on one dead server
// once cost a hundred timeouts. robots.txt is asked for links that were
// followed, not for the one address that a person typed.
//
// # Safe
//
// Every address is text from a stranger's page. Whether it may be asked is
// decided on the resolved IP address at the moment of dialling, for each
// redirect anew: a name checked before it is resolved can be answered
// differently a millisecond later. For the same reason no proxy is ever taken
// from the environment: behind one we would see only the proxy's address and
// the rule could not hold. Names and passwords within addresses are refused,
// since addresses are kept and shown.
//
// Time is bounded three ways: to connect, between two pieces of the answer,
// and over all. Size is bounded after decompression, so that a small bomb
// stays one.
package fetch
