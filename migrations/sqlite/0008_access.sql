-- Who may look, who is signed in, what programs may ask, and what everybody did.

CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,    -- as typed at sign-in, in small letters
    shown TEXT NOT NULL,               -- how they are greeted
    hash TEXT NOT NULL,                -- argon2id in PHC form; '' signs in nowhere
    roles TEXT NOT NULL,               -- JSON
    scope TEXT NOT NULL,               -- JSON: everybody's data, or that of some units
    disabled INTEGER NOT NULL,
    failed INTEGER NOT NULL,           -- attempts since the last good one
    locked_until INTEGER NOT NULL,     -- 0: never
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE web_session (
    token_sha TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name),
    csrf TEXT NOT NULL,                -- what the forms of this session carry
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX web_session_account ON web_session (account);

CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    token_sha TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,                -- what it is for
    account TEXT NOT NULL REFERENCES account (name),
    scopes TEXT NULL,                  -- JSON list of rights; NULL: all that the account has
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,  -- from 1, without a gap
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,              -- JSON
    prev TEXT NOT NULL,                -- hash of the line before
    hash TEXT NOT NULL                 -- of prev and everything before it
) STRICT;

-- Where the log ends, so that lines cut off its end are missed.
CREATE TABLE audit_head (
    one INTEGER NOT NULL PRIMARY KEY,  -- always 1
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;

CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
