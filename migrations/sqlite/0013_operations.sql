-- What those who run it see of all processes, and what they decided.

CREATE TABLE breaker (
    surface TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,                -- the process that says so: each has a breaker of its own
    pid INTEGER NOT NULL,
    state TEXT NOT NULL,               -- closed, open, probing, gone
    rest_until INTEGER NOT NULL,       -- open: that process asks nothing before; else 0
    in_flight INTEGER NOT NULL,        -- requests that may be under way at once, as it has learnt
    seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE token_use (
    key TEXT NOT NULL PRIMARY KEY,     -- of the configuration
    fingerprint TEXT NOT NULL,         -- start of a hash: tells one token from the next, opens nothing
    since INTEGER NOT NULL,            -- first used, or given to us
    expires_at INTEGER NULL,           -- as it says itself, or as BKN said when it gave it
    refused_at INTEGER NULL            -- when BKN last did not want it
) STRICT;

CREATE TABLE held_decision (
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    held_at INTEGER NOT NULL,          -- when the answer came that was held
    reason TEXT NOT NULL,
    row_count INTEGER NOT NULL,            -- how many were gone, or could not be read: as many are accepted
    decision TEXT NOT NULL,            -- accepted, refused
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, part, held_at)
) STRICT;

-- Forms that have been sent, so that a second click does nothing.
CREATE TABLE form_sent (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;

-- A line of the list of pulls counts what its pull set aside.
CREATE INDEX quarantine_by_run ON quarantine (run);

-- The page of the log looks for what somebody did, or for who did something.
CREATE INDEX audit_by_account ON audit (account, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
