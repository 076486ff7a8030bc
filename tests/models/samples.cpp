#include "models/samples.hpp"

#include "batchai/models/cluster.hpp"
#include "batchai/models/experiment.hpp"
#include "batchai/models/file_server.hpp"
#include "batchai/models/job.hpp"
#include "batchai/models/operation_info.hpp"
#include "batchai/models/output_file.hpp"
#include "batchai/models/usage.hpp"
#include "batchai/models/workspace.hpp"

namespace batchai::test {

// One document per top-level model, with every member that the API description of 2018-05-01 declares for it.

ModelSample workspace_sample() {
  return make_sample<Workspace>(
      "Workspace",
      R"json({"id": "id-1", "location": "location-2", "name": "name-3", "tags": {"team": "vision"}, "type": "type-4",
"properties": {"creationTime": "2018-06-07T21:16:05.13Z", "provisioningState": "failed",
"provisioningStateTransitionTime": "2018-06-07T21:16:06.13Z"}})json",
      {.read_only = {"/id", "/location", "/name", "/tags", "/type", "/properties/creationTime",
                     "/properties/provisioningState", "/properties/provisioningStateTransitionTime"},
       .required = {},
       .secret = {}});
}

ModelSample workspace_create_parameters_sample() {
  return make_sample<WorkspaceCreateParameters>("WorkspaceCreateParameters",
                                                R"json({"location": "location-7", "tags": {"team": "vision"}})json",
                                                {.read_only = {}, .required = {"/location"}, .secret = {}});
}

ModelSample workspace_update_parameters_sample() {
  return make_sample<WorkspaceUpdateParameters>("WorkspaceUpdateParameters", R"json({"tags": {"team": "vision"}})json",
                                                {.read_only = {}, .required = {}, .secret = {}});
}

ModelSample experiment_sample() {
  return make_sample<Experiment>(
      "Experiment",
      R"json({"id": "id-8", "name": "name-9", "type": "type-10", "properties": {"creationTime": "2018-06-07T21:16:11.13Z",
"provisioningState": "failed", "provisioningStateTransitionTime": "2018-06-07T21:16:12.13Z"}})json",
      {.read_only = {"/id", "/name", "/type", "/properties/creationTime", "/properties/provisioningState",
                     "/properties/provisioningStateTransitionTime"},
       .required = {},
       .secret = {}});
}

