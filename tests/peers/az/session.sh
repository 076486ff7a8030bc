# A whole session with `az batchai`, as a person has it.
. "$(dirname "$0")/support.sh"

b() { az batchai "$@" --only-show-errors; }
quietly() { b "$@" -o none; }
in_workspace=(-g RG1 -w w)
in_experiment=(-g RG1 -w w -e e)

# A job that runs a command by the shell, with an output directory.
job_file() {
  cat <<JSON
{"\$schema": "https://raw.githubusercontent.com/Azure/BatchAI/master/schemas/2018-05-01/job.json",
 "properties": {"nodeCount": 1, "customToolkitSettings": {"commandLine": "$1"},
  "stdOutErrPathPrefix": "\$AZ_BATCHAI_MOUNT_ROOT/logs",
  "outputDirectories": [{"id": "MODEL", "pathPrefix": "\$AZ_BATCHAI_MOUNT_ROOT/logs"}]}}
JSON
}

register_cloud
sign_in -o none
az group create -n RG1 -l eastus -o none
az storage share create -n logs -o none --connection-string \
  "AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=$FILES_ENDPOINT/$STORAGE_ACCOUNT"

expect "w eastus succeeded RG1" "$(b workspace create -g RG1 -n w \
  --query "join(' ', [name, location, provisioningState, resourceGroup])" -o tsv)" "the new workspace"
expect w "$(b workspace list --query '[].name' -o tsv)" "the workspaces of the subscription"
expect w "$(b workspace list -g rg1 --query '[].name' -o tsv)" "the workspaces of the group"

# A cluster by a file with the placeholders that people use, and one by options.
cat >cluster.json <<'JSON'
{"$schema": "https://raw.githubusercontent.com/Azure/BatchAI/master/schemas/2018-05-01/cluster.json",
 "properties": {"vmSize": "Standard_NC6", "scaleSettings": {"manual": {"targetNodeCount": 1}},
  "userAccountSettings": {"adminUserName": "demo", "adminUserPassword": "not-a-real-password"},
  "nodeSetup": {
   "setupTask": {"commandLine": "echo set up", "stdOutErrPathPrefix": "$AZ_BATCHAI_MOUNT_ROOT/logs"},
   "mountVolumes": {"azureFileShares": [{
   "accountName": "<AZURE_BATCHAI_STORAGE_ACCOUNT>",
   "azureFileUrl": "https://<AZURE_BATCHAI_STORAGE_ACCOUNT>.file.core.windows.net/logs",
   "relativeMountPath": "logs", "credentials": {"accountKey": "<AZURE_BATCHAI_STORAGE_KEY>"}}]}}}}
JSON
expect "STANDARD_NC6 dedicated Canonical" "$(b cluster create "${in_workspace[@]}" -n c1 -f cluster.json \
  --storage-account-name "$STORAGE_ACCOUNT" \
  --query "join(' ', [vmSize, vmPriority, virtualMachineConfiguration.imageReference.publisher])" -o tsv)" \
  "the cluster by a file"
expect "lowpriority mylogs 0" "$(b cluster create "${in_workspace[@]}" -n c2 -s Standard_D2_v2 -i UbuntuLTS -t 0 \
  --vm-priority lowpriority -u demo -p not-a-real-password --afs-name logs --afs-mount-path mylogs \
  --storage-account-name "$STORAGE_ACCOUNT" --query "join(' ', [vmPriority,
    nodeSetup.mountVolumes.azureFileShares[0].relativeMountPath,
    to_string(scaleSettings.manual.targetNodeCount)])" -o tsv)" "the cluster by options"
expect_in "already exists" "$(refused b cluster create "${in_workspace[@]}" -n c1 -f cluster.json)" "the same again"
expect "c1 c2" "$(b cluster list "${in_workspace[@]}" --query '[].name' -o tsv | xargs)" "the clusters"
expect "c1 RG1 w STANDARD_NC6 steady" \
  "$(b cluster show "${in_workspace[@]}" -n c1 -o table | awk 'NR == 3 { print $1, $2, $3, $4, $5 }')" \
  "the cluster's row"
expect_in " 50" " $(b cluster node list "${in_workspace[@]}" -c c1 --query '[0].port' -o tsv)" "the node's port"
expect 1 "$(b cluster resize "${in_workspace[@]}" -n c2 -t 1 --query scaleSettings.manual.targetNodeCount -o tsv)" \
  "the target after the resize"

