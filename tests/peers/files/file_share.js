// @azure/storage-file-share.
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const {
  AccountSASPermissions, AccountSASResourceTypes, AccountSASServices, FileSASPermissions, generateAccountSASQueryParameters,
  generateFileSASQueryParameters, ShareClient, ShareFileClient, ShareLeaseClient, ShareSASPermissions,
  ShareServiceClient, StorageSharedKeyCredential,
} = require("@azure/storage-file-share");

const account = process.env.STORAGE_ACCOUNT;
const endpoint = `${process.env.FILES_ENDPOINT.replace(/\/$/, "")}/${account}`;
const credential = new StorageSharedKeyCredential(account, process.env.STORAGE_KEY);
const service = new ShareServiceClient(endpoint, credential);

const [parent, child] = ["dir a", "süb+1"];
const fileName = "f é%41 +&.txt";
const content = Buffer.from("hello world, \x00 and more");
const metadata = { a1: "1", a_: "2", abc: "3", ab_c: "4" };
const inAnHour = () => new Date(Date.now() + 3600e3);

async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
}

async function read(file, ...range) {
  const answer = await file.download(...range);
  const pieces = await all(answer.readableStreamBody);
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

function refused(call, code) {
  return assert.rejects(call, (error) => {
    assert.strictEqual(error.code ?? error.details?.errorCode, code);
    return true;
  });
}

// A directory and a file in it, from their making to their end.
async function everything(share) {
  const directory = share.getDirectoryClient(parent);
  await directory.create();
  const below = directory.getDirectoryClient(child);
  await below.create({ metadata });
  assert.deepStrictEqual((await below.getProperties()).metadata, metadata);
  const file = below.getFileClient(fileName);
  await file.create(content.length, { metadata, fileHttpHeaders: { fileContentType: "text/plain" } });
  await file.uploadRange(content, 0, content.length);
  assert.deepStrictEqual(await read(file), content);
  assert.deepStrictEqual(await file.downloadToBuffer(), content);
  const properties = await file.getProperties();
  assert.strictEqual(properties.contentLength, content.length);
  assert.strictEqual(properties.contentType, "text/plain");
  assert.deepStrictEqual(properties.metadata, metadata);
  const options = { prefix: "f é%41", includeTimestamps: true, includeEtag: true, includeAttributes: true,
    includePermissionKey: true, includeExtendedInfo: true };
  const listed = await all(below.listFilesAndDirectories(options));
  assert.deepStrictEqual(listed.map((e) => [e.name, e.properties.contentLength, e.properties.etag]),
    [[fileName, content.length, properties.etag]]);
  assert.deepStrictEqual((await all(share.rootDirectoryClient.listFilesAndDirectories())).map((e) => e.name), [parent]);
  const ranges = await file.getRangeList();
  assert.deepStrictEqual(ranges.rangeList, [{ start: 0, end: content.length - 1 }]);
  await refused(() => below.delete(), "DirectoryNotEmpty");
  await file.resize(5);
  assert.strictEqual((await read(file)).toString(), "hello");
  await file.delete();
  assert.strictEqual(await file.exists(), false);
  await below.delete();
  await directory.delete();
}

async function withSignatures() {
  const share = generateFileSASQueryParameters(
    { shareName: "share1", permissions: ShareSASPermissions.parse("rcwdl"), expiresOn: inAnHour() }, credential);
  await everything(new ShareClient(`${endpoint}/share1?${share}`));
  const whole = generateAccountSASQueryParameters(
    { services: AccountSASServices.parse("f").toString(), resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
      permissions: AccountSASPermissions.parse("rwdlc"), expiresOn: inAnHour() }, credential);
  const client = new ShareServiceClient(`${endpoint}?${whole}`);
  assert.deepStrictEqual((await all(client.listShares())).map((s) => s.name), ["share1"]);
  await everything(client.getShareClient("share1"));
}

async function oneFileByUrl(share) {
  const file = share.rootDirectoryClient.getFileClient(fileName);
  await file.uploadData(content);
  const sas = generateFileSASQueryParameters(
    { shareName: "share1", filePath: fileName, permissions: FileSASPermissions.parse("r"), expiresOn: inAnHour(),
      contentDisposition: "attachment; filename=x.txt" }, credential);
  const answer = await new ShareFileClient(`${file.url}?${sas}`).download();
  assert.strictEqual(answer.contentDisposition, "attachment; filename=x.txt");
  await refused(() => new ShareFileClient(`${file.url}?${sas}`).delete(), "AuthorizationPermissionMismatch");
  await file.delete();
}

async function renames(share) {
  const directory = share.getDirectoryClient("r a");
  await directory.create();
  const file = directory.getFileClient("ö.txt");
  await file.uploadData(content);
  const renamed = (await file.rename("r a/ü +%41.txt")).destinationFileClient;
  assert.deepStrictEqual(await read(share.getDirectoryClient("r a").getFileClient("ü +%41.txt")), content);
  assert.strictEqual(await file.exists(), false);
  await share.rootDirectoryClient.getFileClient("taken").create(1);
  const again = share.getDirectoryClient("r a").getFileClient("ü +%41.txt");
  await refused(() => again.rename("taken"), "ResourceAlreadyExists");
  await again.rename("taken", { replaceIfExists: true });
  assert.deepStrictEqual(await read(share.rootDirectoryClient.getFileClient("taken")), content);
  await directory.rename("r b");
  await share.getDirectoryClient("r b").delete();
  await share.rootDirectoryClient.deleteFile("taken");
  assert.ok(renamed);
}

async function leases(share) {
  const file = share.rootDirectoryClient.getFileClient("l");
  await file.uploadData(content);
  const lease = new ShareLeaseClient(file);
  await lease.acquireLease(-1);
  assert.strictEqual((await file.getProperties()).leaseState, "leased");
  await refused(() => file.delete(), "LeaseIdMissing");
  await lease.releaseLease();
  await file.delete();
}

async function snapshots(share) {
  const file = share.rootDirectoryClient.getFileClient("s");
  await file.uploadData(content);
  const { snapshot } = await share.createSnapshot();
  await file.uploadData(Buffer.from("other"));
  const old = share.withSnapshot(snapshot).rootDirectoryClient.getFileClient("s");
  assert.deepStrictEqual(await read(old), content);
  assert.deepStrictEqual((await all(service.listShares({ includeSnapshots: true }))).map((s) => s.snapshot),
    [snapshot, undefined]);
  await share.withSnapshot(snapshot).delete();
  await file.startCopyFromURL(file.url);
  await file.delete();
}

async function endsOfFiles(share) {
  const file = share.rootDirectoryClient.getFileClient("empty");
  await file.create(0);
  assert.strictEqual((await read(file)).length, 0);
  assert.strictEqual((await file.downloadToBuffer()).length, 0);
  await file.uploadData(Buffer.from("0123456789"));
  assert.strictEqual((await read(file, 7)).toString(), "789");
  await refused(() => file.download(10), "InvalidRange");
  await refused(() => file.uploadRange("xx", 9, 2), "InvalidRange");
  assert.strictEqual((await file.forceCloseAllHandles()).closedHandlesCount, 0);
  await file.delete();
}

// What a job appends is read from where the last answer ended.
async function tail(share) {
  const file = share.rootDirectoryClient.getFileClient("log");
  await file.create(0);
  let seen = 0;
  for (const piece of ["one\n", "two\nthree\n"]) {
    await refused(() => file.download(seen, 100), "InvalidRange");
    fs.appendFileSync(path.join(process.env.DATA_FOLDER, "files", account, "share1", "log"), piece);
    assert.strictEqual((await read(file, seen)).toString(), piece);
    seen += piece.length;
  }
  await file.delete();
}

// More pieces than one, in parallel, both ways.
async function large(share) {
  const file = share.rootDirectoryClient.getFileClient("large");
  const bytes = Buffer.alloc(21 * 1024 * 1024 + 7);
  for (let i = 0; i < bytes.length; i += 4096) bytes.writeUInt32LE(i, i);
  await file.uploadData(bytes, { concurrency: 4 });
  assert.ok((await file.downloadToBuffer(0, undefined, { concurrency: 4 })).equals(bytes));
  await file.delete();
}

(async () => {
  const share = service.getShareClient("share1");
  await share.create({ metadata, quota: 7 });
  await refused(() => share.create(), "ShareAlreadyExists");
  const properties = await share.getProperties();
  assert.strictEqual(properties.quota, 7);
  assert.deepStrictEqual(properties.metadata, metadata);
  await everything(share);
  await withSignatures();
  for (const part of [oneFileByUrl, renames, leases, snapshots, endsOfFiles, tail, large]) {
    await part(share);
  }
  await service.setProperties({ hourMetrics: { version: "1.0", enabled: false, retentionPolicy: { enabled: false } } });
  assert.strictEqual((await service.getProperties()).hourMetrics.enabled, false);
  await share.delete();
  assert.strictEqual(await share.exists(), false);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
