-- A database as batchai-server wrote it with schema 3: an experiment with a job that waits and one that has ended, which
-- has no cluster in its column.
PRAGMA application_id = 1114915145;
PRAGMA user_version = 3;
CREATE TABLE documents (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  body TEXT NOT NULL,
  hidden TEXT NOT NULL,
  changed INTEGER NOT NULL,
  state TEXT,
  cluster TEXT,
  rank INTEGER,
  node_count INTEGER,
  only_waits INTEGER
) STRICT;
CREATE INDEX documents_by_kind ON documents (kind, sequence);
CREATE INDEX documents_by_parent ON documents (kind, parent, sequence);
CREATE INDEX documents_by_state ON documents (kind, state) WHERE state IS NOT NULL;
CREATE INDEX active_jobs ON documents (cluster, rank, node_count, only_waits) WHERE cluster IS NOT NULL;
CREATE TABLE marks (last_changed INTEGER NOT NULL) STRICT;
INSERT INTO marks VALUES (17637000000000000);
CREATE TABLE history (
  schema INTEGER PRIMARY KEY,
  program TEXT NOT NULL,
  moment TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
INSERT INTO history VALUES (3, 'batchai-server 1.0.0', '2026-11-01T00:00:00Z');
INSERT INTO documents VALUES
  (1, 'w/experiments/experiments', 'experiment', 'w', '{"id":"/w/experiments/experiments"}', '{}', 17636999999999990,
   NULL, NULL, NULL, NULL, NULL),
  (2, 'w/experiments/experiments/jobs/waits', 'job', 'w/experiments/experiments',
   '{"id":"/w/experiments/experiments/jobs/waits","properties":{"executionState":"queued"}}',
   '{"cluster":"w/clusters/c"}', 17636999999999991, 'queued', 'w/clusters/c', 1, 1, 1),
  (3, 'w/experiments/experiments/jobs/ended', 'job', 'w/experiments/experiments',
   '{"id":"/w/experiments/experiments/jobs/ended","properties":{"executionState":"succeeded"}}',
   '{"cluster":"w/clusters/c"}', 17636999999999992, 'succeeded', NULL, NULL, NULL, NULL);
