// @azure/storage-file-share with a credential of @azure/identity instead of the account's key.
const assert = require("assert");
const { ClientSecretCredential } = require("@azure/identity");
const { getFileServiceAccountAudience, ShareServiceClient } = require("@azure/storage-file-share");

const { CLIENT_ID, CLIENT_SECRET, FILES_ENDPOINT, MANAGEMENT_ENDPOINT, STORAGE_ACCOUNT, TENANT_ID } = process.env;
const endpoint = `${FILES_ENDPOINT.replace(/\/$/, "")}/${STORAGE_ACCOUNT}`;
const credential = new ClientSecretCredential(TENANT_ID, CLIENT_ID, CLIENT_SECRET, {
  authorityHost: MANAGEMENT_ENDPOINT, disableInstanceDiscovery: true,
});

async function work(name, options) {
  const service = new ShareServiceClient(endpoint, credential, { fileRequestIntent: "backup", ...options });
  const share = service.getShareClient(name);
  await share.create();
  const file = share.rootDirectoryClient.getFileClient("f.txt");
  await file.create(5);
  await file.uploadRange("hello", 0, 5);
  assert.strictEqual((await file.downloadToBuffer()).toString(), "hello");
  const listed = [];
  for await (const entry of share.rootDirectoryClient.listFilesAndDirectories()) listed.push(entry.name);
  assert.deepStrictEqual(listed, ["f.txt"]);
  await file.rename("g.txt");
  await share.delete();
}

(async () => {
  await work("for-all-accounts", {});
  await work("for-this-account", { audience: getFileServiceAccountAudience(STORAGE_ACCOUNT) });
  const blind = new ShareServiceClient(endpoint, credential, {});
  await assert.rejects(blind.getShareClient("s").create(), (error) => error.code === "MissingRequiredHeader");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
