"""Judges answers by a table of what they may and must have: members in their spelling, with their types.

In the table a member is optional if its name ends in "?". A type is a pattern for text, a class, a list of one type, a
dictionary of members, or {...: type} for an object with any names.
"""
import re
import sys

from kept import conclude, kept_answers

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
TEXT = r"(?s).+"
MAP = {...: r"(?s).*"}
ID = r"/subscriptions/[^/]+/resourceGroups/.+"
STATES = "creating|deleting|succeeded|failed|updating"


def resource(kind, properties, **more):
    return {"id": ID, "name": r"[-\w]+", "type": re.escape("Microsoft.BatchAI/" + kind), "properties": {
        "creationTime": TIME, "provisioningState": STATES, "provisioningStateTransitionTime": TIME,
        **properties}, **more}


def page(entry):
    return {"value": [entry], "nextLink?": r"https://.+api-version=2018-05-01.*"}


REFERENCE = {"id": ID}
NAMED = {"name": TEXT, "value": r"(?s).*"}
ACCOUNT = {"adminUserName": TEXT}  # and never a password
VOLUMES = {
    "azureFileShares?": [{"accountName": TEXT, "azureFileUrl": r"https?://.+", "credentials": {},
                          "relativeMountPath": TEXT, "fileMode": r"0\d{3}", "directoryMode": r"0\d{3}"}],
    "azureBlobFileSystems?": [{"accountName": TEXT, "containerName": TEXT, "credentials": {},
                               "relativeMountPath": TEXT, "mountOptions?": TEXT}],
    "fileServers?": [{"fileServer": REFERENCE, "relativeMountPath": TEXT, "sourceDirectory?": TEXT,
                      "mountOptions?": TEXT}],
    "unmanagedFileSystems?": [{"mountCommand": TEXT, "relativeMountPath": TEXT}],
}
FAILURE = {"code": TEXT, "message": TEXT, "details?": [NAMED]}
WORKSPACE = resource("workspaces", {}, location="eastus", **{"tags?": MAP})
EXPERIMENT = resource("workspaces/experiments", {})
CLUSTER = resource("workspaces/clusters", {
    "vmSize": r"[A-Z0-9_]+", "vmPriority": "dedicated|lowpriority",
    "scaleSettings": {"manual?": {"targetNodeCount": int,
                                  "nodeDeallocationOption": "requeue|terminate|waitforjobcompletion"},
                      "autoScale?": {"minimumNodeCount": int, "maximumNodeCount": int, "initialNodeCount": int}},
    "virtualMachineConfiguration": {"imageReference": {"publisher": TEXT, "offer": TEXT, "sku": TEXT, "version": TEXT,
                                                       "virtualMachineImageId?": TEXT}},
    "nodeSetup?": {"mountVolumes?": VOLUMES, "setupTask?": dict, "performanceCountersSettings?": dict},
    "userAccountSettings": ACCOUNT, "subnet?": REFERENCE,
    "allocationState": "steady|resizing", "allocationStateTransitionTime": TIME, "currentNodeCount": int,
    "nodeStateCounts": {f"{state}NodeCount": int for state in ("idle", "running", "preparing", "unusable", "leaving")},
    "errors?": [FAILURE]})
FILE_SERVER = resource("workspaces/fileservers", {
    "vmSize": r"[A-Z0-9_]+", "sshConfiguration": {"userAccountSettings": ACCOUNT, "publicIPsToAllow?": [TEXT]},
    "dataDisks": {"diskSizeInGB": int, "diskCount": int, "storageAccountType": "Standard_LRS|Premium_LRS",
                  "cachingType": "none|readonly|readwrite"},
    "subnet?": REFERENCE,
    "mountSettings?": {"mountPoint": TEXT, "fileServerPublicIP": TEXT, "fileServerInternalIP": TEXT}})
JOB = resource("workspaces/experiments/jobs", {
    "experimentName?": TEXT, "schedulingPriority": "low|normal|high", "cluster": REFERENCE, "nodeCount": int,
    "mountVolumes?": VOLUMES, "customToolkitSettings": {"commandLine": TEXT}, "toolType": "custom",
    "stdOutErrPathPrefix": TEXT, "jobOutputDirectoryPathSegment": TEXT,
    "outputDirectories?": [{"id": TEXT, "pathPrefix": TEXT, "pathSuffix?": TEXT}],
    "inputDirectories?": [{"id": TEXT, "path": TEXT}],
    "environmentVariables?": [NAMED], "secrets?": [{"name": TEXT}],
    "constraints": {"maxWallClockTime": r"P[0-9DTHMS.]+"},
    "executionState": "queued|running|terminating|succeeded|failed", "executionStateTransitionTime": TIME,
    "waitingReason?": FAILURE,
    "executionInfo?": {"startTime?": TIME, "endTime?": TIME, "exitCode?": int, "errors?": [FAILURE]}})
