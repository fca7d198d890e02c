-- What those who run it see of all processes, and what they decided.

CREATE TABLE breaker (
    surface TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    host TEXT COLLATE "C" NOT NULL,                -- the process that says so: each has a breaker of its own
    pid BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,               -- closed, open, probing, gone
    rest_until BIGINT NOT NULL,       -- open: that process asks nothing before; else 0
    in_flight BIGINT NOT NULL,        -- requests that may be under way at once, as it has learnt
    seen_at BIGINT NOT NULL
);

CREATE TABLE token_use (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,     -- of the configuration
    fingerprint TEXT COLLATE "C" NOT NULL,         -- start of a hash: tells one token from the next, opens nothing
    since BIGINT NOT NULL,            -- first used, or given to us
    expires_at BIGINT NULL,           -- as it says itself, or as BKN said when it gave it
    refused_at BIGINT NULL            -- when BKN last did not want it
);

CREATE TABLE held_decision (
    kind TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    held_at BIGINT NOT NULL,          -- when the answer came that was held
    reason TEXT COLLATE "C" NOT NULL,
    row_count BIGINT NOT NULL,            -- how many were gone, or could not be read: as many are accepted
    decision TEXT COLLATE "C" NOT NULL,            -- accepted, refused
    account TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, part, held_at)
);

-- Forms that have been sent, so that a second click does nothing.
CREATE TABLE form_sent (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- A line of the list of pulls counts what its pull set aside.
CREATE INDEX quarantine_by_run ON quarantine (run);

-- The page of the log looks for what somebody did, or for who did something.
CREATE INDEX audit_by_account ON audit (account, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
