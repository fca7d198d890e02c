-- Who works on what: a row that writers of one thing take turns on, sync runs and the questions that they ask.

CREATE TABLE latch (
    name TEXT NOT NULL PRIMARY KEY,
    turns INTEGER NOT NULL
) STRICT;

CREATE TABLE sync_run (
    seq INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    period TEXT NOT NULL,
    surfaces TEXT NOT NULL,            -- JSON list
    plan_sha TEXT NOT NULL,
    state TEXT NOT NULL,               -- running, deadline (both can be resumed), finished, stopped
    requests INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NULL
) STRICT;
CREATE INDEX sync_run_by_plan ON sync_run (plan_sha, period, seq);

CREATE TABLE sync_item (
    seq INTEGER NOT NULL PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES sync_run (seq) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    surface TEXT NOT NULL,
    part TEXT NOT NULL,
    span TEXT NOT NULL,
    nip TEXT NOT NULL,                 -- '' asks for everybody
    state TEXT NOT NULL,               -- pending, leased, done, failed, quarantined, skipped
    attempts INTEGER NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_token TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    reason TEXT NULL,
    UNIQUE (run, kind, part, span, nip)
) STRICT;
CREATE INDEX sync_item_by_state ON sync_item (run, surface, state, seq);

CREATE TABLE sync_drift (
    run INTEGER NOT NULL REFERENCES sync_run (seq) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    change TEXT NOT NULL,              -- added, missing, type
    PRIMARY KEY (run, kind, field, change)
) STRICT;