suffix=$(b cluster show "${in_workspace[@]}" -n c1 --query nodeSetup.setupTask.stdOutErrPathSuffix -o tsv)
node=$(b cluster node list "${in_workspace[@]}" -c c1 --query '[0].nodeId' -o tsv)
az storage file download --no-progress -o none --share-name logs --path "$suffix/stdout-$node.txt" --dest . \
  --connection-string "AccountName=$STORAGE_ACCOUNT;AccountKey=$STORAGE_KEY;FileEndpoint=$FILES_ENDPOINT/$STORAGE_ACCOUNT"
expect "set up" "$(cat "stdout-$node.txt")" "what the setup task wrote"

expect "e succeeded" "$(b experiment create "${in_workspace[@]}" -n e \
  --query "join(' ', [name, provisioningState])" -o tsv)" "the new experiment"
expect e "$(b experiment list "${in_workspace[@]}" --query '[].name' -o tsv)" "the experiments"

# A job from submission to the last byte of its output.
job_file 'echo hello; echo weights > $AZ_BATCHAI_OUTPUT_MODEL/model; sleep 1; echo bye' >job.json
expect "custom succeeded $TENANT_ID" "$(b job create "${in_experiment[@]}" -n j -c c1 -f job.json \
  --query "join(' ', [toolType, provisioningState, '$TENANT_ID'])" -o tsv)" "the new job"
expect "hello bye" "$(b job file stream "${in_experiment[@]}" -j j -f stdout.txt | xargs)" "the streamed output"
b job wait "${in_experiment[@]}" -n j --interval 1
expect "j c1 RG1 w custom 1 succeeded 0" \
  "$(b job show "${in_experiment[@]}" -n j -o table | awk 'NR == 3 { $1 = $1; print }')" "the job's row"
expect j "$(b job list "${in_experiment[@]}" --query '[].name' -o tsv)" "the jobs"
expect "execution.log stderr.txt stdout.txt" \
  "$(b job file list "${in_experiment[@]}" -j j --query '[].name' -o tsv | xargs)" "the job's files"
url=$(b job file list "${in_experiment[@]}" -j j -d MODEL --query "[?name=='model'].downloadUrl" -o tsv)
expect weights "$(curl -sS --cacert "$CA_BUNDLE" "$url")" "the model behind its address"
expect_in InvalidOutputDirectoryId "$(refused b job file list "${in_experiment[@]}" -j j -d NONE)" "a directory less"
expect_in tvm- "$(b job node list "${in_experiment[@]}" -j j --query '[0].nodeId' -o tsv)" "the job's node"

# One that fails, and one that is stopped.
job_file 'touch $AZ_BATCHAI_JOB_MOUNT_ROOT/own/here && exit 3' >bad.json
quietly job create "${in_experiment[@]}" -n bad -c c1 -f bad.json \
  --afs-name logs --afs-mount-path own --storage-account-name "$STORAGE_ACCOUNT"
status=0
b job wait "${in_experiment[@]}" -n bad --interval 1 || status=$?
expect 3 "$status" "the exit code of the wait"
job_file 'sleep 1000' >long.json
quietly job create "${in_experiment[@]}" -n long -c c1 -f long.json
quietly job terminate "${in_experiment[@]}" -n long -y
expect "failed JobTerminated" "$(b job show "${in_experiment[@]}" -n long \
  --query "join(' ', [executionState, executionInfo.errors[0].code])" -o tsv)" "the job that was stopped"
expect 2 "$(b list-usages -l eastus --query "[?name.value=='Clusters'].currentValue" -o tsv)" "the clusters in use"
expect "" "$(b file-server list "${in_workspace[@]}" -o tsv)" "the file servers"

quietly job delete "${in_experiment[@]}" -n j -y
quietly job delete "${in_experiment[@]}" -n j -y
expect_in "(JobNotFound) The specified job j is not found" "$(refused b job show "${in_experiment[@]}" -n j)" \
  "the job after its deletion"
quietly cluster delete "${in_workspace[@]}" -n c2 -y
quietly experiment delete "${in_workspace[@]}" -n e -y
quietly workspace delete -g RG1 -n w -y
expect_in WorkspaceNotFound "$(refused b cluster list "${in_workspace[@]}")" "the clusters after all"
az group delete -n RG1 -y
