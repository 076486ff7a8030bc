# Without any secret, from a service that gives tokens to its own machine.
. "$(dirname "$0")/support.sh"

register_cloud
export MSI_ENDPOINT=$MANAGEMENT_ENDPOINT/metadata/identity/oauth2/token
expect "$SUBSCRIPTION_ID" "$(az login --identity --query '[0].id' -o tsv)" "the subscription after signing in"
az group create -n RG1 -l eastus -o none
expect true "$(az group exists -n RG1)" "whether the group exists"