ModelSample cluster_sample() {
  return make_sample<Cluster>(
      "Cluster",
      R"json({"id": "id-13", "name": "name-14", "type": "type-15", "properties": {"allocationState": "resizing",
"allocationStateTransitionTime": "2018-06-07T21:16:16.13Z", "creationTime": "2018-06-07T21:16:17.13Z",
"currentNodeCount": 18, "errors": [{"code": "code-19", "details": [{"name": "name-20", "value": "value-21"}],
"message": "message-22"}], "nodeSetup": {"mountVolumes": {"azureBlobFileSystems": [{"accountName":
"accountName-23", "containerName": "containerName-24", "credentials": {"accountKey": "hidden-accountKey-25",
"accountKeySecretReference": {"secretUrl": "secretUrl-26", "sourceVault": {"id": "id-27"}}}, "mountOptions":
"mountOptions-28", "relativeMountPath": "relativeMountPath-29"}], "azureFileShares": [{"accountName":
"accountName-30", "azureFileUrl": "azureFileUrl-31", "credentials": {"accountKey": "hidden-accountKey-32",
"accountKeySecretReference": {"secretUrl": "secretUrl-33", "sourceVault": {"id": "id-34"}}}, "directoryMode":
"directoryMode-35", "fileMode": "fileMode-36", "relativeMountPath": "relativeMountPath-37"}], "fileServers":
[{"fileServer": {"id": "id-38"}, "mountOptions": "mountOptions-39", "relativeMountPath":
"relativeMountPath-40", "sourceDirectory": "sourceDirectory-41"}], "unmanagedFileSystems": [{"mountCommand":
"mountCommand-42", "relativeMountPath": "relativeMountPath-43"}]}, "performanceCountersSettings":
{"appInsightsReference": {"component": {"id": "id-44"}, "instrumentationKey": "hidden-instrumentationKey-45",
"instrumentationKeySecretReference": {"secretUrl": "secretUrl-46", "sourceVault": {"id": "id-47"}}}},
"setupTask": {"commandLine": "commandLine-48", "environmentVariables": [{"name": "name-49", "value":
"value-50"}], "secrets": [{"name": "name-51", "value": "hidden-value-52", "valueSecretReference":
{"secretUrl": "secretUrl-53", "sourceVault": {"id": "id-54"}}}], "stdOutErrPathPrefix":
"stdOutErrPathPrefix-55", "stdOutErrPathSuffix": "stdOutErrPathSuffix-56"}}, "nodeStateCounts":
{"idleNodeCount": 57, "leavingNodeCount": 58, "preparingNodeCount": 59, "runningNodeCount": 60,
"unusableNodeCount": 61}, "provisioningState": "deleting", "provisioningStateTransitionTime":
"2018-06-07T21:16:02.13Z", "scaleSettings": {"autoScale": {"initialNodeCount": 63, "maximumNodeCount": 64,
"minimumNodeCount": 65}, "manual": {"nodeDeallocationOption": "waitforjobcompletion", "targetNodeCount": 66}},
"subnet": {"id": "id-67"}, "userAccountSettings": {"adminUserName": "adminUserName-68", "adminUserPassword":
"hidden-adminUserPassword-69", "adminUserSshPublicKey": "adminUserSshPublicKey-70"},
"virtualMachineConfiguration": {"imageReference": {"offer": "offer-71", "publisher": "publisher-72", "sku":
"sku-73", "version": "version-74", "virtualMachineImageId": "virtualMachineImageId-75"}}, "vmPriority":
"lowpriority", "vmSize": "vmSize-76"}})json",
      {.read_only = {"/id", "/name", "/type", "/properties/allocationState",
                     "/properties/allocationStateTransitionTime", "/properties/creationTime",
                     "/properties/currentNodeCount", "/properties/errors",
                     "/properties/nodeSetup/setupTask/stdOutErrPathSuffix", "/properties/nodeStateCounts",
                     "/properties/provisioningState", "/properties/provisioningStateTransitionTime"},
       .required = {},
       .secret = {"/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials/accountKey",
                  "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials/accountKey",
                  "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/instrumentationKey",
                  "/properties/nodeSetup/setupTask/secrets/0/value",
                  "/properties/userAccountSettings/adminUserPassword"}});
}

