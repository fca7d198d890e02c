-- Who may look, who is signed in, what programs may ask, and what everybody did.

CREATE TABLE account (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,    -- as typed at sign-in, in small letters
    shown TEXT COLLATE "C" NOT NULL,               -- how they are greeted
    hash TEXT COLLATE "C" NOT NULL,                -- argon2id in PHC form; '' signs in nowhere
    roles TEXT COLLATE "C" NOT NULL,               -- JSON
    scope TEXT COLLATE "C" NOT NULL,               -- JSON: everybody's data, or that of some units
    disabled BIGINT NOT NULL,
    failed BIGINT NOT NULL,           -- attempts since the last good one
    locked_until BIGINT NOT NULL,     -- 0: never
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE web_session (
    token_sha TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name),
    csrf TEXT COLLATE "C" NOT NULL,                -- what the forms of this session carry
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE INDEX web_session_account ON web_session (account);

CREATE TABLE api_token (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    token_sha TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,                -- what it is for
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name),
    scopes TEXT COLLATE "C" NULL,                  -- JSON list of rights; NULL: all that the account has
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT NULL
);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,  -- from 1, without a gap
    at BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,              -- JSON
    prev TEXT COLLATE "C" NOT NULL,                -- hash of the line before
    hash TEXT COLLATE "C" NOT NULL                 -- of prev and everything before it
);

-- Where the log ends, so that lines cut off its end are missed.
CREATE TABLE audit_head (
    one BIGINT NOT NULL PRIMARY KEY,  -- always 1
    seq BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);

CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to';
END;
$$;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
