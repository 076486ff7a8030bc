"""One batchai-server in a folder of its own, and what the measurements need in it."""
import json
import os
import pathlib
import subprocess
import time
import urllib.parse

from .client import Client

GROUP = "bench"
# States of a job.
ENDED = ("succeeded", "failed", "terminated")
CONFIG = {"quotas": {"clusters": 1000, "activeJobs": 10_000_000, "dedicatedCores": 1_000_000},
          "limits": {"connections": 2000}}


def eventually(condition, limit, pause=0.001):
    """Asks until the condition gives something true, and returns that. Raises TimeoutError after `limit` seconds."""
    until = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"not within {limit} s")
        time.sleep(pause)


class Service:
    """Use as a context: the process ends with it. `config` is added to its settings."""

    def __init__(self, programs, folder, config=None):
        self.config = {**CONFIG, **(config or {})}
        self.programs = pathlib.Path(programs)
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.process = None
        self.client = None

    def __enter__(self):
        self.folder.mkdir(parents=True)
        (self.folder / "config.json").write_text(json.dumps(self.config))
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        """Returns when connections are accepted. `started` is the moment before the program was executed."""
        self.execute()
        if not self.process.stdout.readline().startswith("ready"):
            raise RuntimeError("batchai-server does not start")
        token = self.client.token if self.client else None
        self.client = Client(json.loads((self.data / "endpoints.json").read_text()))
        self.client.token = token

    def execute(self):
        """Does not wait until the service is there."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [self.programs / "batchai-server", "--data-dir", self.data, "--management-port", "0", "--files-port", "0",
             "--config", self.folder / "config.json", "--log-file", self.folder / "server.log"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process:
            self.process.stdout.close()

    def kill(self):
        """Without a warning (SIGKILL)."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    # What the process uses.

    def memory(self):
        """Resident, in MiB."""
        for line in (self._proc / "status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def io(self):
        return dict((name, int(number)) for name, number in
                    (line.split(": ") for line in (self._proc / "io").read_text().splitlines()))

    @property
    def _proc(self):
        return pathlib.Path("/proc") / str(self.process.pid)

    def environment(self):
        """Of programs that are to use the service, with folders of their own."""
        found, management = self.client.endpoints, self.client.endpoints["managementEndpoint"]
        account = f"AccountName={found['storageAccount']};AccountKey={found['storageKey']}"
        return {**os.environ, "BATCHAI_CONFIG_DIR": str(self.folder / "config"), "NO_COLOR": "1",
                "AZURE_TENANT_ID": found["tenantId"], "AZURE_CLIENT_ID": found["clientId"],
                "AZURE_CLIENT_SECRET": found["clientSecret"], "AZURE_SUBSCRIPTION_ID": found["subscriptionId"],
                "AZURE_AUTHORITY_HOST": management, "BATCHAI_RESOURCE_MANAGER_ENDPOINT": management,
                "BATCHAI_FILES_ENDPOINT": found["filesEndpoint"], "AZURE_STORAGE_ACCOUNT": found["storageAccount"],
                "AZURE_STORAGE_KEY": found["storageKey"],
                "AZURE_STORAGE_CONNECTION_STRING": f"DefaultEndpointsProtocol=https;{account};"
                                                   f"FileEndpoint={found['filesEndpoint']}/{found['storageAccount']}",
                "BATCHAI_CA_BUNDLE": found["caBundle"], "REQUESTS_CA_BUNDLE": found["caBundle"],
                "SSL_CERT_FILE": found["caBundle"]}

    # Resources.

    @property
    def workspace(self):
        return (f"/subscriptions/{self.client.endpoints['subscriptionId']}/resourceGroups/{GROUP}"
                "/providers/Microsoft.BatchAI/workspaces/w")

    def experiment(self, name="e"):
        return f"{self.workspace}/experiments/{name}"

    def job(self, name, experiment="e"):
        return f"{self.experiment(experiment)}/jobs/{name}"

    def cluster(self, name):
        return f"{self.workspace}/clusters/{name}"

    def prepare(self):
        """Group, share, workspace, and the experiment `e`."""
        endpoints = self.client.endpoints
        subscription = f"/subscriptions/{endpoints['subscriptionId']}"
        self.client.arm("PUT", f"{subscription}/resourcegroups/{GROUP}", {"location": "eastus"}, "2018-05-01")
        account = (f"{subscription}/resourceGroups/batchaiautostorage/providers/Microsoft.Storage/storageAccounts/"
                   f"{endpoints['storageAccount']}")
        self.client.arm("PUT", f"{account}/fileServices/default/shares/share", {}, "2019-06-01")
        self.client.arm("PUT", self.workspace, {"location": "eastus"})
        self.make_experiment("e")

    def make_experiment(self, name):
        self.client.arm("PUT", self.experiment(name))

    def make_cluster(self, name, scale):
        endpoints = self.client.endpoints
        share = {"accountName": endpoints["storageAccount"], "relativeMountPath": "share",
                 "azureFileUrl": f"{endpoints['filesEndpoint']}/{endpoints['storageAccount']}/share",
                 "credentials": {"accountKey": endpoints["storageKey"]}}
        self.client.arm("PUT", self.cluster(name), {"properties": {
            "vmSize": "STANDARD_NC6", "scaleSettings": scale,
            "userAccountSettings": {"adminUserName": "demo", "adminUserPassword": os.urandom(12).hex() + "Aa1-"},
            "nodeSetup": {"mountVolumes": {"azureFileShares": [share]}}}})

    def idle_nodes(self, name):
        return self.client.arm("GET", self.cluster(name))["properties"]["nodeStateCounts"]["idleNodeCount"]

    def job_body(self, cluster, command, nodes=1):
        return {"properties": {"nodeCount": nodes, "cluster": {"id": self.cluster(cluster)},
                               "customToolkitSettings": {"commandLine": command},
                               "stdOutErrPathPrefix": "$AZ_BATCHAI_MOUNT_ROOT/share"}}

    def submit(self, name, cluster, command, nodes=1):
        self.client.arm("PUT", self.job(name), self.job_body(cluster, command, nodes))

    def jobs(self, experiment="e"):
        """All jobs of an experiment, as the pages of the list show them."""
        path = self.experiment(experiment) + "/jobs"
        while path:
            page = self.client.arm("GET", path)
            yield from page["value"]
            link = urllib.parse.urlparse(page.get("nextLink") or "")
            query = urllib.parse.urlencode([field for field in urllib.parse.parse_qsl(link.query)
                                            if field[0] != "api-version"])
            path = link.path and f"{link.path}?{query}"

    def job_state(self, name):
        return self.client.arm("GET", self.job(name))["properties"]["executionState"]


def manual(nodes):
    return {"manual": {"targetNodeCount": nodes, "nodeDeallocationOption": "requeue"}}


def auto_scale(most):
    return {"autoScale": {"minimumNodeCount": 0, "maximumNodeCount": most, "initialNodeCount": 0}}
