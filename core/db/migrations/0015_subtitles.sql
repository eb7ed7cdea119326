-- Text subtitles of an encoding, a WebVTT file per track of its source.
CREATE TABLE subtitles (
  id {ID},
  encoding_id BIGINT NOT NULL REFERENCES encodings (id),
  number BIGINT NOT NULL,       -- from 1, in the order of the source
  language TEXT NOT NULL,       -- BCP 47; '' = unknown
  name TEXT NOT NULL,
  is_default BIGINT NOT NULL,
  is_forced BIGINT NOT NULL,
  for_hearing_impaired BIGINT NOT NULL,
  cues BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  storage_key TEXT UNIQUE,      -- NULL = left out, and `note` says why
  note TEXT NOT NULL,
  UNIQUE (encoding_id, number)
);
-- Those of the encoding that plays, as the API lists them: a page of videos asks no other table.
ALTER TABLE videos ADD COLUMN subtitles TEXT NOT NULL DEFAULT '[]';