ModelSample cluster_create_parameters_sample() {
  return make_sample<ClusterCreateParameters>(
      "ClusterCreateParameters",
      R"json({"properties": {"nodeSetup": {"mountVolumes": {"azureBlobFileSystems": [{"accountName": "accountName-77",
"containerName": "containerName-78", "credentials": {"accountKey": "hidden-accountKey-79",
"accountKeySecretReference": {"secretUrl": "secretUrl-80", "sourceVault": {"id": "id-81"}}}, "mountOptions":
"mountOptions-82", "relativeMountPath": "relativeMountPath-83"}], "azureFileShares": [{"accountName":
"accountName-84", "azureFileUrl": "azureFileUrl-85", "credentials": {"accountKey": "hidden-accountKey-86",
"accountKeySecretReference": {"secretUrl": "secretUrl-87", "sourceVault": {"id": "id-88"}}}, "directoryMode":
"directoryMode-89", "fileMode": "fileMode-90", "relativeMountPath": "relativeMountPath-91"}], "fileServers":
[{"fileServer": {"id": "id-92"}, "mountOptions": "mountOptions-93", "relativeMountPath":
"relativeMountPath-94", "sourceDirectory": "sourceDirectory-95"}], "unmanagedFileSystems": [{"mountCommand":
"mountCommand-96", "relativeMountPath": "relativeMountPath-97"}]}, "performanceCountersSettings":
{"appInsightsReference": {"component": {"id": "id-98"}, "instrumentationKey": "hidden-instrumentationKey-99",
"instrumentationKeySecretReference": {"secretUrl": "secretUrl-100", "sourceVault": {"id": "id-101"}}}},
"setupTask": {"commandLine": "commandLine-102", "environmentVariables": [{"name": "name-103", "value":
"value-104"}], "secrets": [{"name": "name-105", "value": "hidden-value-106", "valueSecretReference":
{"secretUrl": "secretUrl-107", "sourceVault": {"id": "id-108"}}}], "stdOutErrPathPrefix":
"stdOutErrPathPrefix-109", "stdOutErrPathSuffix": "stdOutErrPathSuffix-110"}}, "scaleSettings": {"autoScale":
{"initialNodeCount": 111, "maximumNodeCount": 112, "minimumNodeCount": 113}, "manual":
{"nodeDeallocationOption": "waitforjobcompletion", "targetNodeCount": 114}}, "subnet": {"id": "id-115"},
"userAccountSettings": {"adminUserName": "adminUserName-116", "adminUserPassword":
"hidden-adminUserPassword-117", "adminUserSshPublicKey": "adminUserSshPublicKey-118"},
"virtualMachineConfiguration": {"imageReference": {"offer": "offer-119", "publisher": "publisher-120", "sku":
"sku-121", "version": "version-122", "virtualMachineImageId": "virtualMachineImageId-123"}}, "vmPriority":
"lowpriority", "vmSize": "vmSize-124"}})json",
      {.read_only = {"/properties/nodeSetup/setupTask/stdOutErrPathSuffix"},
       .required =
           {"/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/accountName",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/containerName",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/secretUrl",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/"
            "sourceVault",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/"
            "sourceVault/id",
            "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/relativeMountPath",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/accountName",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/azureFileUrl",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/secretUrl",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/sourceVault",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/sourceVault/id",
            "/properties/nodeSetup/mountVolumes/azureFileShares/0/relativeMountPath",
            "/properties/nodeSetup/mountVolumes/fileServers/0/fileServer",
            "/properties/nodeSetup/mountVolumes/fileServers/0/fileServer/id",
            "/properties/nodeSetup/mountVolumes/fileServers/0/relativeMountPath",
            "/properties/nodeSetup/mountVolumes/unmanagedFileSystems/0/mountCommand",
            "/properties/nodeSetup/mountVolumes/unmanagedFileSystems/0/relativeMountPath",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/component",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/component/id",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/instrumentationKeySecretReference/"
            "secretUrl",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/instrumentationKeySecretReference/"
            "sourceVault",
            "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/instrumentationKeySecretReference/"
            "sourceVault/id",
            "/properties/nodeSetup/setupTask/commandLine",
            "/properties/nodeSetup/setupTask/environmentVariables/0/name",
            "/properties/nodeSetup/setupTask/environmentVariables/0/value",
            "/properties/nodeSetup/setupTask/secrets/0/name",
            "/properties/nodeSetup/setupTask/secrets/0/valueSecretReference/secretUrl",
            "/properties/nodeSetup/setupTask/secrets/0/valueSecretReference/sourceVault",
            "/properties/nodeSetup/setupTask/secrets/0/valueSecretReference/sourceVault/id",
            "/properties/nodeSetup/setupTask/stdOutErrPathPrefix",
            "/properties/scaleSettings/autoScale/maximumNodeCount",
            "/properties/scaleSettings/autoScale/minimumNodeCount",
            "/properties/scaleSettings/manual/targetNodeCount",
            "/properties/subnet/id",
            "/properties/userAccountSettings",
            "/properties/userAccountSettings/adminUserName",
            "/properties/virtualMachineConfiguration/imageReference/offer",
            "/properties/virtualMachineConfiguration/imageReference/publisher",
            "/properties/virtualMachineConfiguration/imageReference/sku",
            "/properties/vmSize"},
       .secret = {"/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0/credentials/accountKey",
                  "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials/accountKey",
                  "/properties/nodeSetup/performanceCountersSettings/appInsightsReference/instrumentationKey",
                  "/properties/nodeSetup/setupTask/secrets/0/value",
                  "/properties/userAccountSettings/adminUserPassword"}});
}

