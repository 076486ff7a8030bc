# The ways in which az signs in a service principal.
. "$(dirname "$0")/support.sh"

signed_in() { az group list --query 'length(@)' -o tsv >/dev/null || fail "$1: az group list"; }
login() { az login --service-principal -u "$CLIENT_ID" --tenant "$TENANT_ID" --query '[0].id' -o tsv "$@"; }
start_over() { az account clear; }

register_cloud

# With the secret. A token that is gone is fetched anew, which takes a numeric expires_in.
expect "$SUBSCRIPTION_ID" "$(login -p "$CLIENT_SECRET")" "the subscription after signing in with the secret"
signed_in "secret"
rm "$AZURE_CONFIG_DIR/msal_token_cache.json"
signed_in "secret, without the token cache"
expect "$TENANT_ID" "$(az account get-access-token --query tenant -o tsv)" "the tenant of the token"

# The reason of a refusal arrives.
start_over
expect_in "AADSTS7000215: Invalid client secret" "$(refused login -p wrong)" "a wrong secret"
expect_in "AADSTS700016" "$(refused az login --service-principal -u "$TENANT_ID" -p x --tenant "$TENANT_ID")" \
  "an unknown application"

# With a certificate, named by its thumbprint and by itself.
principal=$DATA_FOLDER/principals/$CLIENT_ID
mkdir -p "$principal/certificates" "$principal/federated"
openssl req -x509 -newkey rsa:2048 -noenc -days 2 -subj /CN=robot -keyout key.pem -out robot.crt 2>/dev/null
cat key.pem robot.crt >robot.pem
expect_in "AADSTS700027" "$(refused login -p robot.pem)" "a certificate that is not registered"
cp robot.crt "$principal/certificates/robot.pem"
expect "$SUBSCRIPTION_ID" "$(login -p robot.pem)" "the subscription after signing in with a certificate"
signed_in "certificate"
start_over
expect "$SUBSCRIPTION_ID" "$(login -p robot.pem --use-cert-sn-issuer)" "the same with --use-cert-sn-issuer"
signed_in "certificate by subject name and issuer"
start_over

# With the token of another identity provider.
/usr/bin/python3 - "$principal/federated/robot.json" <<'PY' >token
import json, sys, time
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
registration = {"issuer": "https://issuer.example", "subject": "robot", "jwks": {"keys": [{**public, "kid": "k1"}]}}
json.dump(registration, open(sys.argv[1], "w"))
claims = {"iss": "https://issuer.example", "sub": "robot", "aud": "api://AzureADTokenExchange",
          "iat": int(time.time()), "exp": int(time.time()) + 600}
print(jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"}), end="")
PY
expect "$SUBSCRIPTION_ID" "$(login --federated-token "$(cat token)")" "the subscription after a federated token"
signed_in "federated token"
