-- How fast each surface of BKN is asked by all processes together.

CREATE TABLE pace (
    surface TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL,          -- the first moment that nobody has booked
    paused_until BIGINT NOT NULL,     -- nobody asks before; 0: never paused
    seen_at BIGINT NOT NULL           -- the latest time that any process has told: nobody's clock is behind it
);
