-- Small pictures of an encoding for the time line of a player, as tiles of some sheets.
CREATE TABLE storyboards (
  id {ID},
  encoding_id BIGINT NOT NULL UNIQUE REFERENCES encodings (id),
  tile_width BIGINT NOT NULL,
  tile_height BIGINT NOT NULL,
  sheet_columns BIGINT NOT NULL,
  sheet_rows BIGINT NOT NULL,   -- of a full sheet
  step BIGINT NOT NULL,         -- segments from one picture to the next
  pictures BIGINT NOT NULL,     -- 0 = none was made, and `note` says why
  note TEXT NOT NULL
);
CREATE TABLE storyboard_sheets (
  id {ID},
  encoding_id BIGINT NOT NULL REFERENCES encodings (id),
  number BIGINT NOT NULL,       -- from 0
  bytes BIGINT NOT NULL,
  storage_key TEXT NOT NULL UNIQUE,
  UNIQUE (encoding_id, number)
);
