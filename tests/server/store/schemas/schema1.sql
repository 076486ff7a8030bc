-- A database as batchai-server wrote it before schema 2, with a service principal's settings, a cluster and an operation.
PRAGMA application_id = 1114915145;
PRAGMA user_version = 1;
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
INSERT INTO documents VALUES
  (1, 'setting/service', 'setting', '', '{"tenantId":"6f0e1c9a-0000-0000-0000-000000000001"}', '{}', 17636999999999990),
  (4, '/subscriptions/s/resourcegroups/g/providers/microsoft.batchai/workspaces/w/clusters/c', 'cluster',
   '/subscriptions/s/resourcegroups/g/providers/microsoft.batchai/workspaces/w',
   '{"name":"c","properties":{"vmSize":"STANDARD_NC6","note":"Grüße"}}', '{"nodes":[]}', 17636999999999995),
  (9, 'operation/1', 'operation', '', '{"status":"Succeeded"}', '{}', 17637000000000000);
