# az storage share, directory and file, by connection string.
. "$(dirname "$0")/../az/support.sh"

scheme=${FILES_ENDPOINT%%:*}
export AZURE_STORAGE_CONNECTION_STRING="DefaultEndpointsProtocol=$scheme;AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=${FILES_ENDPOINT%/}/$STORAGE_ACCOUNT"

directory='dir a/süb+1'
file='f é%41 +&.txt'

az storage share create -n share1 --quota 7 --metadata a1=1 a_=2 abc=3 ab_c=4 -o none
expect 7 "$(az storage share show -n share1 --query 'properties.quota || properties.shareQuota' -o tsv)" "the quota"
expect "1 2 3 4" "$(az storage share metadata show -n share1 --query '[a1,a_,abc,ab_c]' -o tsv | paste -sd ' ' -)" "metadata"
expect share1 "$(az storage share list --query '[].name' -o tsv)" "the shares"
expect true "$(az storage share exists -n share1 --query exists -o tsv)" "existence"
expect false "$(az storage share exists -n share2 --query exists -o tsv)" "existence"

az storage directory create -s share1 -n 'dir a' -o none
az storage directory create -s share1 -n "$directory" --metadata k=v -o none
expect v "$(az storage directory metadata show -s share1 -n "$directory" --query k -o tsv)" "metadata of a directory"
expect true "$(az storage directory exists -s share1 -n "$directory" --query exists -o tsv)" "existence of a directory"
expect 'süb+1' "$(az storage directory list -s share1 -n 'dir a' --query '[].name' -o tsv)" "directories"

printf 'hello world, and more' >"$WORK/source"
az storage file upload -s share1 -p "$directory/$file" --source "$WORK/source" --content-type text/plain \
  --metadata a1=1 a_=2 --no-progress -o none
expect text/plain "$(az storage file show -s share1 -p "$directory/$file" --query properties.contentSettings.contentType -o tsv)" \
  "the content type"
expect "$file" "$(az storage file list -s share1 -p "$directory" --query '[].name' -o tsv)" "files"
az storage file download -s share1 -p "$directory/$file" --dest "$WORK/target" --no-progress -o none
cmp "$WORK/source" "$WORK/target"

# The URL opens with a signature that az has made.
url=$(az storage file url -s share1 -p "$directory/$file" --protocol "$scheme" -o tsv)
sas=$(az storage file generate-sas -s share1 -p "$directory/$file" --permissions r --expiry "$(date -ud '1 hour' +%Y-%m-%dT%H:%MZ)" -o tsv)
given=$(/usr/bin/python3 - "$url" "$sas" <<'PY'
import os, ssl, sys, urllib.parse, urllib.request
url = urllib.parse.quote(urllib.parse.unquote(sys.argv[1]), safe=":/")
tls = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
print(urllib.request.urlopen(url + "?" + sys.argv[2], context=tls).read().decode(), end="")
PY
)
expect "hello world, and more" "$given" "the file by its URL"

az storage file resize -s share1 -p "$directory/$file" --size 5 -o none
expect 5 "$(az storage file show -s share1 -p "$directory/$file" --query properties.contentLength -o tsv)" "the new length"
az storage file copy start --source-share share1 --source-path "$directory/$file" --destination-share share1 \
  --destination-path copy.txt -o none
expect success "$(az storage file show -s share1 -p copy.txt --query properties.copy.status -o tsv)" "the copy's status"
expect_in ResourceNotFound "$(refused az storage file show -s share1 -p nothing)" "a missing file"

# Batches.
mkdir -p "$WORK/batch/one/two" "$WORK/back"
for name in 'a.txt' 'one/ü +.txt' 'one/two/100%.log'; do
  printf '%s' "$name" >"$WORK/batch/$name"
done
: >"$WORK/batch/empty.txt"
az storage file upload-batch -s "$WORK/batch" -d share1 --destination-path into --no-progress -o none
az storage file download-batch -s share1/into -d "$WORK/back" --no-progress -o none
diff -r "$WORK/batch" "$WORK/back"
az storage file delete-batch -s share1/into --pattern '*.log' -o none
expect false "$(az storage file exists -s share1 -p 'into/one/two/100%.log' --query exists -o tsv)" "a file of the batch"
expect true "$(az storage file exists -s share1 -p 'into/one/ü +.txt' --query exists -o tsv)" "another one"

# Snapshots, policies, statistics.
snapshot=$(az storage share snapshot -n share1 --query snapshot -o tsv)
az storage file delete -s share1 -p copy.txt -o none
expect hello "$(az storage file download -s share1 -p copy.txt --snapshot "$snapshot" --dest "$WORK/old" --no-progress -o none && cat "$WORK/old")" \
  "a file of a snapshot"
az storage share policy create -s share1 -n readers --permissions r --expiry 2099-01-01T00:00Z -o none
expect r "$(az storage share policy show -s share1 -n readers --query permission -o tsv)" "a policy"
[ "$(az storage share stats -n share1 -o tsv)" -ge 0 ] || fail "the statistics"

az storage file delete -s share1 -p "$directory/$file" -o none
az storage directory delete -s share1 -n "$directory" -o none
expect_in DirectoryNotEmpty "$(refused az storage directory delete -s share1 -n into/one)" "a full directory"
az storage share delete -n share1 --delete-snapshots include -o none
expect "" "$(az storage share list --query '[].name' -o tsv)" "the shares at the end"
