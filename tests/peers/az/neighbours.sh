# What people do with az before and after Batch AI: clouds, groups, providers, storage accounts, resources.
. "$(dirname "$0")/support.sh"

# The endpoints of a cloud by its resource manager alone.
az cloud register -n Found --endpoint-resource-manager "$MANAGEMENT_ENDPOINT/"
expect "$MANAGEMENT_ENDPOINT/adfs" "$(az cloud show -n Found --query endpoints.activeDirectory -o tsv)" \
  "the authority that the metadata tell"

register_cloud
sign_in -o none
expect "$SUBSCRIPTION_ID" "$(az account list --refresh --query '[0].id' -o tsv)" "the list of subscriptions"
expect "eastus" "$(az account list-locations --query "[?displayName=='East US'].name" -o tsv)" "the locations"

expect false "$(az group exists -n RG1)" "whether the group exists before"
az group create -n RG1 -l "East US" --tags team=vision -o none
expect true "$(az group exists -n rg1)" "whether the group exists after"
expect "RG1 eastus Succeeded" \
  "$(az group show -n rg1 --query "join(' ', [name, location, properties.provisioningState])" -o tsv)" "the group"
expect RG1 "$(az group list --tag team=vision --query '[].name' -o tsv)" "the groups with the tag"
az group update -n RG1 --set tags.more=1 -o none

expect Registered "$(az provider show -n microsoft.batchai --query registrationState -o tsv)" "the provider"
az provider unregister -n Microsoft.BatchAI
expect Unregistered "$(az provider show -n Microsoft.BatchAI --query registrationState -o tsv)" "the provider"
az provider register -n Microsoft.BatchAI --wait
expect Registered "$(az provider list --query "[?namespace=='Microsoft.BatchAI'].registrationState" -o tsv)" \
  "the provider"

expect true "$(az storage account check-name -n peeraccount --query nameAvailable -o tsv)" "a free name"
expect_in AccountNameInvalid "$(az storage account check-name -n Peer_Account)" "a wrong name"
az storage account create -n peeraccount -g RG1 -l eastus --sku Standard_LRS -o none --only-show-errors
expect AlreadyExists "$(az storage account check-name -n peeraccount --query reason -o tsv)" "a name in use"
key=$(az storage account keys list -n peeraccount --query '[0].value' -o tsv)
expect "$key" "$(az storage account keys list -n peeraccount -g RG1 --query '[0].value' -o tsv)" "the first key"
renewed=$(az storage account keys renew -n peeraccount -g RG1 --key primary --query '[0].value' -o tsv)
[ "$renewed" != "$key" ] || fail "renewing left the key as it was"
connection=$(az storage account show-connection-string -n peeraccount --query connectionString -o tsv)
expect_in "FileEndpoint=$FILES_ENDPOINT/peeraccount/" "$connection" "the connection string"
expect true "$(az storage share create -n logs --connection-string "$connection" --query created -o tsv)" \
  "a share in the new account"
az storage share-rm create -n quotas --storage-account peeraccount -g RG1 -q 7 -o none
expect 7 "$(az storage share-rm show -n quotas --storage-account peeraccount -g RG1 --query shareQuota -o tsv)" \
  "the quota of a share"
az storage share-rm update -n quotas --storage-account peeraccount -g RG1 -q 9 --metadata team=vision -o none
expect "logs quotas" \
  "$(az storage share-rm list --storage-account peeraccount -g RG1 --query '[].name' -o tsv | xargs)" "the shares"
az storage share-rm delete -n quotas --storage-account peeraccount -g RG1 -y -o none
expect false "$(az storage share-rm exists -n quotas --storage-account peeraccount -g RG1 --query exists -o tsv)" \
  "whether the share exists after"
az storage container-rm create -n blobs --storage-account peeraccount -g RG1 -o none
expect true "$(az storage container-rm exists -n blobs --storage-account peeraccount -g RG1 --query exists -o tsv)" \
  "whether the container exists"
expect blobs "$(az storage container-rm list --storage-account peeraccount -g RG1 --query '[].name' -o tsv)" \
  "the containers"
az storage container-rm delete -n blobs --storage-account peeraccount -g RG1 -y -o none
expect "" "$(az storage container-rm list --storage-account peeraccount -g RG1 --query '[].name' -o tsv)" \
  "the containers after"

az storage account update -n peeraccount -g RG1 --tags x=y -o none --only-show-errors
expect y "$(az storage account show -n peeraccount --query tags.x -o tsv)" "the tag of the account"

az batchai workspace create -g RG1 -n w -o none --only-show-errors
expect "Microsoft.BatchAI/workspaces Microsoft.Storage/storageAccounts" \
  "$(az resource list -g RG1 --query '[].type' -o tsv | sort | xargs)" "the resources of the group"
expect peeraccount "$(az resource list --tag x=y --query '[].name' -o tsv)" "the resources with the tag"
expect w "$(az resource show -g RG1 -n w --resource-type Microsoft.BatchAI/workspaces --query name -o tsv)" \
  "the workspace as any resource"

az storage account delete -n peeraccount -g RG1 -y
az group delete -n RG1 -y
expect false "$(az group exists -n RG1)" "whether the group exists at the end"
expect_in ResourceGroupNotFound "$(refused az group delete -n RG1 -y)" "deleting a group that is not there"
