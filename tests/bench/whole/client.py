"""HTTPS requests over kept-alive connections, one per thread."""
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import ssl
import threading
import urllib.parse


class Client:
    """Of one running service, whose endpoints.json it is made from."""

    def __init__(self, endpoints):
        self.endpoints = endpoints
        self.token = None
        self._context = ssl.create_default_context(cafile=endpoints["caBundle"])
        self._mine = threading.local()

    def _connection(self, endpoint):
        kept = self._mine.__dict__.setdefault("connections", {})
        if endpoint not in kept:
            url = urllib.parse.urlparse(self.endpoints[endpoint])
            kept[endpoint] = http.client.HTTPSConnection(url.hostname, url.port, context=self._context, timeout=600)
        return kept[endpoint]

    def send(self, method, path, body=None, headers=None, endpoint="managementEndpoint"):
        """Returns status and body."""
        connection = self._connection(endpoint)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        except Exception:
            connection.close()
            raise

    def sign_in(self):
        form = {"grant_type": "client_credentials", "client_id": self.endpoints["clientId"],
                "client_secret": self.endpoints["clientSecret"], "resource": "https://management.azure.com/"}
        status, body = self.send("POST", f"/{self.endpoints['tenantId']}/oauth2/token", urllib.parse.urlencode(form),
                                 {"Content-Type": "application/x-www-form-urlencoded"})
        if status != 200:
            raise RuntimeError(f"sign-in: {status}")
        self.token = json.loads(body)["access_token"]

    def arm(self, method, path, body=None, version="2018-05-01", expect=(200, 201, 202)):
        """The answer as JSON, or None where it is empty. Raises RuntimeError for another status."""
        status, answer = self.arm_status(method, path, body, version)
        if status not in expect:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return json.loads(answer) if answer else None

    def arm_status(self, method, path, body=None, version="2018-05-01"):
        if self.token is None:
            self.sign_in()
        headers = {"Authorization": "Bearer " + self.token}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body)
        separator = "&" if "?" in path else "?"
        return self.send(method, f"{path}{separator}api-version={version}", body, headers)

    def file_path(self, share, name):
        """Path of a file on the files port, with a signature for an hour of reading and writing."""
        return f"/{self.endpoints['storageAccount']}/{share}/{name}?{self._signature(f'{share}/{name}', 'f', 'rcw')}"

    def share_signature(self, share):
        """For an hour of all that may be done in a share."""
        return self._signature(share, "s", "rcwdl")

    def _signature(self, path, kind, permissions):
        account = self.endpoints["storageAccount"]
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        fields = {"sp": permissions, "se": expiry.strftime("%Y-%m-%dT%H:%M:%SZ"), "sv": "2020-04-08", "sr": kind}
        text = "\n".join([fields["sp"], "", fields["se"], f"/file/{account}/{path}", "", "", "", fields["sv"],
                          "", "", "", "", ""])
        key = base64.b64decode(self.endpoints["storageKey"])
        fields["sig"] = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
        return urllib.parse.urlencode(fields)
