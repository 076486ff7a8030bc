"""What the Python SDK sees of long-running operations, pages, errors and registrations."""
import azure.core.exceptions
import azure.mgmt.resource
from azure.mgmt.batchai import models

from service import MANAGEMENT, SUBSCRIPTION, Journal, batch_ai, credential
from waiting import eventually, expect

journal, group_journal = Journal(), Journal()
client = batch_ai(journal)
resources = azure.mgmt.resource.ResourceManagementClient(
    credential(), SUBSCRIPTION, base_url=MANAGEMENT, polling_interval=1, per_retry_policies=[group_journal])

PUT, DELETE, POST = ("PUT", "resource"), ("DELETE", "resource"), ("POST", "resource")
STATUS, RESULT, GET = ("GET", "operationresults", 200), ("GET", "operationstatuses", 200), ("GET", "resource", 200)


def cluster(nodes):
    return models.ClusterCreateParameters(
        vm_size="Standard_NC6",
        scale_settings=models.ScaleSettings(manual=models.ManualScaleSettings(target_node_count=nodes)),
        user_account_settings=models.UserAccountSettings(admin_user_name="demo", admin_user_password="not-a-real-one"))


def job(command):
    return models.JobCreateParameters(
        cluster=models.ResourceId(id=client.clusters.get("rg", "ws", "c").id), node_count=1,
        std_out_err_path_prefix="/tmp", custom_toolkit_settings=models.CustomToolkitSettings(command_line=command))


def refused(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except azure.core.exceptions.HttpResponseError as error:
        return error
    raise AssertionError(f"{call.__name__} should have been refused")


resources.resource_groups.create_or_update("rg", {"location": "eastus"})

# PUT 200 with a final state: one request.
workspace = client.workspaces.begin_create("rg", "ws", {"location": "East US"}).result()
expect(("ws", "eastus", "succeeded"),
       (workspace.name, workspace.location, workspace.provisioning_state), "the workspace")
expect([(*PUT, 200)], journal.take(), "the requests for a workspace")

# PUT 202 with the address of a status: polled, then the resource is read.
made = client.clusters.begin_create("rg", "ws", "c", cluster(1)).result()
expect(("STANDARD_NC6", "succeeded"), (made.vm_size, made.provisioning_state), "the cluster")
expect([(*PUT, 202), STATUS, GET], journal.take(), "the requests for a cluster")
client.experiments.begin_create("rg", "ws", "e").result()
eventually("the cluster has a node", lambda: client.clusters.get("rg", "ws", "c").current_node_count == 1)

# POST 202 with both addresses: the status, then the result.
journal.take()
parameters = job("sleep 1000")
client.jobs.begin_create("rg", "ws", "e", "j", parameters).result()
eventually("the job runs", lambda: client.jobs.get("rg", "ws", "e", "j").execution_state == "running")
journal.take()
client.jobs.begin_terminate("rg", "ws", "e", "j").result()
expect([(*POST, 202), STATUS, RESULT], journal.take(), "the requests for a termination")
expect("failed", client.jobs.get("rg", "ws", "e", "j").execution_state, "the job after its termination")

# DELETE 202 with both addresses: the status only. DELETE of nothing: 204.
journal.take()
client.jobs.begin_delete("rg", "ws", "e", "j").result()
expect([(*DELETE, 202), STATUS], journal.take(), "the requests for a deletion")
client.jobs.begin_delete("rg", "ws", "e", "j").result()
expect([(*DELETE, 204)], journal.take(), "the requests for the deletion of nothing")

# Errors carry the service's code and message, and have the class of their status.
missing = refused(client.clusters.get, "rg", "ws", "none")
expect((404, "ClusterNotFound", "The specified cluster none is not found"),
       (missing.status_code, missing.error.code, missing.error.message), "the error of a missing cluster")
assert isinstance(missing, azure.core.exceptions.ResourceNotFoundError), type(missing)
wrong = refused(client.clusters.begin_create, "rg", "ws", "bad", cluster(-1))
expect(400, wrong.status_code, f"a negative number of nodes ({wrong})")
conflict = refused(client.clusters.begin_create, "rg", "ws", "c", cluster(2))
assert isinstance(conflict, azure.core.exceptions.ResourceExistsError), type(conflict)
expect(409, conflict.status_code, f"another cluster of the same name ({conflict})")

# A page at a time; the pager follows absolute links with GET, after a POST too.
for name in ("e2", "e3"):
    client.experiments.begin_create("rg", "ws", name).result()
options = models.ExperimentsListByWorkspaceOptions(max_results=1)
pages = client.experiments.list_by_workspace("rg", "ws", experiments_list_by_workspace_options=options).by_page()
expect([["e"], ["e2"], ["e3"]], [[each.name for each in page] for page in pages], "the pages")
client.jobs.begin_create("rg", "ws", "e", "j2", parameters).result()
listed = models.JobsListOutputFilesOptions(outputdirectoryid="stdouterr", max_results=1)
refusal = refused(list, client.jobs.list_output_files("rg", "ws", "e", "j2", listed))
assert "is not present on a mount root" in refusal.message, refusal

# A provider that is not registered is registered by the SDK itself, and the request is sent again.
resources.providers.unregister("Microsoft.BatchAI")
made = client.workspaces.begin_create("rg", "ws2", {"location": "eastus"}).result()
expect("ws2", made.name, "the workspace after the registration")
expect("Registered", resources.providers.get("Microsoft.BatchAI").registration_state, "the provider")

# DELETE 202 with the address of the result alone.
group_journal.take()
resources.resource_groups.begin_delete("rg").result()
requests = group_journal.take()
expect((*DELETE, 202), requests[0], "the deletion of a group")
expect(200, requests[-1][2], "its result")
expect(False, resources.resource_groups.check_existence("rg"), "whether the group is there")
