# `az batchai … node exec` into a node while a job runs there: a command, and a port of the job.
. "$(dirname "$0")/support.sh"

if missing=$(grep -o 'Nodes have no SSH server.*' "$WORK/server.log"); then
  printf 'SKIPPED: %s\n' "$missing"
  exit 77
fi

b() { az batchai "$@" --only-show-errors; }
quietly() { b "$@" -o none; }
in_workspace=(-g rg -w w)
in_experiment=(-g rg -w w -e e)
# What az copies from a terminal has its line ends.
on_cluster() { b cluster node exec "${in_workspace[@]}" -c c "$@" 2>&1 | tr -d '\r'; }

register_cloud
sign_in -o none
az group create -n rg -l eastus -o none
az storage share create -n logs -o none --connection-string \
  "AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=$FILES_ENDPOINT/$STORAGE_ACCOUNT"
quietly workspace create -g rg -n w
quietly cluster create "${in_workspace[@]}" -n c -s Standard_NC6 -i UbuntuLTS -t 1 -u demo --generate-ssh-keys \
  --afs-name logs --afs-mount-path logs --storage-account-name "$STORAGE_ACCOUNT"
quietly experiment create "${in_workspace[@]}" -n e

# The job serves a page at a port of its own until there is a file `go`.
cat >serve.py <<'PY'
import http.server, os, threading, time
share = os.environ["AZ_BATCHAI_MOUNT_ROOT"] + "/logs/"
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a page of the job")
server = http.server.HTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(share + "port.new", "w") as file:
    file.write(str(server.server_port))
os.rename(share + "port.new", share + "port")
while not os.path.exists(share + "go"):
    time.sleep(0.05)
PY
share=$DATA_FOLDER/files/$STORAGE_ACCOUNT/logs
cp serve.py "$share"
cat >job.json <<'JSON'
{"properties": {"nodeCount": 1, "stdOutErrPathPrefix": "$AZ_BATCHAI_MOUNT_ROOT/logs",
  "environmentVariables": [{"name": "COLOUR", "value": "dark green"}],
  "customToolkitSettings": {"commandLine": "/usr/bin/python3 $AZ_BATCHAI_MOUNT_ROOT/logs/serve.py"}}}
JSON
quietly job create "${in_experiment[@]}" -n j -c c -f job.json
for _ in $(seq 600); do
  [ ! -e "$share/port" ] || break
  sleep 0.1
done
[ -e "$share/port" ] || fail "the job has not begun"

expect_in "demo in dark green" "$(on_cluster --exec 'echo $(id -un) in $COLOUR')" "what was run on the node"
node=$(b job node list "${in_experiment[@]}" -j j --query '[0].nodeId' -o tsv)
expect_in "mounts/logs/port" "$(b job node exec "${in_experiment[@]}" -j j -n "$node" \
  --exec 'ls $AZ_BATCHAI_MOUNT_ROOT/logs/port' 2>&1)" "the share as the job's node has it"

# A port of the job, through the node, on a port that is free here. For that az wants to be told of its own key.
local=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])')
b cluster node exec "${in_workspace[@]}" -c c -k ~/.ssh/id_rsa -L "$local:localhost:$(cat "$share/port")" >forward.txt 2>&1 &
forward=$!
for _ in $(seq 600); do
  page=$(curl -s "http://127.0.0.1:$local/" || true)
  [ -z "$page" ] || break
  sleep 0.1
done
kill "$forward" 2>/dev/null || true
wait "$forward" || true
expect "a page of the job" "${page:-$(cat forward.txt)}" "the job's page"

# Another key opens nothing, whatever az calls that. It would try its own as well.
mv ~/.ssh ~/apart
ssh-keygen -q -t rsa -m PEM -N '' -f other
said=$(refused b cluster node exec "${in_workspace[@]}" -c c -k other --exec id)
case $said in *uid=*) fail "the wrong key opened the node" ;; esac
touch "$share/go"
for _ in $(seq 120); do
  [ "$(b job show "${in_experiment[@]}" -n j --query executionState -o tsv)" != succeeded ] || break
  sleep 0.5
done
expect 0 "$(b job show "${in_experiment[@]}" -n j --query executionInfo.exitCode -o tsv)" "the job's exit code"
