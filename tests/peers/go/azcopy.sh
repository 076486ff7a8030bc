# Folders that azcopy copies and synchronizes, both ways, are to the byte what they were. It signs with a SAS.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../az/support.sh"
. "$here/../files/tree.sh"

export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=${FILES_ENDPOINT%%:*};AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=${FILES_ENDPOINT%/}/$STORAGE_ACCOUNT"
export BATCHAI_CONFIG_DIR=$WORK/batchai BATCHAI_CA_BUNDLE=$CA_BUNDLE
batchai=$BUILD/bin/batchai

export AZCOPY_LOG_LOCATION=$WORK/azcopy AZCOPY_JOB_PLAN_LOCATION=$WORK/azcopy AZCOPY_CONCURRENCY_VALUE=4 AZCOPY_BUFFER_GB=0.2
mkdir "$WORK/azcopy"
azcopy() {
  "$PEERS/go/bin/azcopy" "$@" --skip-version-check --output-level essential >"$WORK/said" ||
    fail "azcopy $1: $(cat "$WORK/said")"
}

# fetch FOLDER: what the share holds now, by our own client.
fetch() {
  mkdir "$WORK/$1"
  "$batchai" files download kept/ "$WORK/$1" -r -o none
}

make_tree "$WORK/tree"
"$batchai" files share create -n kept -o none
url=$("$batchai" files url kept --permissions rcwdl -o tsv)

azcopy copy "$WORK/tree/*" "$url" --from-to LocalFile --recursive --put-md5
fetch copied
same "$WORK/tree" "$WORK/copied" "copied up by azcopy, fetched by batchai"
mkdir "$WORK/back"
azcopy copy "$url" "$WORK/back" --from-to FileLocal --recursive --as-subdir=false --check-md5 FailIfDifferentOrMissing
same "$WORK/tree" "$WORK/back" "copied down by azcopy"

change_tree "$WORK/tree"
azcopy sync "$WORK/tree" "$url" --from-to LocalFile --delete-destination true
fetch changed
same "$WORK/tree" "$WORK/changed" "synchronized up by azcopy, fetched by batchai"
azcopy sync "$url" "$WORK/back" --from-to FileLocal --delete-destination true
same "$WORK/tree" "$WORK/back" "synchronized down by azcopy"

# A part of the share, which our own client has sent.
"$batchai" files upload "$WORK/tree/Ще" 'kept/sent by us' -r -o none
mkdir "$WORK/part"
azcopy copy "$(printf '%s' "$url" | sed 's|/kept?|/kept/sent%20by%20us/%D0%A9%D0%B5?|')" "$WORK/part" --from-to FileLocal \
  --recursive --as-subdir=false
same "$WORK/tree/Ще" "$WORK/part" "sent by batchai, fetched by azcopy"
