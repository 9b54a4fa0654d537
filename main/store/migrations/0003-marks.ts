/** Signature marks: their images lie in the encrypted database. */
export const marks = `
CREATE TABLE marks (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  preferred INTEGER NOT NULL,
  image BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX marks_preferred ON marks (preferred) WHERE preferred = 1;
`;
