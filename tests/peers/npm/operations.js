// What @azure/arm-batchai sees of long-running operations, pages and errors.
'use strict';
const assert = require('assert');
const { Journal, arm, batchAi, eventually, group, run } = require('./service');

const journal = new Journal();
const client = batchAi(journal);
const status = ['GET', 'operationresults', 200];
const result = ['GET', 'operationstatuses', 200];
const resource = ['GET', 'resource', 200];

const cluster = (targetNodeCount) => ({
  vmSize: 'Standard_NC6',
  scaleSettings: { manual: { targetNodeCount } },
  userAccountSettings: { adminUserName: 'demo', adminUserPassword: 'not-a-real-one' },
});

run(async () => {
  await arm('PUT', group('rg'), { location: 'eastus' });

  // PUT 200 with a final state: one request.
  const workspace = await client.workspaces.create('rg', 'ws', { location: 'East US' });
  assert.deepStrictEqual([workspace.name, workspace.location, workspace.provisioningState],
                         ['ws', 'eastus', 'succeeded']);
  assert.deepStrictEqual(journal.take(), [['PUT', 'resource', 200]]);

  // PUT 202 with the address of a status: polled, then the resource is read.
  const made = await client.clusters.create('rg', 'ws', 'c', cluster(1));
  assert.deepStrictEqual([made.vmSize, made.provisioningState], ['STANDARD_NC6', 'succeeded']);
  assert.deepStrictEqual(journal.take(), [['PUT', 'resource', 202], status, resource]);

  await client.experiments.create('rg', 'ws', 'e');
  const job = {
    cluster: { id: made.id }, nodeCount: 1, stdOutErrPathPrefix: '/tmp',
    customToolkitSettings: { commandLine: 'sleep 1000' },
  };
  await client.jobs.create('rg', 'ws', 'e', 'j', job);
  const state = async (name) => (await client.jobs.get('rg', 'ws', 'e', name)).executionState;
  await eventually('the job runs', async () => (await state('j')) === 'running');

  // POST 202 with both addresses: the status only.
  journal.take();
  await client.jobs.terminate('rg', 'ws', 'e', 'j');
  assert.deepStrictEqual(journal.take(), [['POST', 'resource', 202], status]);
  assert.strictEqual(await state('j'), 'failed');

  // DELETE 202 with both addresses: the status, then the result, which has to be readable still.
  journal.take();
  await client.jobs.deleteMethod('rg', 'ws', 'e', 'j');
  const requests = journal.take();
  assert.deepStrictEqual(requests.slice(0, 2), [['DELETE', 'resource', 202], status]);
  assert.ok(requests.length === 2 || [200, 204].includes(requests[2][2]), JSON.stringify(requests));
  await client.jobs.deleteMethod('rg', 'ws', 'e', 'j');
  assert.deepStrictEqual(journal.take(), [['DELETE', 'resource', 204]]);

  // Errors carry the service's code and message.
  await assert.rejects(client.clusters.get('rg', 'ws', 'none'), (error) => {
    assert.deepStrictEqual([error.statusCode, error.code, error.message],
                           [404, 'ClusterNotFound', 'The specified cluster none is not found']);
    return true;
  });
  await assert.rejects(client.clusters.create('rg', 'ws', 'bad', cluster(-1)), { statusCode: 400 });
  await assert.rejects(client.clusters.create('rg', 'ws', 'c', cluster(2)), { statusCode: 409 });

  // A page at a time, by absolute links.
  await client.experiments.create('rg', 'ws', 'e2');
  const first = await client.experiments.listByWorkspace(
      'rg', 'ws', { experimentsListByWorkspaceOptions: { maxResults: 1 } });
  assert.deepStrictEqual([first.map((each) => each.name), typeof first.nextLink], [['e'], 'string']);
  const second = await client.experiments.listByWorkspaceNext(first.nextLink);
  assert.deepStrictEqual([second.map((each) => each.name), second.nextLink], [['e2'], undefined]);

  // File servers, which the Python SDK has lost its operations for.
  const server = await client.fileServers.create('rg', 'ws', 'nfs', {
    vmSize: 'Standard_D2_v2',
    sshConfiguration: { userAccountSettings: { adminUserName: 'demo', adminUserPassword: 'not-a-real-one' } },
    dataDisks: { diskSizeInGB: 10, diskCount: 1, storageAccountType: 'Standard_LRS' },
  });
  assert.deepStrictEqual([server.provisioningState, server.dataDisks.diskSizeInGB], ['succeeded', 10]);
  assert.strictEqual((await client.fileServers.get('rg', 'ws', 'nfs')).name, 'nfs');
  await client.fileServers.deleteMethod('rg', 'ws', 'nfs');
  assert.deepStrictEqual([...(await client.fileServers.listByWorkspace('rg', 'ws'))], []);

  assert.ok((await client.usages.list('eastus')).some((each) => each.name.value === 'Clusters'));
  assert.ok((await client.operations.list()).some((each) => each.name === 'Microsoft.BatchAI/workspaces/write'));
  await client.workspaces.deleteMethod('rg', 'ws');
  await assert.rejects(client.workspaces.get('rg', 'ws'), { code: 'WorkspaceNotFound' });
});