ModelSample cluster_update_parameters_sample() {
  return make_sample<ClusterUpdateParameters>(
      "ClusterUpdateParameters",
      R"json({"properties": {"scaleSettings": {"autoScale": {"initialNodeCount": 125, "maximumNodeCount": 126,
"minimumNodeCount": 127}, "manual": {"nodeDeallocationOption": "waitforjobcompletion", "targetNodeCount":
128}}}})json",
      {.read_only = {},
       .required = {"/properties/scaleSettings/autoScale/maximumNodeCount",
                    "/properties/scaleSettings/autoScale/minimumNodeCount",
                    "/properties/scaleSettings/manual/targetNodeCount"},
       .secret = {}});
}

ModelSample file_server_sample() {
  return make_sample<FileServer>(
      "FileServer", R"json({"id": "id-129", "name": "name-130", "type": "type-131", "properties": {"creationTime":
"2018-06-07T21:16:12.13Z", "dataDisks": {"cachingType": "readwrite", "diskCount": 133, "diskSizeInGB": 134,
"storageAccountType": "Premium_LRS"}, "mountSettings": {"fileServerInternalIP": "fileServerInternalIP-135",
"fileServerPublicIP": "fileServerPublicIP-136", "mountPoint": "mountPoint-137"}, "provisioningState":
"failed", "provisioningStateTransitionTime": "2018-06-07T21:16:18.13Z", "sshConfiguration":
{"publicIPsToAllow": ["publicIPsToAllow-139"], "userAccountSettings": {"adminUserName": "adminUserName-140",
"adminUserPassword": "hidden-adminUserPassword-141", "adminUserSshPublicKey": "adminUserSshPublicKey-142"}},
"subnet": {"id": "id-143"}, "vmSize": "vmSize-144"}})json",
      {.read_only = {"/id", "/name", "/type", "/properties/creationTime", "/properties/mountSettings",
                     "/properties/provisioningState", "/properties/provisioningStateTransitionTime"},
       .required = {},
       .secret = {"/properties/sshConfiguration/userAccountSettings/adminUserPassword"}});
}

ModelSample file_server_create_parameters_sample() {
  return make_sample<FileServerCreateParameters>(
      "FileServerCreateParameters",
      R"json({"properties": {"dataDisks": {"cachingType": "readwrite", "diskCount": 145, "diskSizeInGB": 146,
"storageAccountType": "Premium_LRS"}, "sshConfiguration": {"publicIPsToAllow": ["publicIPsToAllow-147"],
"userAccountSettings": {"adminUserName": "adminUserName-148", "adminUserPassword":
"hidden-adminUserPassword-149", "adminUserSshPublicKey": "adminUserSshPublicKey-150"}}, "subnet": {"id":
"id-151"}, "vmSize": "vmSize-152"}})json",
      {.read_only = {},
       .required = {"/properties/dataDisks", "/properties/dataDisks/diskCount", "/properties/dataDisks/diskSizeInGB",
                    "/properties/dataDisks/storageAccountType", "/properties/sshConfiguration",
                    "/properties/sshConfiguration/userAccountSettings",
                    "/properties/sshConfiguration/userAccountSettings/adminUserName", "/properties/subnet/id",
                    "/properties/vmSize"},
       .secret = {"/properties/sshConfiguration/userAccountSettings/adminUserPassword"}});
}

