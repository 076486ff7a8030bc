#include "batchai/models/job.hpp"
#include "models/samples.hpp"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using Ordered = nlohmann::ordered_json;

struct DescribedOrder {
  std::string model;
  /// Where in the sample's document the object lies.
  std::string pointer;
  /// Its members as the API description of 2018-05-01 lists them.
  std::string members;

  friend std::ostream& operator<<(std::ostream& out, const DescribedOrder& order) {
    return out << order.model << order.pointer;
  }
};

// One row for each type that has more than one member.
const std::vector<DescribedOrder> kDescribed = {
    {"Workspace", "", "id name type location tags properties"},
    {"Workspace", "/properties", "creationTime provisioningState provisioningStateTransitionTime"},
    {"Experiment", "", "id name type properties"},
    {"Experiment", "/properties", "creationTime provisioningState provisioningStateTransitionTime"},
    {"Cluster", "", "id name type properties"},
    {"Cluster", "/properties",
     "vmSize vmPriority scaleSettings virtualMachineConfiguration nodeSetup userAccountSettings subnet creationTime "
     "provisioningState provisioningStateTransitionTime allocationState allocationStateTransitionTime errors "
     "currentNodeCount nodeStateCounts"},
    {"Cluster", "/properties/scaleSettings", "manual autoScale"},
    {"Cluster", "/properties/scaleSettings/manual", "targetNodeCount nodeDeallocationOption"},
    {"Cluster", "/properties/scaleSettings/autoScale", "minimumNodeCount maximumNodeCount initialNodeCount"},
    {"Cluster", "/properties/virtualMachineConfiguration/imageReference",
     "publisher offer sku version virtualMachineImageId"},
    {"Cluster", "/properties/nodeSetup", "setupTask mountVolumes performanceCountersSettings"},
    {"Cluster", "/properties/nodeSetup/setupTask",
     "commandLine environmentVariables secrets stdOutErrPathPrefix stdOutErrPathSuffix"},
    {"Cluster", "/properties/nodeSetup/setupTask/environmentVariables/0", "name value"},
    {"Cluster", "/properties/nodeSetup/setupTask/secrets/0", "name value valueSecretReference"},
    {"Cluster", "/properties/nodeSetup/setupTask/secrets/0/valueSecretReference", "sourceVault secretUrl"},
    {"Cluster", "/properties/nodeSetup/mountVolumes",
     "azureFileShares azureBlobFileSystems fileServers unmanagedFileSystems"},
    {"Cluster", "/properties/nodeSetup/mountVolumes/azureFileShares/0",
     "accountName azureFileUrl credentials relativeMountPath fileMode directoryMode"},
    {"Cluster", "/properties/nodeSetup/mountVolumes/azureFileShares/0/credentials",
     "accountKey accountKeySecretReference"},
    {"Cluster", "/properties/nodeSetup/mountVolumes/azureBlobFileSystems/0",
     "accountName containerName credentials relativeMountPath mountOptions"},
    {"Cluster", "/properties/nodeSetup/mountVolumes/fileServers/0",
     "fileServer sourceDirectory relativeMountPath mountOptions"},
    {"Cluster", "/properties/nodeSetup/mountVolumes/unmanagedFileSystems/0", "mountCommand relativeMountPath"},
    {"Cluster", "/properties/nodeSetup/performanceCountersSettings/appInsightsReference",
     "component instrumentationKey instrumentationKeySecretReference"},
    {"Cluster", "/properties/userAccountSettings", "adminUserName adminUserSshPublicKey adminUserPassword"},
    {"Cluster", "/properties/errors/0", "code message details"},
    {"Cluster", "/properties/errors/0/details/0", "name value"},
    {"Cluster", "/properties/nodeStateCounts",
     "idleNodeCount runningNodeCount preparingNodeCount unusableNodeCount leavingNodeCount"},
    {"FileServer", "", "id name type properties"},
    {"FileServer", "/properties",
     "vmSize sshConfiguration dataDisks subnet mountSettings provisioningStateTransitionTime creationTime "
     "provisioningState"},
    {"FileServer", "/properties/sshConfiguration", "publicIPsToAllow userAccountSettings"},
    {"FileServer", "/properties/dataDisks", "diskSizeInGB cachingType diskCount storageAccountType"},
    {"FileServer", "/properties/mountSettings", "mountPoint fileServerPublicIP fileServerInternalIP"},
    {"Job", "", "id name type properties"},
    {"Job", "/properties",
     "schedulingPriority cluster mountVolumes nodeCount containerSettings toolType cntkSettings pyTorchSettings "
     "tensorFlowSettings caffeSettings caffe2Settings chainerSettings customToolkitSettings customMpiSettings "
     "horovodSettings jobPreparation jobOutputDirectoryPathSegment stdOutErrPathPrefix inputDirectories "
     "outputDirectories environmentVariables secrets constraints creationTime provisioningState "
     "provisioningStateTransitionTime executionState executionStateTransitionTime executionInfo"},
    {"Job", "/properties/containerSettings", "imageSourceRegistry shmSize"},
    {"Job", "/properties/containerSettings/imageSourceRegistry", "serverUrl image credentials"},
    {"Job", "/properties/containerSettings/imageSourceRegistry/credentials",
     "username password passwordSecretReference"},
    {"Job", "/properties/cntkSettings",
     "languageType configFilePath pythonScriptFilePath pythonInterpreterPath commandLineArgs processCount"},
    {"Job", "/properties/pyTorchSettings",
     "pythonScriptFilePath pythonInterpreterPath commandLineArgs processCount communicationBackend"},
    {"Job", "/properties/tensorFlowSettings",
     "pythonScriptFilePath pythonInterpreterPath masterCommandLineArgs workerCommandLineArgs "
     "parameterServerCommandLineArgs workerCount parameterServerCount"},
    {"Job", "/properties/caffeSettings",
     "configFilePath pythonScriptFilePath pythonInterpreterPath commandLineArgs processCount"},
    {"Job", "/properties/caffe2Settings", "pythonScriptFilePath pythonInterpreterPath commandLineArgs"},
    {"Job", "/properties/chainerSettings", "pythonScriptFilePath pythonInterpreterPath commandLineArgs processCount"},
    {"Job", "/properties/customMpiSettings", "commandLine processCount"},
    {"Job", "/properties/horovodSettings", "pythonScriptFilePath pythonInterpreterPath commandLineArgs processCount"},
    {"Job", "/properties/inputDirectories/0", "id path"},
    {"Job", "/properties/outputDirectories/0", "id pathPrefix pathSuffix"},
    {"Job", "/properties/executionInfo", "startTime endTime exitCode errors"},
    {"RemoteLoginInformation", "", "nodeId ipAddress port"},
    {"File", "", "name fileType downloadUrl properties"},
    {"File", "/properties", "lastModified contentLength"},
    {"Usage", "", "unit currentValue limit name"},
    {"Usage", "/name", "value localizedValue"},
    {"OperationInfo", "", "name display origin properties"},
    {"OperationInfo", "/display", "provider operation resource description"},
};

