-- A database as batchai-server wrote it before schema 3: an experiment with four jobs, of which one waits, one is being
-- created, one runs and one has ended.
PRAGMA application_id = 1114915145;
PRAGMA user_version = 2;
CREATE TABLE documents (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  body TEXT NOT NULL,
  hidden TEXT NOT NULL,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX documents_by_kind ON documents (kind, sequence);
CREATE INDEX documents_by_parent ON documents (kind, parent, sequence);
CREATE TABLE marks (last_changed INTEGER NOT NULL) STRICT;
INSERT INTO marks VALUES (17637000000000000);
CREATE TABLE history (
  schema INTEGER PRIMARY KEY,
  program TEXT NOT NULL,
  moment TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
INSERT INTO history VALUES (2, 'batchai-server 1.0.0', '2026-11-01T00:00:00Z');
INSERT INTO documents VALUES
  (1, 'w/experiments/e', 'experiment', 'w', '{"id":"/w/experiments/e","name":"e"}', '{}', 17636999999999990),
  (2, 'w/clusters/c', 'cluster', 'w', '{"properties":{"allocationState":"steady","vmSize":"STANDARD_NC6"}}',
   '{"nodes":[{"address":"127.0.0.2","id":"n1","job":"w/experiments/e/jobs/runs","state":"running"}]}',
   17636999999999991),
  (3, 'w/experiments/e/jobs/waits', 'job', 'w/experiments/e',
   '{"id":"/w/experiments/e/jobs/waits","name":"waits","properties":{"executionState":"queued","nodeCount":2,"provisioningState":"succeeded","schedulingPriority":"high"},"type":"job"}',
   '{"cluster":"w/clusters/c"}', 17636999999999992),
  (4, 'activejob/w/experiments/e/jobs/waits', 'activeJob', 'w/clusters/c', '{"job":"w/experiments/e/jobs/waits"}', '{}',
   17636999999999992),
  (5, 'w/experiments/e/jobs/runs', 'job', 'w/experiments/e',
   '{"id":"/w/experiments/e/jobs/runs","name":"runs","properties":{"executionState":"running","nodeCount":1,"provisioningState":"succeeded"},"type":"job"}',
   '{"cluster":"w/clusters/c","handedOver":true,"nodes":["n1"],"runId":"run-1","started":17636999999999993}',
   17636999999999993),
  (6, 'activejob/w/experiments/e/jobs/runs', 'activeJob', 'w/clusters/c', '{"job":"w/experiments/e/jobs/runs"}', '{}',
   17636999999999993),
  (7, 'w/experiments/e/jobs/ended', 'job', 'w/experiments/e',
   '{"id":"/w/experiments/e/jobs/ended","name":"ended","properties":{"executionState":"succeeded","nodeCount":1,"provisioningState":"succeeded"},"type":"job"}',
   '{"cluster":"w/clusters/c"}', 17636999999999994),
  (8, 'w/experiments/e/jobs/new', 'job', 'w/experiments/e',
   '{"id":"/w/experiments/e/jobs/new","name":"new","properties":{"executionState":"queued","nodeCount":1,"provisioningState":"creating"},"type":"job"}',
   '{"cluster":"w/clusters/c","createOperation":"1"}', 17636999999999995),
  (9, 'activejob/w/experiments/e/jobs/new', 'activeJob', 'w/clusters/c', '{"job":"w/experiments/e/jobs/new"}', '{}',
   17636999999999995),
  (10, 'operation/1', 'operation', '', '{"status":"InProgress"}', '{}', 17637000000000000);