ModelSample job_sample() {
  return make_sample<Job>(
      "Job",
      R"json({"id": "id-153", "name": "name-154", "type": "type-155", "properties": {"caffe2Settings": {"commandLineArgs":
"commandLineArgs-156", "pythonInterpreterPath": "pythonInterpreterPath-157", "pythonScriptFilePath":
"pythonScriptFilePath-158"}, "caffeSettings": {"commandLineArgs": "commandLineArgs-159", "configFilePath":
"configFilePath-160", "processCount": 161, "pythonInterpreterPath": "pythonInterpreterPath-162",
"pythonScriptFilePath": "pythonScriptFilePath-163"}, "chainerSettings": {"commandLineArgs":
"commandLineArgs-164", "processCount": 165, "pythonInterpreterPath": "pythonInterpreterPath-166",
"pythonScriptFilePath": "pythonScriptFilePath-167"}, "cluster": {"id": "id-168"}, "cntkSettings":
{"commandLineArgs": "commandLineArgs-169", "configFilePath": "configFilePath-170", "languageType":
"languageType-171", "processCount": 172, "pythonInterpreterPath": "pythonInterpreterPath-173",
"pythonScriptFilePath": "pythonScriptFilePath-174"}, "constraints": {"maxWallClockTime": "P7D"},
"containerSettings": {"imageSourceRegistry": {"credentials": {"password": "hidden-password-176",
"passwordSecretReference": {"secretUrl": "secretUrl-177", "sourceVault": {"id": "id-178"}}, "username":
"username-179"}, "image": "image-180", "serverUrl": "serverUrl-181"}, "shmSize": "shmSize-182"},
"creationTime": "2018-06-07T21:16:03.13Z", "customMpiSettings": {"commandLine": "commandLine-184",
"processCount": 185}, "customToolkitSettings": {"commandLine": "commandLine-186"}, "environmentVariables":
[{"name": "name-187", "value": "value-188"}], "executionInfo": {"endTime": "2018-06-07T21:16:09.13Z",
"errors": [{"code": "code-190", "details": [{"name": "name-191", "value": "value-192"}], "message":
"message-193"}], "exitCode": 194, "startTime": "2018-06-07T21:16:15.13Z"}, "executionState": "failed",
"executionStateTransitionTime": "2018-06-07T21:16:16.13Z", "horovodSettings": {"commandLineArgs":
"commandLineArgs-197", "processCount": 198, "pythonInterpreterPath": "pythonInterpreterPath-199",
"pythonScriptFilePath": "pythonScriptFilePath-200"}, "inputDirectories": [{"id": "id-201", "path":
"path-202"}], "jobOutputDirectoryPathSegment": "jobOutputDirectoryPathSegment-203", "jobPreparation":
{"commandLine": "commandLine-204"}, "mountVolumes": {"azureBlobFileSystems": [{"accountName":
"accountName-205", "containerName": "containerName-206", "credentials": {"accountKey":
"hidden-accountKey-207", "accountKeySecretReference": {"secretUrl": "secretUrl-208", "sourceVault": {"id":
"id-209"}}}, "mountOptions": "mountOptions-210", "relativeMountPath": "relativeMountPath-211"}],
"azureFileShares": [{"accountName": "accountName-212", "azureFileUrl": "azureFileUrl-213", "credentials":
{"accountKey": "hidden-accountKey-214", "accountKeySecretReference": {"secretUrl": "secretUrl-215",
"sourceVault": {"id": "id-216"}}}, "directoryMode": "directoryMode-217", "fileMode": "fileMode-218",
"relativeMountPath": "relativeMountPath-219"}], "fileServers": [{"fileServer": {"id": "id-220"},
"mountOptions": "mountOptions-221", "relativeMountPath": "relativeMountPath-222", "sourceDirectory":
"sourceDirectory-223"}], "unmanagedFileSystems": [{"mountCommand": "mountCommand-224", "relativeMountPath":
"relativeMountPath-225"}]}, "nodeCount": 226, "outputDirectories": [{"id": "id-227", "pathPrefix":
"pathPrefix-228", "pathSuffix": "pathSuffix-229"}], "provisioningState": "failed",
"provisioningStateTransitionTime": "2018-06-07T21:16:50.13Z", "pyTorchSettings": {"commandLineArgs":
"commandLineArgs-231", "communicationBackend": "communicationBackend-232", "processCount": 233,
"pythonInterpreterPath": "pythonInterpreterPath-234", "pythonScriptFilePath": "pythonScriptFilePath-235"},
"schedulingPriority": "high", "secrets": [{"name": "name-236", "value": "hidden-value-237",
"valueSecretReference": {"secretUrl": "secretUrl-238", "sourceVault": {"id": "id-239"}}}],
"stdOutErrPathPrefix": "stdOutErrPathPrefix-240", "tensorFlowSettings": {"masterCommandLineArgs":
"masterCommandLineArgs-241", "parameterServerCommandLineArgs": "parameterServerCommandLineArgs-242",
"parameterServerCount": 243, "pythonInterpreterPath": "pythonInterpreterPath-244", "pythonScriptFilePath":
"pythonScriptFilePath-245", "workerCommandLineArgs": "workerCommandLineArgs-246", "workerCount": 247},
"toolType": "custom"}})json",
      {.read_only = {"/id", "/name", "/type", "/properties/creationTime", "/properties/executionInfo",
                     "/properties/executionState", "/properties/executionStateTransitionTime",
                     "/properties/jobOutputDirectoryPathSegment", "/properties/provisioningState",
                     "/properties/provisioningStateTransitionTime", "/properties/toolType"},
       .required = {},
       .secret = {"/properties/containerSettings/imageSourceRegistry/credentials/password",
                  "/properties/mountVolumes/azureBlobFileSystems/0/credentials/accountKey",
                  "/properties/mountVolumes/azureFileShares/0/credentials/accountKey", "/properties/secrets/0/value"}});
}

