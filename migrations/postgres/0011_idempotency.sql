-- What programs asked to be done once: the answer is kept for a day, so that asking again does nothing again.

CREATE TABLE idempotency (
    token_sha TEXT COLLATE "C" NOT NULL REFERENCES api_token (token_sha),
    key TEXT COLLATE "C" NOT NULL,                 -- as the program chose it
    request_sha TEXT COLLATE "C" NOT NULL,         -- of method, address and body
    status BIGINT NULL,               -- NULL: still at work
    kind TEXT COLLATE "C" NOT NULL,                -- media type of the answer
    answer BYTEA NOT NULL,
    began_at BIGINT NOT NULL,
    PRIMARY KEY (token_sha, key)
);
CREATE INDEX idempotency_by_age ON idempotency (began_at);
