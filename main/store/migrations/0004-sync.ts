/** Rows of an account as a whole, when a row's state changed last, how a conflict was settled; the activity list; notifications. */
export const sync = `
CREATE TABLE outbox_next (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  transaction_id TEXT REFERENCES transactions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  change TEXT NOT NULL,
  memo TEXT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  retry_at INTEGER,
  code TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  settled TEXT,
  job_id TEXT,
  document_id TEXT,
  sha256 TEXT REFERENCES revisions (sha256)
) STRICT;
INSERT INTO outbox_next (sequence, id, account_id, transaction_id, kind, change, memo, state, attempts, retry_at, code,
  created_at, changed_at, job_id, document_id, sha256)
SELECT sequence, id, account_id, transaction_id, kind, change, memo, state, attempts, retry_at, code,
  created_at, created_at, job_id, document_id, sha256 FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE INDEX outbox_by_transaction ON outbox (transaction_id, sequence);
CREATE INDEX outbox_open ON outbox (transaction_id, sequence) WHERE state NOT IN ('confirmed', 'settled');
CREATE INDEX outbox_by_revision ON outbox (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE activity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  times INTEGER NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  transaction_id TEXT,
  outbox_id TEXT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT,
  retry_at INTEGER,
  ms INTEGER,
  count INTEGER
) STRICT;
CREATE INDEX activity_by_row ON activity (outbox_id, id);
CREATE INDEX activity_by_account ON activity (account_id, kind, id);

CREATE TABLE notifications (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
`;