ModelSample job_create_parameters_sample() {
  return make_sample<JobCreateParameters>(
      "JobCreateParameters",
      R"json({"properties": {"caffe2Settings": {"commandLineArgs": "commandLineArgs-248", "pythonInterpreterPath":
"pythonInterpreterPath-249", "pythonScriptFilePath": "pythonScriptFilePath-250"}, "caffeSettings":
{"commandLineArgs": "commandLineArgs-251", "configFilePath": "configFilePath-252", "processCount": 253,
"pythonInterpreterPath": "pythonInterpreterPath-254", "pythonScriptFilePath": "pythonScriptFilePath-255"},
"chainerSettings": {"commandLineArgs": "commandLineArgs-256", "processCount": 257, "pythonInterpreterPath":
"pythonInterpreterPath-258", "pythonScriptFilePath": "pythonScriptFilePath-259"}, "cluster": {"id": "id-260"},
"cntkSettings": {"commandLineArgs": "commandLineArgs-261", "configFilePath": "configFilePath-262",
"languageType": "languageType-263", "processCount": 264, "pythonInterpreterPath": "pythonInterpreterPath-265",
"pythonScriptFilePath": "pythonScriptFilePath-266"}, "constraints": {"maxWallClockTime": "P7D"},
"containerSettings": {"imageSourceRegistry": {"credentials": {"password": "hidden-password-268",
"passwordSecretReference": {"secretUrl": "secretUrl-269", "sourceVault": {"id": "id-270"}}, "username":
"username-271"}, "image": "image-272", "serverUrl": "serverUrl-273"}, "shmSize": "shmSize-274"},
"customMpiSettings": {"commandLine": "commandLine-275", "processCount": 276}, "customToolkitSettings":
{"commandLine": "commandLine-277"}, "environmentVariables": [{"name": "name-278", "value": "value-279"}],
"horovodSettings": {"commandLineArgs": "commandLineArgs-280", "processCount": 281, "pythonInterpreterPath":
"pythonInterpreterPath-282", "pythonScriptFilePath": "pythonScriptFilePath-283"}, "inputDirectories": [{"id":
"id-284", "path": "path-285"}], "jobPreparation": {"commandLine": "commandLine-286"}, "mountVolumes":
{"azureBlobFileSystems": [{"accountName": "accountName-287", "containerName": "containerName-288",
"credentials": {"accountKey": "hidden-accountKey-289", "accountKeySecretReference": {"secretUrl":
"secretUrl-290", "sourceVault": {"id": "id-291"}}}, "mountOptions": "mountOptions-292", "relativeMountPath":
"relativeMountPath-293"}], "azureFileShares": [{"accountName": "accountName-294", "azureFileUrl":
"azureFileUrl-295", "credentials": {"accountKey": "hidden-accountKey-296", "accountKeySecretReference":
{"secretUrl": "secretUrl-297", "sourceVault": {"id": "id-298"}}}, "directoryMode": "directoryMode-299",
"fileMode": "fileMode-300", "relativeMountPath": "relativeMountPath-301"}], "fileServers": [{"fileServer":
{"id": "id-302"}, "mountOptions": "mountOptions-303", "relativeMountPath": "relativeMountPath-304",
"sourceDirectory": "sourceDirectory-305"}], "unmanagedFileSystems": [{"mountCommand": "mountCommand-306",
"relativeMountPath": "relativeMountPath-307"}]}, "nodeCount": 308, "outputDirectories": [{"id": "id-309",
"pathPrefix": "pathPrefix-310", "pathSuffix": "pathSuffix-311"}], "pyTorchSettings": {"commandLineArgs":
"commandLineArgs-312", "communicationBackend": "communicationBackend-313", "processCount": 314,
"pythonInterpreterPath": "pythonInterpreterPath-315", "pythonScriptFilePath": "pythonScriptFilePath-316"},
"schedulingPriority": "high", "secrets": [{"name": "name-317", "value": "hidden-value-318",
"valueSecretReference": {"secretUrl": "secretUrl-319", "sourceVault": {"id": "id-320"}}}],
"stdOutErrPathPrefix": "stdOutErrPathPrefix-321", "tensorFlowSettings": {"masterCommandLineArgs":
"masterCommandLineArgs-322", "parameterServerCommandLineArgs": "parameterServerCommandLineArgs-323",
"parameterServerCount": 324, "pythonInterpreterPath": "pythonInterpreterPath-325", "pythonScriptFilePath":
"pythonScriptFilePath-326", "workerCommandLineArgs": "workerCommandLineArgs-327", "workerCount": 328}}})json",
      {.read_only = {},
       .required =
           {"/properties/caffe2Settings/pythonScriptFilePath",
            "/properties/chainerSettings/pythonScriptFilePath",
            "/properties/cluster",
            "/properties/cluster/id",
            "/properties/containerSettings/imageSourceRegistry",
            "/properties/containerSettings/imageSourceRegistry/credentials/passwordSecretReference/secretUrl",
            "/properties/containerSettings/imageSourceRegistry/credentials/passwordSecretReference/sourceVault",
            "/properties/containerSettings/imageSourceRegistry/credentials/passwordSecretReference/sourceVault/id",
            "/properties/containerSettings/imageSourceRegistry/credentials/username",
            "/properties/containerSettings/imageSourceRegistry/image",
            "/properties/customMpiSettings/commandLine",
            "/properties/environmentVariables/0/name",
            "/properties/environmentVariables/0/value",
            "/properties/horovodSettings/pythonScriptFilePath",
            "/properties/inputDirectories/0/id",
            "/properties/inputDirectories/0/path",
            "/properties/jobPreparation/commandLine",
            "/properties/mountVolumes/azureBlobFileSystems/0/accountName",
            "/properties/mountVolumes/azureBlobFileSystems/0/containerName",
            "/properties/mountVolumes/azureBlobFileSystems/0/credentials",
            "/properties/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/secretUrl",
            "/properties/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/sourceVault",
            "/properties/mountVolumes/azureBlobFileSystems/0/credentials/accountKeySecretReference/sourceVault/id",
            "/properties/mountVolumes/azureBlobFileSystems/0/relativeMountPath",
            "/properties/mountVolumes/azureFileShares/0/accountName",
            "/properties/mountVolumes/azureFileShares/0/azureFileUrl",
            "/properties/mountVolumes/azureFileShares/0/credentials",
            "/properties/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/secretUrl",
            "/properties/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/sourceVault",
            "/properties/mountVolumes/azureFileShares/0/credentials/accountKeySecretReference/sourceVault/id",
            "/properties/mountVolumes/azureFileShares/0/relativeMountPath",
            "/properties/mountVolumes/fileServers/0/fileServer",
            "/properties/mountVolumes/fileServers/0/fileServer/id",
            "/properties/mountVolumes/fileServers/0/relativeMountPath",
            "/properties/mountVolumes/unmanagedFileSystems/0/mountCommand",
            "/properties/mountVolumes/unmanagedFileSystems/0/relativeMountPath",
            "/properties/nodeCount",
            "/properties/outputDirectories/0/id",
            "/properties/outputDirectories/0/pathPrefix",
            "/properties/pyTorchSettings/pythonScriptFilePath",
            "/properties/secrets/0/name",
            "/properties/secrets/0/valueSecretReference/secretUrl",
            "/properties/secrets/0/valueSecretReference/sourceVault",
            "/properties/secrets/0/valueSecretReference/sourceVault/id",
            "/properties/stdOutErrPathPrefix",
            "/properties/tensorFlowSettings/pythonScriptFilePath"},
       .secret = {"/properties/containerSettings/imageSourceRegistry/credentials/password",
                  "/properties/mountVolumes/azureBlobFileSystems/0/credentials/accountKey",
                  "/properties/mountVolumes/azureFileShares/0/credentials/accountKey", "/properties/secrets/0/value"}});
}