LOGIN = {"nodeId": r"tvm-\S+", "ipAddress": r"[0-9a-f.:]+", "port": int,
         "nodeState": "idle|running|preparing|leaving|unusable", "job?": REFERENCE}
FILE = {"name": TEXT, "fileType": "file|directory", "downloadUrl?": r"https://.+",
        "properties?": {"lastModified": TIME, "contentLength": int}}
USAGE = {"unit": "Count", "currentValue": int, "limit": int, "name": {"value": TEXT, "localizedValue": TEXT}}
OPERATION = {"name": r"Microsoft\.BatchAI/.+/(read|write|delete|action)", "origin?": TEXT,
             "display": {"provider": TEXT, "resource": TEXT, "operation": TEXT, "description": TEXT}}

# What a success has for a body; None: nothing.
ANSWERS = {
    "Operations_List": page(OPERATION), "Usages_List": page(USAGE),
    "Workspaces_List": page(WORKSPACE), "Workspaces_ListByResourceGroup": page(WORKSPACE),
    "Workspaces_Create": WORKSPACE, "Workspaces_Update": WORKSPACE, "Workspaces_Get": WORKSPACE,
    "Experiments_ListByWorkspace": page(EXPERIMENT), "Experiments_Create": EXPERIMENT, "Experiments_Get": EXPERIMENT,
    "Clusters_ListByWorkspace": page(CLUSTER), "Clusters_Create": CLUSTER, "Clusters_Update": CLUSTER,
    "Clusters_Get": CLUSTER, "Clusters_ListRemoteLoginInformation": page(LOGIN),
    "FileServers_ListByWorkspace": page(FILE_SERVER), "FileServers_Create": FILE_SERVER, "FileServers_Get": FILE_SERVER,
    "Jobs_ListByExperiment": page(JOB), "Jobs_Create": JOB, "Jobs_Get": JOB, "Jobs_ListOutputFiles": page(FILE),
    "Jobs_ListRemoteLoginInformation": page(LOGIN), "Jobs_Terminate": None,
    **{f"{kind}_Delete": None for kind in ("Workspaces", "Experiments", "Clusters", "FileServers", "Jobs")},
}
ERROR = {"error": {"code": r"[A-Z][A-Za-z]+", "message": TEXT, "target?": TEXT, "details?": list}}


def faults_of(place, value, wanted):
    if isinstance(wanted, str):
        good = isinstance(value, str) and re.fullmatch(wanted, value)
        return [] if good else [f"{place}: {value!r} is not of the form {wanted}"]
    if isinstance(wanted, type):
        return [] if type(value) is wanted else [f"{place}: {value!r} is no {wanted.__name__}"]
    if isinstance(wanted, list):
        if not isinstance(value, list):
            return [f"{place}: {value!r} is no list"]
        return [fault for at, each in enumerate(value) for fault in faults_of(f"{place}[{at}]", each, wanted[0])]
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no object"]
    if ... in wanted:
        return [fault for name, each in value.items() for fault in faults_of(f"{place}.{name}", each, wanted[...])]
    types = {name.rstrip("?"): kind for name, kind in wanted.items()}
    faults = [f"{place}: {name} is missing" for name in wanted if not name.endswith("?") and name not in value]
    faults += [f"{place}: {name} is unknown" for name in value if name not in types]
    return faults + [fault for name, each in value.items() if name in types
                     for fault in faults_of(f"{place}.{name}", each, types[name])]


def faults_of_answer(place, answer):
    status, body = answer["status"], answer["body"]
    if status >= 400:
        return faults_of(place, body, ERROR)
    if status in (202, 204):
        faults = [f"{place}: {status} with a body"] if body is not None else []
        addresses = ("asyncOperation", "location") if status == 202 else ()
        pattern = r"https://[^/]+/subscriptions/[^/]+/providers/Microsoft.BatchAI/locations/eastus/operation.*"
        return faults + [fault for name in addresses for fault in faults_of(f"{place}: {name}", answer[name], pattern)]
    wanted = ANSWERS[answer["operation"]]
    if wanted is None:
        # A job that is over already.
        ended = answer["operation"] == "Jobs_Terminate" and body is None and not answer.get("asyncOperation")
        return [] if ended else [f"{place}: {status}"]
    return faults_of(place, answer["contentType"], r"application/json; charset=utf-8") + faults_of(place, body, wanted)


seen, faults = set(), []
for place, answer in kept_answers():
    faults += faults_of_answer(place, answer)
    if answer["status"] < 300:
        seen.add(answer["operation"])
conclude(faults, seen & set(ANSWERS))
