# Folders that rclone copies and synchronizes, both ways, are to the byte what they were.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../az/support.sh"
. "$here/../files/tree.sh"

export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=${FILES_ENDPOINT%%:*};AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=${FILES_ENDPOINT%/}/$STORAGE_ACCOUNT"
export BATCHAI_CONFIG_DIR=$WORK/batchai BATCHAI_CA_BUNDLE=$CA_BUNDLE
batchai=$BUILD/bin/batchai

export RCLONE_CONFIG=$WORK/rclone.conf RCLONE_CONFIG_SHARE_TYPE=azurefiles RCLONE_CONFIG_SHARE_SHARE_NAME=kept \
  RCLONE_CONFIG_SHARE_ACCOUNT=$STORAGE_ACCOUNT RCLONE_CONFIG_SHARE_KEY=$STORAGE_KEY \
  RCLONE_CONFIG_SHARE_ENDPOINT=${FILES_ENDPOINT%/}/$STORAGE_ACCOUNT
: >"$RCLONE_CONFIG"
rclone() { "$PEERS/go/bin/rclone" --retries 1 --low-level-retries 1 "$@"; }

# fetch FOLDER: what the share holds now, by our own client.
fetch() {
  mkdir "$WORK/$1"
  "$batchai" files download kept/ "$WORK/$1" -r -o none
}

make_tree "$WORK/tree"
mkdir "$WORK/tree/dir a/with nothing in it"
"$batchai" files share create -n kept -o none

rclone copy --create-empty-src-dirs "$WORK/tree" share:
fetch copied
same "$WORK/tree" "$WORK/copied" "copied up by rclone, fetched by batchai"
rclone check --download "$WORK/tree" share: || fail "rclone finds other bytes than it sent"
rclone copy --create-empty-src-dirs share: "$WORK/back"
same "$WORK/tree" "$WORK/back" "copied down by rclone"
expect_in 'nothing to transfer' "$(rclone sync -v "$WORK/tree" share: 2>&1)" "the second run of a synchronization"

change_tree "$WORK/tree"
rclone sync --create-empty-src-dirs "$WORK/tree" share:
fetch changed
same "$WORK/tree" "$WORK/changed" "synchronized up by rclone, fetched by batchai"
rclone sync --create-empty-src-dirs share: "$WORK/back"
same "$WORK/tree" "$WORK/back" "synchronized down by rclone"

# A part of the share, which our own client has sent.
"$batchai" files upload "$WORK/tree/Ще" 'kept/sent by us' -r -o none
rclone copy 'share:sent by us/Ще' "$WORK/part"
same "$WORK/tree/Ще" "$WORK/part" "sent by batchai, fetched by rclone"
