// Copies a folder into a share, or back: copy_share.js upload|download SHARE FOLDER
const fs = require("fs");
const path = require("path");
const { ShareServiceClient, StorageSharedKeyCredential } = require("@azure/storage-file-share");

const account = process.env.STORAGE_ACCOUNT;
const service = new ShareServiceClient(`${process.env.FILES_ENDPOINT.replace(/\/$/, "")}/${account}`,
  new StorageSharedKeyCredential(account, process.env.STORAGE_KEY));

async function upload(directory, folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const local = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = directory.getDirectoryClient(entry.name);
      await below.create();
      await upload(below, local);
    } else {
      await directory.getFileClient(entry.name).uploadFile(local);
    }
  }
}

async function download(directory, folder) {
  for await (const entry of directory.listFilesAndDirectories()) {
    const local = path.join(folder, entry.name);
    if (entry.kind === "directory") {
      fs.mkdirSync(local);
      await download(directory.getDirectoryClient(entry.name), local);
    } else {
      await directory.getFileClient(entry.name).downloadToFile(local);
    }
  }
}

const [way, share, folder] = process.argv.slice(2);
({ upload, download })[way](service.getShareClient(share).rootDirectoryClient, folder).catch((error) => {
  console.error(error);
  process.exit(1);
});
