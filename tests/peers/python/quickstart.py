"""The walkthrough of Batch AI's Python quickstart, with its SDK and real training on a few digits."""
import os
import ssl
import urllib.request

import azure.mgmt.resource
from azure.mgmt.batchai import models
from azure.multiapi.storage.v2018_11_09.file import FileService

from digits import QUICKSTART, make_few
from service import ACCOUNT, FILES, KEY, MANAGEMENT, SUBSCRIPTION, batch_ai, credential
from waiting import eventually, expect

GROUP, SHARE, FOLDER = "batchaiquickstart", "batchaiquickstart", "mnistcntksample"
WORKSPACE, CLUSTER, EXPERIMENT, JOB = "quickstart", "nc6", "mnist", "cntk"

resources = azure.mgmt.resource.ResourceManagementClient(credential(), SUBSCRIPTION, base_url=MANAGEMENT,
                                                         polling_interval=1)
resources.providers.register("Microsoft.BatchAI")
resources.resource_groups.create_or_update(GROUP, {"location": "eastus"})

service = FileService(connection_string=f"DefaultEndpointsProtocol={FILES.split(':')[0]};AccountName={ACCOUNT};"
                                        f"AccountKey={KEY};FileEndpoint={FILES}/{ACCOUNT}")
service.create_share(SHARE, fail_on_exist=False)
service.create_directory(SHARE, FOLDER, fail_on_exist=False)
for path in (*make_few(), QUICKSTART / "ConvNet_MNIST.py"):
    service.create_file_from_path(SHARE, FOLDER, path.name, str(path))

client = batch_ai()
client.workspaces.begin_create(GROUP, WORKSPACE, models.WorkspaceCreateParameters(location="eastus")).result()
share = models.AzureFileShareReference(
    account_name=ACCOUNT, azure_file_url=f"https://{ACCOUNT}.file.core.windows.net/{SHARE}",
    credentials=models.AzureStorageCredentialsInfo(account_key=KEY), relative_mount_path="azurefileshare")
cluster = client.clusters.begin_create(GROUP, WORKSPACE, CLUSTER, models.ClusterCreateParameters(
    vm_size="STANDARD_NC6",
    scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)),
    node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[share])),
    user_account_settings=models.UserAccountSettings(admin_user_name="demo", admin_user_password="not-a-real-one"),
)).result()
expect(None, cluster.node_setup.mount_volumes.azure_file_shares[0].credentials.account_key, "the key that is shown")
eventually("the node is idle",
           lambda: client.clusters.get(GROUP, WORKSPACE, CLUSTER).node_state_counts.idle_node_count == 1)

client.experiments.begin_create(GROUP, WORKSPACE, EXPERIMENT).result()
mount = "$AZ_BATCHAI_MOUNT_ROOT/azurefileshare"
job = client.jobs.begin_create(GROUP, WORKSPACE, EXPERIMENT, JOB, models.JobCreateParameters(
    cluster=models.ResourceId(id=cluster.id), node_count=1, std_out_err_path_prefix=mount,
    input_directories=[models.InputDirectory(id="SAMPLE", path=f"{mount}/{FOLDER}")],
    output_directories=[models.OutputDirectory(id="MODEL", path_prefix=mount, path_suffix="Models")],
    cntk_settings=models.CNTKsettings(
        python_script_file_path="$AZ_BATCHAI_INPUT_SAMPLE/ConvNet_MNIST.py", python_interpreter_path="/usr/bin/python3",
        command_line_args="$AZ_BATCHAI_INPUT_SAMPLE $AZ_BATCHAI_OUTPUT_MODEL"),
)).result()
expect(("cntk", "normal", 1), (job.tool_type, job.scheduling_priority, job.cntk_settings.process_count), "the job")
eventually("the job has ended", lambda: client.jobs.get(GROUP, WORKSPACE, EXPERIMENT, JOB).execution_state
           not in ("queued", "running"))


def listed(directory):
    options = models.JobsListOutputFilesOptions(outputdirectoryid=directory)
    found = client.jobs.list_output_files(GROUP, WORKSPACE, EXPERIMENT, JOB, options)
    return {each.name: each for each in found}


def content(file):
    context = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
    with urllib.request.urlopen(file.download_url, context=context) as answer:
        return answer.read()


logs = {name: content(file).decode() for name, file in listed("stdouterr").items() if file.download_url}
ended = client.jobs.get(GROUP, WORKSPACE, EXPERIMENT, JOB)
expect(("succeeded", 0), (ended.execution_state, ended.execution_info.exit_code), f"the job's end; its logs are {logs}")
assert any("Test accuracy: " in text for text in logs.values()), logs
model = listed("MODEL")["ConvNet_MNIST.npz"]
expect(model.content_length, len(content(model)), "the size of the model")

client.jobs.begin_delete(GROUP, WORKSPACE, EXPERIMENT, JOB).result()
client.clusters.begin_delete(GROUP, WORKSPACE, CLUSTER).result()
resources.resource_groups.begin_delete(GROUP).result()
