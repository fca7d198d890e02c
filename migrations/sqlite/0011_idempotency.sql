-- What programs asked to be done once: the answer is kept for a day, so that asking again does nothing again.

CREATE TABLE idempotency (
    token_sha TEXT NOT NULL REFERENCES api_token (token_sha),
    key TEXT NOT NULL,                 -- as the program chose it
    request_sha TEXT NOT NULL,         -- of method, address and body
    status INTEGER NULL,               -- NULL: still at work
    kind TEXT NOT NULL,                -- media type of the answer
    answer BLOB NOT NULL,
    began_at INTEGER NOT NULL,
    PRIMARY KEY (token_sha, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (began_at);
