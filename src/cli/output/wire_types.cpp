#include "cli/output/wire_types.hpp"

#include <algorithm>
#include <iterator>

namespace batchai::cli {
namespace {

struct TypeRow {
  std::string_view name;
  std::string_view members;
};

// Members of the service's types, from its API description (2018-05-01), and of ARM's own. `name:Type`, `name:[Type]`
// for a list; `~name:Type`: the members of Type show in its place; `+name`: not of az, shown where it is sent. `date`,
// `duration` and `map` are scalars to the shape.
constexpr TypeRow kTypes[] = {
    {"AppInsightsReference",
     "component:ResourceId instrumentationKey instrumentationKeySecretReference:KeyVaultSecretReference"},
    {"AutoScaleSettings", "initialNodeCount maximumNodeCount minimumNodeCount"},
    {"AzureBlobFileSystemReference",
     "accountName containerName credentials:AzureStorageCredentialsInfo mountOptions relativeMountPath"},
    {"AzureFileShareReference",
     "accountName azureFileUrl credentials:AzureStorageCredentialsInfo directoryMode fileMode "
     "relativeMountPath"},
    {"AzureStorageCredentialsInfo", "accountKey accountKeySecretReference:KeyVaultSecretReference"},
    {"BatchAiError", "code details:[NameValuePair] message"},
    {"Caffe2Settings", "commandLineArgs pythonInterpreterPath pythonScriptFilePath"},
    {"CaffeSettings", "commandLineArgs configFilePath processCount pythonInterpreterPath pythonScriptFilePath"},
    {"ChainerSettings", "commandLineArgs processCount pythonInterpreterPath pythonScriptFilePath"},
    {"Cluster", "id name type ~properties:ClusterProperties"},
    {"ClusterBaseProperties",
     "nodeSetup:NodeSetup scaleSettings:ScaleSettings subnet:ResourceId "
     "userAccountSettings:UserAccountSettings virtualMachineConfiguration:VirtualMachineConfiguration "
     "vmPriority vmSize"},
    {"ClusterCreateParameters", "~properties:ClusterBaseProperties"},
    {"ClusterProperties",
     "allocationState allocationStateTransitionTime:date creationTime:date currentNodeCount "
     "errors:[BatchAiError] nodeSetup:NodeSetup nodeStateCounts:NodeStateCounts provisioningState "
     "provisioningStateTransitionTime:date scaleSettings:ScaleSettings subnet:ResourceId "
     "userAccountSettings:UserAccountSettings virtualMachineConfiguration:VirtualMachineConfiguration "
     "vmPriority vmSize"},
    {"CntkSettings",
     "commandLineArgs configFilePath languageType processCount pythonInterpreterPath pythonScriptFilePath"},
    {"ContainerSettings", "imageSourceRegistry:ImageSourceRegistry shmSize"},
    {"CustomMpiSettings", "commandLine processCount"},
    {"CustomToolkitSettings", "commandLine"},
    {"DataDisks", "cachingType diskCount diskSizeInGB storageAccountType"},
    {"EnvironmentVariable", "name value"},
    {"EnvironmentVariableWithSecretValue", "name value valueSecretReference:KeyVaultSecretReference"},
    {"Experiment", "id name type ~properties:ExperimentProperties"},
    {"ExperimentProperties", "creationTime:date provisioningState provisioningStateTransitionTime:date"},
    {"File", "downloadUrl +encoded fileType name ~properties:FileProperties"},
    {"FileProperties", "contentLength lastModified:date"},
    {"FileServer", "id name type ~properties:FileServerProperties"},
    {"FileServerBaseProperties", "dataDisks:DataDisks sshConfiguration:SshConfiguration subnet:ResourceId vmSize"},
    {"FileServerCreateParameters", "~properties:FileServerBaseProperties"},
    {"FileServerProperties",
     "creationTime:date dataDisks:DataDisks mountSettings:MountSettings provisioningState "
     "provisioningStateTransitionTime:date sshConfiguration:SshConfiguration subnet:ResourceId vmSize"},
    {"FileServerReference", "fileServer:ResourceId mountOptions relativeMountPath sourceDirectory"},
    {"GroupProperties", "provisioningState"},
    {"HorovodSettings", "commandLineArgs processCount pythonInterpreterPath pythonScriptFilePath"},
    {"ImageReference", "offer publisher sku version virtualMachineImageId"},
    {"ImageSourceRegistry", "credentials:PrivateRegistryCredentials image serverUrl"},
    {"InputDirectory", "id path"},
    {"Job", "id name type ~properties:JobProperties"},
    {"JobBaseProperties",
     "caffe2Settings:Caffe2Settings caffeSettings:CaffeSettings chainerSettings:ChainerSettings "
     "cluster:ResourceId cntkSettings:CntkSettings constraints:JobConstraints "
     "containerSettings:ContainerSettings customMpiSettings:CustomMpiSettings "
     "customToolkitSettings:CustomToolkitSettings environmentVariables:[EnvironmentVariable] "
     "horovodSettings:HorovodSettings inputDirectories:[InputDirectory] jobPreparation:JobPreparation "
     "mountVolumes:MountVolumes nodeCount outputDirectories:[OutputDirectory] "
     "pyTorchSettings:PyTorchSettings schedulingPriority secrets:[EnvironmentVariableWithSecretValue] "
     "stdOutErrPathPrefix tensorFlowSettings:TensorFlowSettings"},
    {"JobConstraints", "maxWallClockTime:duration"},
    {"JobCreateParameters", "~properties:JobBaseProperties"},
    {"JobExecutionInfo", "endTime:date errors:[BatchAiError] exitCode startTime:date"},
    {"JobPreparation", "commandLine"},
    {"JobProperties",
     "caffe2Settings:Caffe2Settings caffeSettings:CaffeSettings chainerSettings:ChainerSettings "
     "cluster:ResourceId cntkSettings:CntkSettings constraints:JobConstraints "
     "containerSettings:ContainerSettings creationTime:date customMpiSettings:CustomMpiSettings "
     "customToolkitSettings:CustomToolkitSettings environmentVariables:[EnvironmentVariable] "
     "executionInfo:JobExecutionInfo executionState executionStateTransitionTime:date "
     "horovodSettings:HorovodSettings inputDirectories:[InputDirectory] jobOutputDirectoryPathSegment "
     "jobPreparation:JobPreparation mountVolumes:MountVolumes nodeCount "
     "outputDirectories:[OutputDirectory] provisioningState provisioningStateTransitionTime:date "
     "pyTorchSettings:PyTorchSettings schedulingPriority secrets:[EnvironmentVariableWithSecretValue] "
     "stdOutErrPathPrefix tensorFlowSettings:TensorFlowSettings toolType"},
    {"KeyVaultSecretReference", "secretUrl sourceVault:ResourceId"},
    {"ManualScaleSettings", "nodeDeallocationOption targetNodeCount"},
    {"MountSettings", "fileServerInternalIP fileServerPublicIP mountPoint"},
    {"MountVolumes",
     "azureBlobFileSystems:[AzureBlobFileSystemReference] azureFileShares:[AzureFileShareReference] "
     "fileServers:[FileServerReference] unmanagedFileSystems:[UnmanagedFileSystemReference]"},
    {"NameValuePair", "name value"},
    {"NodeSetup",
     "mountVolumes:MountVolumes performanceCountersSettings:PerformanceCountersSettings "
     "setupTask:SetupTask"},
    {"NodeStateCounts", "idleNodeCount leavingNodeCount preparingNodeCount runningNodeCount unusableNodeCount"},
    {"Operation", "display:OperationDisplay name origin ~properties"},
    {"OperationDisplay", "description operation provider resource"},
    {"OutputDirectory", "id pathPrefix pathSuffix"},
    {"PerformanceCountersSettings", "appInsightsReference:AppInsightsReference"},
    {"PrivateRegistryCredentials", "password passwordSecretReference:KeyVaultSecretReference username"},
    {"Provider",
     "authorizations id namespace providerAuthorizationConsentState registrationPolicy registrationState "
     "resourceTypes:[ProviderResourceType]"},
    {"ProviderResourceType",
     "aliases apiProfiles apiVersions capabilities defaultApiVersion locationMappings locations properties "
     "resourceType zoneMappings"},
    {"PyTorchSettings", "commandLineArgs communicationBackend processCount pythonInterpreterPath pythonScriptFilePath"},
    {"RemoteLoginInformation", "ipAddress nodeId port"},
    {"ResourceGroup", "id location managedBy name properties:GroupProperties tags:map type"},
    {"ResourceId", "id"},
    {"ScaleSettings", "autoScale:AutoScaleSettings manual:ManualScaleSettings"},
    {"SetupTask",
     "commandLine environmentVariables:[EnvironmentVariable] secrets:[EnvironmentVariableWithSecretValue] "
     "stdOutErrPathPrefix stdOutErrPathSuffix"},
    {"SshConfiguration", "publicIPsToAllow:[text] userAccountSettings:UserAccountSettings"},
    {"TensorFlowSettings",
     "masterCommandLineArgs parameterServerCommandLineArgs parameterServerCount pythonInterpreterPath "
     "pythonScriptFilePath workerCommandLineArgs workerCount"},
    {"UnmanagedFileSystemReference", "mountCommand relativeMountPath"},
    {"Usage", "currentValue limit name:UsageName unit"},
    {"UsageName", "localizedValue value"},
    {"UserAccountSettings", "adminUserName adminUserPassword adminUserSshPublicKey"},
    {"VirtualMachineConfiguration", "imageReference:ImageReference"},
    {"Workspace", "id location name tags:map type ~properties:WorkspaceProperties"},
    {"WorkspaceProperties", "creationTime:date provisioningState provisioningStateTransitionTime:date"},
};

WireMember parse_member(std::string_view word) {
  WireMember member;
  if (word.starts_with('~')) {
    member.flattened = true;
    word.remove_prefix(1);
  } else if (word.starts_with('+')) {
    member.added = true;
    word.remove_prefix(1);
  }
  const std::size_t colon = word.find(':');
  member.name = word.substr(0, colon);
  member.type = colon == std::string_view::npos ? "" : word.substr(colon + 1);
  if (member.type.starts_with('[')) {
    member.list = true;
    member.type = member.type.substr(1, member.type.size() - 2);
  }
  return member;
}

}  // namespace

std::vector<WireMember> members_of(std::string_view type) {
  const auto found =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeRow& row) { return row.name == type; });
  std::string_view words = found == std::end(kTypes) ? std::string_view() : found->members;
  std::vector<WireMember> members;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
    members.push_back(parse_member(word));
  }
  return members;
}

}  // namespace batchai::cli
