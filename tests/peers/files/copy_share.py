"""Copies a folder into a share, or back: copy_share.py upload|download SHARE FOLDER"""
import os
import sys

from azure.storage.fileshare import ShareClient

from support import CONNECTION_STRING

way, name, folder = sys.argv[1:]
share = ShareClient.from_connection_string(CONNECTION_STRING, name)


def upload(path, folder):
    for entry in os.scandir(folder):
        target = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir():
            share.create_directory(target)
            upload(target, entry.path)
        else:
            with open(entry.path, "rb") as source:
                share.get_file_client(target).upload_file(source)


def download(path, folder):
    for entry in share.list_directories_and_files(path or None):
        source = f"{path}/{entry['name']}" if path else entry["name"]
        target = os.path.join(folder, entry["name"])
        if entry["is_directory"]:
            os.mkdir(target)
            download(source, target)
        else:
            with open(target, "wb") as file:
                share.get_file_client(source).download_file().readinto(file)


{"upload": upload, "download": download}[way]("", folder)