const ModelSample& sample_of(const std::string& model) {
  static const std::vector<ModelSample> kSamples = all_samples();
  return *std::find_if(kSamples.begin(), kSamples.end(), [&](const auto& sample) { return sample.name == model; });
}

std::string names_of(const Ordered& object) {
  std::string names;
  for (const auto& member : object.items()) {
    names += (names.empty() ? "" : " ") + member.key();
  }
  return names;
}

class DescribedType : public testing::TestWithParam<DescribedOrder> {};

TEST_P(DescribedType, HasItsMembersInTheOrderOfTheDescription) {
  const ModelSample& sample = sample_of(GetParam().model);
  const Ordered ordered = sample.in_order(sample.document);
  EXPECT_EQ(names_of(ordered.at(Ordered::json_pointer(GetParam().pointer))), GetParam().members);
}

INSTANTIATE_TEST_SUITE_P(Batchai, DescribedType, testing::ValuesIn(kDescribed));

TEST(MemberOrder, NeitherAddsNorDropsAnything) {
  for (const ModelSample& sample : all_samples()) {
    EXPECT_EQ(nlohmann::json::parse(sample.in_order(sample.document).dump()), sample.document) << sample.name;
  }
}

TEST(MemberOrder, HasUnknownMembersLast) {
  const ModelSample& sample = sample_of("Experiment");
  const auto document = nlohmann::json::parse(
      R"({"aside": 1, "properties": {"also": [1], "creationTime": "then"}, "name": "n", "id": "i"})");
  EXPECT_EQ(sample.in_order(document).dump(),
            R"({"id":"i","name":"n","properties":{"creationTime":"then","also":[1]},"aside":1})");
}

TEST(MemberOrder, LeavesAloneWhatHasAnotherTypeThanDescribed) {
  const ModelSample& sample = sample_of("Job");
  for (const char* text : {"null", "3", R"({"properties":3})", R"({"properties":{"cluster":[1,null]}})"}) {
    EXPECT_EQ(sample.in_order(nlohmann::json::parse(text)).dump(), text);
  }
}

describe::ShapeMember member_named(const describe::Shape& shape, std::string_view name) {
  const auto found = std::find_if(shape.begin(), shape.end(), [&](const auto& member) { return member.name == name; });
  return found == shape.end() ? describe::ShapeMember{} : *found;
}

TEST(Shape, TellsWhatEachMemberHolds) {
  const describe::Shape& job = describe::shape_of<Job>();
  EXPECT_EQ(member_named(job, "name").notation, describe::Notation::kPlain);
  EXPECT_FALSE(member_named(job, "name").in_properties);
  EXPECT_EQ(member_named(job, "creationTime").notation, describe::Notation::kDate);
  EXPECT_TRUE(member_named(job, "creationTime").in_properties);
  EXPECT_TRUE(member_named(job, "secrets").list);
  EXPECT_EQ(member_named(job, "secrets").content, &describe::shape_of<EnvironmentVariableWithSecretValue>());
  const describe::ShapeMember constraints = member_named(job, "constraints");
  EXPECT_FALSE(constraints.list);
  ASSERT_NE(constraints.content, nullptr);
  EXPECT_EQ(member_named(*constraints.content, "maxWallClockTime").notation, describe::Notation::kDuration);
}

}  // namespace
}  // namespace batchai::test
