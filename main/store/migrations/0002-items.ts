/**
 * The inbox's list apart from the transactions: one narrow row an item, with the indexes a page of it is read from, counters kept by
 * triggers, and one search index that holds words and facets (main/store/items.ts). `position` orders by the time of the last change.
 * What is shown is kept only where it differs from what the provider said. The rows are derived anew after the migration.
 */
export const items = `
DROP TRIGGER transactions_leave_search;
DROP TABLE search;
DROP INDEX transactions_by_date;
DROP INDEX transactions_by_status;
DROP INDEX transactions_by_account;
ALTER TABLE transactions DROP COLUMN status;
ALTER TABLE transactions DROP COLUMN updated_at;
ALTER TABLE transactions DROP COLUMN item;
ALTER TABLE transactions DROP COLUMN shown;
ALTER TABLE transactions ADD COLUMN local TEXT;
CREATE INDEX transactions_by_account ON transactions (account_id);

CREATE TABLE items (
  position INTEGER PRIMARY KEY,
  transaction_id TEXT NOT NULL UNIQUE REFERENCES transactions (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  status TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  due INTEGER NOT NULL,
  title TEXT NOT NULL,
  sender TEXT NOT NULL,
  tags TEXT NOT NULL
) STRICT;
CREATE TABLE item_bodies (
  position INTEGER PRIMARY KEY,
  item TEXT NOT NULL
) STRICT;
CREATE INDEX items_in_order ON items (position);
CREATE INDEX items_by_due ON items (due, position DESC);
CREATE INDEX items_by_title ON items (title, position DESC);
CREATE INDEX items_by_sender ON items (sender, position DESC);
CREATE INDEX items_by_status ON items (status, position);
CREATE INDEX items_by_status_due ON items (status, due, position DESC);
CREATE INDEX items_by_status_title ON items (status, title, position DESC);
CREATE INDEX items_by_status_sender ON items (status, sender, position DESC);

CREATE TABLE item_counts (
  account_id TEXT NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (account_id, status)
) STRICT, WITHOUT ROWID;
CREATE TABLE tag_counts (
  account_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (account_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE facets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
  words,
  content = '', contentless_delete = 1, prefix = '1 2 3 4', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER items_come AFTER INSERT ON items BEGIN
  INSERT INTO item_counts VALUES (new.account_id, new.status, 1)
    ON CONFLICT DO UPDATE SET count = count + 1;
  INSERT INTO tag_counts SELECT new.account_id, value, 1 FROM json_each(new.tags) WHERE true
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER items_go AFTER DELETE ON items BEGIN
  DELETE FROM item_bodies WHERE position = old.position;
  DELETE FROM search WHERE rowid = old.position;
  UPDATE item_counts SET count = count - 1 WHERE account_id = old.account_id AND status = old.status;
  UPDATE tag_counts SET count = count - 1
    WHERE account_id = old.account_id AND tag IN (SELECT value FROM json_each(old.tags));
  DELETE FROM tag_counts
    WHERE account_id = old.account_id AND tag IN (SELECT value FROM json_each(old.tags)) AND count = 0;
END;

CREATE TABLE profile (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
`;
