# What our command line sends, other clients get, and the reverse, to the byte.
. "$(dirname "$0")/../az/support.sh"
. "$(dirname "$0")/tree.sh"

here=$(cd "$(dirname "$0")" && pwd)
scheme=${FILES_ENDPOINT%%:*}
export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=$scheme;AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=${FILES_ENDPOINT%/}/$STORAGE_ACCOUNT"
export BATCHAI_CONFIG_DIR=$WORK/batchai BATCHAI_CA_BUNDLE=$CA_BUNDLE
batchai=$BUILD/bin/batchai

make_tree "$WORK/ours"
"$batchai" files share create -n ours -o none
"$batchai" files upload "$WORK/ours"/ ours -r -o none
mkdir "$WORK/by_ours" "$WORK/by_az" "$WORK/by_js" "$WORK/by_python"
"$batchai" files download ours "$WORK/by_ours" -r -o none
az storage file download-batch -s ours -d "$WORK/by_az" --no-progress -o none
same "$WORK/ours" "$WORK/by_az" "sent by batchai, fetched by az"
node "$here/copy_share.js" download ours "$WORK/by_js"
same "$WORK/ours" "$WORK/by_js" "sent by batchai, fetched by JavaScript"
/usr/bin/python3 "$here/copy_share.py" download ours "$WORK/by_python"
same "$WORK/ours" "$WORK/by_python" "sent by batchai, fetched by Python"

for peer in az js python; do
  "$batchai" files share create -n "by-$peer" -o none
done
az storage file upload-batch -s "$WORK/ours" -d by-az --no-progress -o none
node "$here/copy_share.js" upload by-js "$WORK/ours"
/usr/bin/python3 "$here/copy_share.py" upload by-python "$WORK/ours"
for peer in az js python; do
  mkdir "$WORK/from_$peer"
  "$batchai" files download "by-$peer" "$WORK/from_$peer" -r -o none
  same "$WORK/ours" "$WORK/from_$peer" "sent by $peer, fetched by batchai"
done
