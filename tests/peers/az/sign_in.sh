# From a clean configuration folder to the neighbours of Batch AI.
. "$(dirname "$0")/support.sh"

register_cloud
expect "$SUBSCRIPTION_ID" "$(sign_in --query '[0].id' -o tsv)" "the subscription after signing in"
az group create -n RG1 -l eastus -o none
expect "Succeeded" "$(az group show -n rg1 --query properties.provisioningState -o tsv)" "the group's state"
