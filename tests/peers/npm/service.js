// The service that with_service.sh has started, for the scripts of this folder.
'use strict';
const assert = require('assert');
const { BatchAIManagementClient } = require('@azure/arm-batchai');
const { ClientSecretCredential } = require('@azure/identity');

const env = process.env;
const management = env.MANAGEMENT_ENDPOINT;

function credential(secret = env.CLIENT_SECRET) {
  return new ClientSecretCredential(env.TENANT_ID, env.CLIENT_ID, secret,
                                    { authorityHost: management, disableInstanceDiscovery: true });
}

/** What goes over the wire: [method, kind of address, status]; repeated entries, as of polling, count once. */
class Journal {
  constructor() { this.entries = []; }

  policy() {
    const journal = this;
    return {
      create: (next) => ({
        async sendRequest(request) {
          const response = await next.sendRequest(request);
          const found = /\/(operationresults|operationstatuses)\//.exec(request.url);
          const entry = [request.method, found ? found[1] : 'resource', response.status];
          const last = journal.entries[journal.entries.length - 1];
          if (JSON.stringify(last) !== JSON.stringify(entry)) journal.entries.push(entry);
          return response;
        },
      }),
    };
  }

  take() {
    const taken = this.entries;
    this.entries = [];
    return taken;
  }
}

function batchAi(journal) {
  return new BatchAIManagementClient(credential(), env.SUBSCRIPTION_ID, {
    baseUri: management,
    longRunningOperationRetryTimeout: 1,
    requestPolicyFactories: journal ? (usual) => usual.concat([journal.policy()]) : undefined,
  });
}

/** A request to the resource manager that no package here has a client for. */
async function arm(method, path, body) {
  const { token } = await credential().getToken('https://management.azure.com/.default');
  const separator = path.includes('?') ? '&' : '?';
  const response = await fetch(`${management}${path}${separator}api-version=2021-04-01`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

const group = (name) => `/subscriptions/${env.SUBSCRIPTION_ID}/resourceGroups/${name}`;

async function eventually(what, condition) {
  const until = Date.now() + 60000;
  while (!(await condition())) {
    assert.ok(Date.now() < until, `it did not come about within a minute: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Runs a script; an error ends it with status 1. */
function run(main) {
  main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = { Journal, arm, batchAi, credential, eventually, group, management, run };
