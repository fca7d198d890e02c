-- What sources said. Statements and answers are only ever added.

CREATE TABLE batch (
    seq INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    run INTEGER NULL REFERENCES sync_run (seq) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,                -- (kind, part) is the stream: a newer accepted batch supersedes the older
    span TEXT NOT NULL,
    spans TEXT NOT NULL,               -- JSON list of the spans that its statements are filed under
    source TEXT NOT NULL,
    scope TEXT NOT NULL,               -- everybody, named
    status TEXT NOT NULL,              -- new, changed, unchanged, quarantined
    reason TEXT NULL,
    raw_sha TEXT NOT NULL,
    content_sha TEXT NOT NULL,
    facts TEXT NOT NULL,               -- JSON
    row_count INTEGER NOT NULL,
    new_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    unchanged_count INTEGER NOT NULL,
    vanished_count INTEGER NOT NULL,
    observed_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_by_stream ON batch (kind, part, seq);
CREATE INDEX batch_by_run ON batch (run, kind);

CREATE TABLE evidence (
    seq INTEGER NOT NULL PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batch (seq),
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    span TEXT NOT NULL,
    nip TEXT NOT NULL,
    state TEXT NOT NULL,               -- present, declared_absent, withdrawn
    body TEXT NULL,                    -- JSON; only when present
    locator TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    observed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_by_person ON evidence (nip, kind, part, span, seq, observed_at);
CREATE INDEX evidence_by_stream ON evidence (kind, part, span, nip, seq);
CREATE INDEX evidence_by_batch ON evidence (batch);

CREATE TABLE answer (
    seq INTEGER NOT NULL PRIMARY KEY,
    run INTEGER NULL REFERENCES sync_run (seq) ON DELETE SET NULL,
    batch INTEGER NULL REFERENCES batch (seq) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    span TEXT NOT NULL,
    nip TEXT NOT NULL,                 -- '' answers for everybody
    outcome TEXT NOT NULL,             -- present, absent, unchanged, failed
    good INTEGER NOT NULL,             -- 0 when failed, else 1
    reason TEXT NULL,
    raw_sha TEXT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_by_question ON answer (kind, part, nip, span, good, at);
CREATE INDEX answer_failed ON answer (kind, span, nip) WHERE good = 0;
CREATE INDEX answer_by_batch ON answer (batch, nip);
CREATE INDEX answer_by_run ON answer (run, nip);

CREATE TABLE raw (
    sha256 TEXT NOT NULL PRIMARY KEY,
    content_type TEXT NOT NULL,
    length INTEGER NOT NULL,           -- before compression
    body BLOB NOT NULL                 -- gzip
) STRICT;

CREATE TABLE quarantine (
    seq INTEGER NOT NULL PRIMARY KEY,
    run INTEGER NULL REFERENCES sync_run (seq) ON DELETE SET NULL,
    batch INTEGER NULL REFERENCES batch (seq) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    span TEXT NOT NULL,
    nip TEXT NOT NULL,                 -- about whom was asked; '' everybody
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    raw_sha TEXT NULL,
    locator TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_by_time ON quarantine (at, seq);
