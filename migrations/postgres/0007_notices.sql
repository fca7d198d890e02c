-- What people have been told, so that each cause is told once and its end too.

CREATE TABLE notice (
    cause TEXT COLLATE "C" NOT NULL PRIMARY KEY,   -- stable name of what is wrong
    event TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,            -- when it was first seen
    said_id TEXT COLLATE "C" NOT NULL,            -- the sentence that was told last, without personal data
    said_en TEXT COLLATE "C" NOT NULL,
    ended_at BIGINT NULL,             -- when it was first not seen again
    told TEXT COLLATE "C" NOT NULL                -- JSON: the ways that were told of it, and those that were told of its end
);
