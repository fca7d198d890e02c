-- What happened to cases and is yet to be posted to a web hook: lines of histories, from which the post is written. Each is
-- forgotten once it was taken.

CREATE TABLE case_post (
    event INTEGER NOT NULL REFERENCES case_event (seq),
    what TEXT NOT NULL,                -- opened, or what the line says
    tries INTEGER NOT NULL,
    next_at INTEGER NOT NULL,          -- not before
    PRIMARY KEY (event, what)
) STRICT;
CREATE INDEX case_post_by_time ON case_post (next_at, event);
