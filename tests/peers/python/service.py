"""The service that with_service.sh has started, for the scripts of this folder."""
import os

import azure.identity
import azure.mgmt.batchai
from azure.core.pipeline.policies import SansIOHTTPPolicy

MANAGEMENT = os.environ["MANAGEMENT_ENDPOINT"]
FILES = os.environ["FILES_ENDPOINT"]
TENANT = os.environ["TENANT_ID"]
SUBSCRIPTION = os.environ["SUBSCRIPTION_ID"]
CLIENT = os.environ["CLIENT_ID"]
SECRET = os.environ["CLIENT_SECRET"]
ACCOUNT = os.environ["STORAGE_ACCOUNT"]
KEY = os.environ["STORAGE_KEY"]


def credential():
    # Tenant "adfs": every other one is looked up at Microsoft's own host first.
    return azure.identity.ClientSecretCredential("adfs", CLIENT, SECRET, authority=MANAGEMENT)


class Journal(SansIOHTTPPolicy):
    """What goes over the wire: (method, kind of address, status)."""

    def __init__(self):
        self.entries = []

    def on_response(self, request, response):
        path = request.http_request.url.split("?")[0]
        words = ("operationresults", "operationstatuses")
        kind = next((word for word in words if f"/{word}/" in path), "resource")
        self.entries.append((request.http_request.method, kind, response.http_response.status_code))

    def take(self):
        """The entries since the last time; repeated ones, as of polling, count once."""
        taken = [entry for at, entry in enumerate(self.entries) if at == 0 or entry != self.entries[at - 1]]
        self.entries = []
        return taken


def batch_ai(journal=None):
    policies = [journal] if journal else []
    return azure.mgmt.batchai.BatchAI(credential(), SUBSCRIPTION, base_url=MANAGEMENT, per_retry_policies=policies,
                                      polling_interval=1)
