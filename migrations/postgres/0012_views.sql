-- Filters of a list that somebody gave a name.

CREATE TABLE saved_view (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (name),
    room TEXT COLLATE "C" NOT NULL,                -- keuangan or sdm
    name TEXT COLLATE "C" NOT NULL,
    filters TEXT COLLATE "C" NOT NULL,             -- JSON: pairs of the query, without a period
    changed_at BIGINT NOT NULL,
    UNIQUE (account, room, name)
);
