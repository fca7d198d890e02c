-- What was concluded, and the life of each finding across runs.

CREATE TABLE reconcile_run (
    seq INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    period TEXT NOT NULL,
    inputs_sha TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    policy_sha TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    mode TEXT NOT NULL,                -- final, trial
    complete INTEGER NOT NULL,
    summary TEXT NOT NULL,             -- JSON, as reconciliation wrote it
    file_findings TEXT NOT NULL,       -- JSON list: findings about whole files
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    checked_at INTEGER NOT NULL        -- end of the last run, even of one that changed nothing
) STRICT;
CREATE INDEX reconcile_run_by_period ON reconcile_run (period, seq);

CREATE TABLE verdict (
    period TEXT NOT NULL,
    nip TEXT NOT NULL,
    inputs_sha TEXT NOT NULL,
    body TEXT NOT NULL,                -- JSON
    PRIMARY KEY (period, nip)
) STRICT;

CREATE TABLE finding_state (
    period TEXT NOT NULL,
    id TEXT NOT NULL,
    nip TEXT NOT NULL,                 -- '' is about a whole file
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    status TEXT NOT NULL,              -- new, persisting, resolved
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES reconcile_run (seq),        -- opened or resolved it
    named_by INTEGER NOT NULL REFERENCES reconcile_run (seq),   -- named it last
    PRIMARY KEY (period, id)
) STRICT;
CREATE INDEX finding_state_by_person ON finding_state (period, nip, status);
