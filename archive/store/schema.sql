-- The present shape of archive.db, written by `go test ./archive/store -run TestSchema -update`. Never executed.

CREATE TABLE act (
    n         INTEGER PRIMARY KEY,
    verb      TEXT NOT NULL,
    thing     TEXT NOT NULL, -- 'edition', 'talk', 'person', 'snapshot', 'deck'
    id        TEXT NOT NULL, -- the thing's readable name when it was done
    row       INTEGER NOT NULL, -- its row, which stays when it is renamed; 0 for a deck
    detail    TEXT NOT NULL, -- JSON
    by        TEXT NOT NULL,
    why       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    undone_at INTEGER NOT NULL DEFAULT 0,
    undone_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX act_row ON act (thing, row);

CREATE INDEX act_thing ON act (thing, id);

CREATE TABLE clock (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;

CREATE TABLE correction (
    thing TEXT NOT NULL,
    row   INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL, -- JSON
    was   TEXT NOT NULL, -- JSON: what was read when it was made
    act   INTEGER NOT NULL REFERENCES act,
    PRIMARY KEY (thing, row, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE credit (
    talk        INTEGER NOT NULL REFERENCES talk,
    position    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    role        TEXT NOT NULL,
    bio         TEXT NOT NULL,
    url         TEXT NOT NULL,
    key         TEXT NOT NULL,
    matched     INTEGER REFERENCES person, -- whom the program took it for
    person      INTEGER REFERENCES person, -- who is shown: decisions and merges laid over that
    PRIMARY KEY (talk, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX credit_matched ON credit (matched);

CREATE INDEX credit_person ON credit (person);

CREATE TABLE credit_decision (
    talk   INTEGER NOT NULL REFERENCES talk,
    key    TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person,
    act    INTEGER NOT NULL REFERENCES act,
    PRIMARY KEY (talk, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE deck (
    n         INTEGER PRIMARY KEY,
    blob      TEXT NOT NULL UNIQUE,
    reader    INTEGER NOT NULL,
    media     TEXT NOT NULL,
    title     TEXT NOT NULL,
    author    TEXT NOT NULL,
    outline   TEXT NOT NULL, -- JSON
    slides    INTEGER NOT NULL,
    problem   TEXT NOT NULL,
    retryable INTEGER NOT NULL
) STRICT;

CREATE TABLE deck_file (
    address       TEXT PRIMARY KEY,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL,
    blob          TEXT NOT NULL, -- '' none
    bytes         INTEGER NOT NULL,
    media         TEXT NOT NULL,
    name          TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    at            INTEGER NOT NULL,
    down          INTEGER NOT NULL DEFAULT 0 -- taken down
) STRICT, WITHOUT ROWID;

CREATE INDEX deck_file_blob ON deck_file (blob);

CREATE TABLE edition (
    n          INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    series     INTEGER NOT NULL REFERENCES series,
    title      TEXT NOT NULL DEFAULT '',
    start_date TEXT NOT NULL DEFAULT '',
    end_date   TEXT NOT NULL DEFAULT '',
    venue      TEXT NOT NULL DEFAULT '',
    city       TEXT NOT NULL DEFAULT '',
    country    TEXT NOT NULL DEFAULT '',
    language   TEXT NOT NULL DEFAULT '',
    url        TEXT NOT NULL DEFAULT '',
    organizers TEXT NOT NULL DEFAULT '[]',
    topics     TEXT NOT NULL DEFAULT '[]',
    related    TEXT NOT NULL DEFAULT '[]',
    hidden     INTEGER NOT NULL DEFAULT 0
, merged INTEGER REFERENCES edition, home INTEGER REFERENCES series) STRICT;

CREATE INDEX edition_home ON edition (home) WHERE home IS NOT NULL;

CREATE INDEX edition_merged ON edition (merged) WHERE merged IS NOT NULL;

CREATE INDEX edition_series ON edition (series, start_date);

CREATE TABLE finding (
    n       INTEGER PRIMARY KEY,
    edition INTEGER NOT NULL REFERENCES edition,
    reading INTEGER REFERENCES reading, -- NULL: met on the way, not by the reader
    talk    INTEGER REFERENCES talk,
    code    TEXT NOT NULL,
    text    TEXT NOT NULL,
    field   TEXT NOT NULL,
    url     TEXT NOT NULL,
    place   TEXT NOT NULL -- JSON, '' none
) STRICT;

CREATE INDEX finding_edition ON finding (edition);

CREATE TABLE item (
    reading  INTEGER NOT NULL REFERENCES reading,
    position INTEGER NOT NULL,
    talk     INTEGER NOT NULL REFERENCES talk,
    PRIMARY KEY (reading, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_talk ON item (talk, reading);

CREATE TABLE person (
    n      INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE,
    name   TEXT NOT NULL,
    sort   TEXT NOT NULL,
    url    TEXT NOT NULL DEFAULT '',
    bio    TEXT NOT NULL DEFAULT '',
    called TEXT NOT NULL, -- as first met; name is that, or as corrected
    merged INTEGER REFERENCES person, -- the person this one turned out to be
    hidden INTEGER NOT NULL DEFAULT 0, -- taken down
    veiled INTEGER NOT NULL DEFAULT 0 -- printed names are shown as the chosen one
) STRICT;

CREATE INDEX person_sort ON person (sort);

CREATE INDEX person_veiled ON person (n) WHERE veiled = 1;

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

CREATE TABLE person_name (
    key    TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (key, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (
    n         INTEGER PRIMARY KEY,
    edition   INTEGER NOT NULL REFERENCES edition,
    source    INTEGER NOT NULL REFERENCES source,
    part      INTEGER NOT NULL,
    snapshot  INTEGER NOT NULL REFERENCES snapshot,
    reader    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    info      TEXT NOT NULL, -- JSON: the edition as read
    programme BLOB NOT NULL,
    current   INTEGER NOT NULL,
    undone    INTEGER NOT NULL DEFAULT 0 -- the act that took it back, 0 none
) STRICT;

CREATE INDEX reading_edition ON reading (edition, current);

CREATE INDEX reading_snapshot ON reading (snapshot, part);

CREATE INDEX reading_source ON reading (source, part, current);

CREATE TABLE redirect (
    kind TEXT NOT NULL,
    old  TEXT NOT NULL,
    new  TEXT NOT NULL,
    revision INTEGER NOT NULL, -- at which followers learn to forget the old one; 0 when it was never followed
    PRIMARY KEY (kind, old)
) STRICT, WITHOUT ROWID;

CREATE INDEX redirect_new ON redirect (kind, new);

CREATE INDEX redirect_revision ON redirect (revision);

CREATE TABLE series (
    n    INTEGER PRIMARY KEY,
    id   TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    url  TEXT NOT NULL DEFAULT ''
, merged INTEGER REFERENCES series) STRICT;

CREATE INDEX series_merged ON series (merged) WHERE merged IS NOT NULL;

CREATE TABLE series_name (
    key    TEXT PRIMARY KEY,
    series INTEGER NOT NULL REFERENCES series,
    name   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX series_name_series ON series_name (series);

CREATE TABLE slide (
    deck   INTEGER NOT NULL REFERENCES deck,
    number INTEGER NOT NULL,
    text   TEXT NOT NULL,
    search TEXT NOT NULL,
    notes  TEXT NOT NULL,
    words  BLOB NOT NULL, -- see words.go
    links  TEXT NOT NULL, -- JSON
    engine TEXT NOT NULL,
    width  REAL NOT NULL,
    height REAL NOT NULL,
    PRIMARY KEY (deck, number)
) STRICT;

CREATE TABLE snapshot (
    n       INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES source,
    address TEXT NOT NULL,
    blob    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    media   TEXT NOT NULL,
    fetched INTEGER NOT NULL,
    seen    INTEGER NOT NULL
) STRICT;

CREATE INDEX snapshot_source ON snapshot (source);

CREATE TABLE source (
    n             INTEGER PRIMARY KEY,
    address       TEXT NOT NULL UNIQUE,
    series        INTEGER REFERENCES series,
    looked        INTEGER NOT NULL DEFAULT 0,
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    latest        INTEGER REFERENCES snapshot
) STRICT;

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

CREATE INDEX suggestion_sender ON suggestion (sender, state);

CREATE INDEX suggestion_state ON suggestion (state, n);

CREATE TABLE talk (
    n             INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    edition       INTEGER NOT NULL REFERENCES edition,
    position      INTEGER NOT NULL DEFAULT 0,
    kind          TEXT NOT NULL DEFAULT '',
    title         TEXT NOT NULL DEFAULT '',
    date          TEXT NOT NULL DEFAULT '',
    start         TEXT NOT NULL DEFAULT '',
    stop          TEXT NOT NULL DEFAULT '',
    room          TEXT NOT NULL DEFAULT '',
    track         TEXT NOT NULL DEFAULT '',
    session       TEXT NOT NULL DEFAULT '',
    abstract      TEXT NOT NULL DEFAULT '',
    language      TEXT NOT NULL DEFAULT '',
    url           TEXT NOT NULL DEFAULT '',
    topics        TEXT NOT NULL DEFAULT '[]',
    slides        TEXT NOT NULL DEFAULT '[]',
    video         TEXT NOT NULL DEFAULT '[]',
    paper         TEXT NOT NULL DEFAULT '[]',
    slides_marked INTEGER NOT NULL DEFAULT 0,
    given         INTEGER NOT NULL DEFAULT 0,
    gone          INTEGER NOT NULL DEFAULT 0,
    hidden        INTEGER NOT NULL DEFAULT 0,
    snapshot      INTEGER NOT NULL DEFAULT 0,
    revision      INTEGER NOT NULL UNIQUE
, merged INTEGER REFERENCES talk, home INTEGER REFERENCES edition) STRICT;

CREATE INDEX talk_counted ON talk (edition, hidden, given);

CREATE INDEX talk_edition ON talk (edition, position);

CREATE INDEX talk_hidden ON talk (n) WHERE hidden = 1;

CREATE INDEX talk_home ON talk (home) WHERE home IS NOT NULL;

CREATE INDEX talk_merged ON talk (merged) WHERE merged IS NOT NULL;

CREATE TABLE talk_deck (
    talk     INTEGER NOT NULL REFERENCES talk,
    position INTEGER NOT NULL,
    address  TEXT NOT NULL,
    PRIMARY KEY (talk, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX talk_deck_address ON talk_deck (address);

CREATE TABLE talk_topic (
    talk  INTEGER NOT NULL REFERENCES talk,
    topic INTEGER NOT NULL REFERENCES topic,
    PRIMARY KEY (talk, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX talk_topic_topic ON talk_topic (topic);

CREATE TABLE topic (
    n    INTEGER PRIMARY KEY,
    id   TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;
