// The quickstart's walkthrough in JavaScript, with a job of a few seconds.
'use strict';
const assert = require('assert');
const { ShareServiceClient, StorageSharedKeyCredential } = require('@azure/storage-file-share');
const { arm, batchAi, eventually, group, run } = require('./service');

const { FILES_ENDPOINT, STORAGE_ACCOUNT, STORAGE_KEY, SUBSCRIPTION_ID } = process.env;
const [groupName, share, folder] = ['batchaiquickstart', 'batchaiquickstart', 'sample'];
const script = 'import os, sys\nprint("hello from", sys.argv[1])\n' +
    'open(os.environ["AZ_BATCHAI_OUTPUT_MODEL"] + "/model.txt", "w").write("weights")\n';

run(async () => {
  await arm('POST', `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.BatchAI/register`);
  await arm('PUT', group(groupName), { location: 'eastus' });

  const files = new ShareServiceClient(`${FILES_ENDPOINT}/${STORAGE_ACCOUNT}`,
                                       new StorageSharedKeyCredential(STORAGE_ACCOUNT, STORAGE_KEY));
  const shareClient = files.getShareClient(share);
  await shareClient.create();
  const directory = shareClient.getDirectoryClient(folder);
  await directory.create();
  const file = directory.getFileClient('train.py');
  await file.uploadData(Buffer.from(script));

  const client = batchAi();
  await client.workspaces.create(groupName, 'ws', { location: 'eastus' });
  const cluster = await client.clusters.create(groupName, 'ws', 'nc6', {
    vmSize: 'STANDARD_NC6',
    scaleSettings: { manual: { targetNodeCount: 1 } },
    userAccountSettings: { adminUserName: 'demo', adminUserPassword: 'not-a-real-one' },
    nodeSetup: {
      mountVolumes: {
        azureFileShares: [{
          accountName: STORAGE_ACCOUNT,
          azureFileUrl: `https://${STORAGE_ACCOUNT}.file.core.windows.net/${share}`,
          credentials: { accountKey: STORAGE_KEY },
          relativeMountPath: 'azurefileshare',
        }],
      },
    },
  });
  await eventually('the node is idle', async () =>
      (await client.clusters.get(groupName, 'ws', 'nc6')).nodeStateCounts.idleNodeCount === 1);

  const mount = '$AZ_BATCHAI_MOUNT_ROOT/azurefileshare';
  const submitted = { environmentVariables: [{ name: 'A', value: 'b' }], secrets: [{ name: 'S', value: 'hush' }] };
  await client.experiments.create(groupName, 'ws', 'e');
  const job = await client.jobs.create(groupName, 'ws', 'e', 'j', {
    ...submitted,
    cluster: { id: cluster.id },
    nodeCount: 1,
    stdOutErrPathPrefix: mount,
    inputDirectories: [{ id: 'SAMPLE', path: `${mount}/${folder}` }],
    outputDirectories: [{ id: 'MODEL', pathPrefix: mount, pathSuffix: 'Models' }],
    constraints: { maxWallClockTime: 'PT1H' },
    tensorFlowSettings: {
      pythonScriptFilePath: '$AZ_BATCHAI_INPUT_SAMPLE/train.py',
      pythonInterpreterPath: '/usr/bin/python3',
      masterCommandLineArgs: 'TensorFlow',
    },
  });
  assert.deepStrictEqual([job.toolType, job.environmentVariables[0].value, job.secrets[0].value],
                         ['tensorflow', 'b', undefined]);
  const ended = async () => {
    const { executionState } = await client.jobs.get(groupName, 'ws', 'e', 'j');
    return executionState === 'succeeded' || executionState === 'failed';
  };
  await eventually('the job has ended', ended);

  const listed = (id) => client.jobs.listOutputFiles(groupName, 'ws', 'e', 'j', { outputdirectoryid: id });
  const logs = {};
  for (const each of await listed('stdouterr')) {
    if (each.downloadUrl) logs[each.name] = await (await fetch(each.downloadUrl)).text();
  }
  const { executionState, executionInfo } = await client.jobs.get(groupName, 'ws', 'e', 'j');
  assert.deepStrictEqual([executionState, executionInfo.exitCode], ['succeeded', 0], JSON.stringify(logs));
  assert.ok(Object.values(logs).some((text) => text.includes('hello from TensorFlow')), JSON.stringify(logs));
  const [model] = await listed('MODEL');
  assert.deepStrictEqual([model.name, model.contentLength], ['model.txt', 7]);
  assert.strictEqual(await (await fetch(model.downloadUrl)).text(), 'weights');

  await client.jobs.deleteMethod(groupName, 'ws', 'e', 'j');
  await client.clusters.deleteMethod(groupName, 'ws', 'nc6');
  await arm('DELETE', group(groupName));
});
