-- What visitors suggest, until an organizer has decided; accepting makes
-- corrections, which are acts as any other.
CREATE TABLE suggestion (
    n          INTEGER PRIMARY KEY,
    thing      TEXT NOT NULL, -- 'edition', 'talk', 'person'
    row        INTEGER NOT NULL,
    fields     TEXT NOT NULL, -- JSON: name, value shown when it was made, value suggested
    comment    TEXT NOT NULL,
    sender     TEXT NOT NULL, -- tells senders apart, and says of none who they are
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL DEFAULT 'waiting', -- 'accepted', 'rejected'
    decided_at INTEGER NOT NULL DEFAULT 0,
    decided_by TEXT NOT NULL DEFAULT '',
    acts       TEXT NOT NULL DEFAULT '[]' -- JSON: the corrections that accepting it made
) STRICT;
CREATE INDEX suggestion_state ON suggestion (state, n);
CREATE INDEX suggestion_sender ON suggestion (sender, state);

-- Private links by which people edit their own entries. The secret itself is
-- kept nowhere.
CREATE TABLE person_link (
    n          INTEGER PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES person,
    hash       BLOB NOT NULL UNIQUE, -- SHA-256 of the secret
    made_by    TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    used_at    INTEGER NOT NULL DEFAULT 0, -- last, 0 never
    revoked_at INTEGER NOT NULL DEFAULT 0,
    revoked_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX person_link_person ON person_link (person);
