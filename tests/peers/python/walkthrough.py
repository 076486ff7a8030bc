"""Batch AI's Python walkthrough with the packages of its time: azure-mgmt-batchai 2.0.0, azure-storage-file,
azure-mgmt-resource and msrestazure. Credentials and endpoints are the local service's, the container with CNTK is the
machine itself; the rest is what people wrote against the cloud service."""
import os
import shutil
import ssl
import urllib.request

import azure.mgmt.batchai as batchai
import azure.mgmt.batchai.models as models
import msrestazure.azure_cloud
import msrestazure.azure_exceptions
from azure.common.credentials import ServicePrincipalCredentials
from azure.mgmt.resource import ResourceManagementClient
from azure.storage.file import FileService

from digits import QUICKSTART, WORK, make_few
from waiting import eventually, expect

MANAGEMENT, SUBSCRIPTION = os.environ["MANAGEMENT_ENDPOINT"], os.environ["SUBSCRIPTION_ID"]
ACCOUNT, KEY = os.environ["STORAGE_ACCOUNT"], os.environ["STORAGE_KEY"]
FILES = f"{os.environ['FILES_ENDPOINT']}/{ACCOUNT}"

# Credentials and endpoints.
cloud = msrestazure.azure_cloud.get_cloud_from_metadata_endpoint(MANAGEMENT)
creds = ServicePrincipalCredentials(client_id=os.environ["CLIENT_ID"], secret=os.environ["CLIENT_SECRET"],
                                    tenant=os.environ["TENANT_ID"], cloud_environment=cloud)
client = batchai.BatchAIManagementClient(credentials=creds, subscription_id=SUBSCRIPTION, base_url=MANAGEMENT)
resources = ResourceManagementClient(credentials=creds, subscription_id=SUBSCRIPTION, base_url=MANAGEMENT)
service = FileService(ACCOUNT, KEY, connection_string=f"DefaultEndpointsProtocol={FILES.split(':')[0]};"
                                                      f"AccountName={ACCOUNT};AccountKey={KEY};FileEndpoint={FILES}")

# Group and share.
group, share, folder, mount_path = "myresourcegroup", "batchaiquickstart", "mnistcntksample", "azurefileshare"
resources.providers.register("Microsoft.BatchAI")
resources.resource_groups.create_or_update(group, {"location": "eastus"})
service.create_share(share, fail_on_exist=False)
service.create_directory(share, folder, fail_on_exist=False)
os.chdir(WORK)
make_few()
shutil.copy(QUICKSTART / "ConvNet_MNIST.py", WORK)
for name in ["Train-28x28_cntk_text.txt", "Test-28x28_cntk_text.txt", "ConvNet_MNIST.py"]:
    service.create_file_from_path(share, folder, name, name)

# Workspace and cluster. The share is named as the walkthrough names it, by the client's own endpoint.
workspace, cluster_name, experiment, job_name = "myworkspace", "mycluster", "myexperiment", "myjob"
client.workspaces.create(group, workspace, location="eastus").result()
made = client.clusters.create(group, workspace, cluster_name, models.ClusterCreateParameters(
    vm_size="STANDARD_NC6",
    user_account_settings=models.UserAccountSettings(admin_user_name="demo", admin_user_password="not-a-real-one"),
    scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=1)),
    node_setup=models.NodeSetup(mount_volumes=models.MountVolumes(azure_file_shares=[models.AzureFileShareReference(
        account_name=ACCOUNT, credentials=models.AzureStorageCredentialsInfo(account_key=KEY),
        azure_file_url="https://{0}/{1}".format(service.primary_endpoint, share), relative_mount_path=mount_path)])),
)).result()
expect((models.ProvisioningState.succeeded, "STANDARD_NC6", models.VmPriority.dedicated),
       (made.provisioning_state, made.vm_size, made.vm_priority), "the cluster")


def node_is_idle():
    cluster = client.clusters.get(group, workspace, cluster_name)
    assert not cluster.errors, cluster.errors
    return (cluster.allocation_state == models.AllocationState.steady and
            cluster.node_state_counts.idle_node_count == 1)


eventually("the node is idle", node_is_idle)

# The training.
client.experiments.create(group, workspace, experiment).result()
mount = f"$AZ_BATCHAI_MOUNT_ROOT/{mount_path}"
client.jobs.create(group, workspace, experiment, job_name, models.JobCreateParameters(
    cluster=models.ResourceId(id=made.id),
    node_count=1,
    std_out_err_path_prefix=mount,
    input_directories=[models.InputDirectory(id="SAMPLE", path=f"{mount}/{folder}")],
    output_directories=[models.OutputDirectory(id="MODEL", path_prefix=mount, path_suffix="Models")],
    container_settings=models.ContainerSettings(image_source_registry=models.ImageSourceRegistry(
        image="microsoft/cntk:2.1-gpu-python3.5-cuda8.0-cudnn6.0")),
    cntk_settings=models.CNTKsettings(python_script_file_path="$AZ_BATCHAI_INPUT_SAMPLE/ConvNet_MNIST.py",
                                      command_line_args="$AZ_BATCHAI_INPUT_SAMPLE $AZ_BATCHAI_OUTPUT_MODEL"),
)).result()


def job():
    return client.jobs.get(group, workspace, experiment, job_name)


eventually("the job has ended",
           lambda: job().execution_state not in (models.ExecutionState.queued, models.ExecutionState.running))


def listed(directory):
    files = client.jobs.list_output_files(group, workspace, experiment, job_name,
                                          models.JobsListOutputFilesOptions(outputdirectoryid=directory))
    return {file.name: file for file in files if file.download_url}


def content(file):
    context = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
    with urllib.request.urlopen(file.download_url, context=context) as answer:
        return answer.read()


logs = {name: content(file).decode() for name, file in listed("stdouterr").items()}
ended = job()
expect((models.ExecutionState.succeeded, 0, []),
       (ended.execution_state, ended.execution_info.exit_code, ended.execution_info.errors or []),
       f"the job's end; its logs are {logs}")
assert "Test accuracy: " in logs["stdout.txt"], logs
model = listed("MODEL")["ConvNet_MNIST.npz"]
expect(model.content_length, len(content(model)), "the size of the model")

# What it left in the share, by the client for shares.
path = f"{ended.job_output_directory_path_segment}/outputs/Models"
expect(content(model), service.get_file_to_bytes(share, path, model.name).content, f"{model.name} in {path}")

# The end: nobody waits for a deletion before the next.
endings = [client.jobs.delete(group, workspace, experiment, job_name),
           client.clusters.delete(group, workspace, cluster_name), resources.resource_groups.delete(group)]
for ending in endings:
    ending.result()
try:
    client.clusters.get(group, workspace, cluster_name)
    raise AssertionError("the cluster is still there")
except msrestazure.azure_exceptions.CloudError as error:
    expect((404, "ResourceGroupNotFound"), (error.status_code, error.error.error), "the cluster after its group")
