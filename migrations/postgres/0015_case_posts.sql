-- What happened to cases and is yet to be posted to a web hook: lines of histories, from which the post is written. Each is
-- forgotten once it was taken.

CREATE TABLE case_post (
    event BIGINT NOT NULL REFERENCES case_event (seq),
    what TEXT COLLATE "C" NOT NULL,    -- opened, or what the line says
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,          -- not before
    PRIMARY KEY (event, what)
);
CREATE INDEX case_post_by_time ON case_post (next_at, event);