ModelSample remote_login_information_sample() {
  return make_sample<RemoteLoginInformation>(
      "RemoteLoginInformation", R"json({"ipAddress": "ipAddress-329", "nodeId": "nodeId-330", "port": 331})json",
      {.read_only = {"/ipAddress", "/nodeId", "/port"}, .required = {}, .secret = {}});
}

ModelSample file_sample() {
  return make_sample<File>(
      "File", R"json({"downloadUrl": "downloadUrl-332", "fileType": "directory", "name": "name-333", "properties":
{"contentLength": 5000000334, "lastModified": "2018-06-07T21:16:35.13Z"}})json",
      {.read_only = {"/downloadUrl", "/fileType", "/name", "/properties/contentLength", "/properties/lastModified"},
       .required = {},
       .secret = {}});
}

ModelSample usage_sample() {
  return make_sample<Usage>(
      "Usage",
      R"json({"currentValue": 336, "limit": 5000000337, "name": {"localizedValue": "localizedValue-338", "value":
"value-339"}, "unit": "Count"})json",
      {.read_only = {"/currentValue", "/limit", "/name", "/unit"}, .required = {}, .secret = {}});
}

ModelSample operation_info_sample() {
  return make_sample<OperationInfo>(
      "OperationInfo",
      R"json({"display": {"description": "description-340", "operation": "operation-341", "provider": "provider-342",
"resource": "resource-343"}, "name": "name-344", "origin": "origin-345", "properties":
{"serviceSpecification": {"x": 1}}})json",
      {.read_only = {"/display/description", "/display/operation", "/display/provider", "/display/resource", "/name",
                     "/origin"},
       .required = {},
       .secret = {}});
}

std::vector<ModelSample> all_samples() {
  return {workspace_sample(),
          workspace_create_parameters_sample(),
          workspace_update_parameters_sample(),
          experiment_sample(),
          cluster_sample(),
          cluster_create_parameters_sample(),
          cluster_update_parameters_sample(),
          file_server_sample(),
          file_server_create_parameters_sample(),
          job_sample(),
          job_create_parameters_sample(),
          remote_login_information_sample(),
          file_sample(),
          usage_sample(),
          operation_info_sample()};
}

}  // namespace batchai::test
