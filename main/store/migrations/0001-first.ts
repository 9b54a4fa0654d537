/** The first schema: accounts, transactions with their search index, notes, documents as runs and revisions, jobs, outbox, settings. */
export const first = `
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  base_url TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  label TEXT NOT NULL,
  state TEXT NOT NULL,
  credentials TEXT NOT NULL,
  sync_state TEXT
) STRICT;

CREATE TABLE transactions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  remote TEXT NOT NULL,
  shown TEXT NOT NULL,
  item TEXT NOT NULL
) STRICT;
CREATE INDEX transactions_by_date ON transactions (updated_at DESC, seq DESC);
CREATE INDEX transactions_by_status ON transactions (status, updated_at DESC, seq DESC);
CREATE INDEX transactions_by_account ON transactions (account_id, status, updated_at DESC, seq DESC);

CREATE VIRTUAL TABLE search USING fts5 (
  title, parties, tags, notes, files,
  content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER transactions_leave_search AFTER DELETE ON transactions BEGIN
  DELETE FROM search WHERE rowid = old.seq;
END;

CREATE TABLE notes (
  transaction_id TEXT NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  outbox_id TEXT,
  PRIMARY KEY (transaction_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  size_bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE revisions (
  sha256 TEXT PRIMARY KEY,
  size_bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE revision_runs (
  sha256 TEXT NOT NULL REFERENCES revisions (sha256) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (id),
  PRIMARY KEY (sha256, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_runs_by_run ON revision_runs (run_id);

CREATE TABLE documents (
  transaction_id TEXT NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
  document_id TEXT NOT NULL,
  resource_id TEXT,
  sha256 TEXT NOT NULL REFERENCES revisions (sha256),
  PRIMARY KEY (transaction_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX documents_by_revision ON documents (sha256);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  batch_id TEXT NOT NULL,
  transaction_id TEXT NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
  document_id TEXT NOT NULL,
  signature_request_id TEXT NOT NULL,
  state TEXT NOT NULL,
  state_kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  increment BLOB,
  signed_attributes BLOB,
  signature BLOB,
  timestamp_token BLOB
) STRICT;
CREATE INDEX jobs_by_batch ON jobs (batch_id);
CREATE INDEX jobs_by_document ON jobs (transaction_id, document_id);
CREATE INDEX jobs_by_state ON jobs (state_kind);

CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  transaction_id TEXT NOT NULL REFERENCES transactions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  change TEXT NOT NULL,
  memo TEXT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  retry_at INTEGER,
  code TEXT,
  created_at INTEGER NOT NULL,
  job_id TEXT,
  document_id TEXT,
  sha256 TEXT REFERENCES revisions (sha256)
) STRICT;
CREATE INDEX outbox_by_transaction ON outbox (transaction_id, sequence);
CREATE INDEX outbox_unconfirmed ON outbox (transaction_id, sequence) WHERE state <> 'confirmed';
CREATE INDEX outbox_by_revision ON outbox (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
`;
