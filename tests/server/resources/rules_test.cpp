#include "server/faults/fault.hpp"
#include "server/resources/cluster_rules.hpp"
#include "server/resources/job_rules.hpp"
#include "support/service_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchai::server::test {
namespace {

using nlohmann::json;

class RulesTest : public ::testing::Test, protected ServiceFixture {
 protected:
  template <class Work>
  static std::pair<int, std::string> fault_of(const Work& work) {
    try {
      work();
    } catch (const ServiceFault& fault) {
      return {fault.status(), fault.code()};
    }
    return {0, "accepted"};
  }
  using Fault = std::pair<int, std::string>;
};

struct Wrong {
  const char* name;
  const char* patch;
  const char* target;
};

std::string target_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const ServiceFault& fault) {
    EXPECT_EQ(fault.status(), 400) << fault.message();
    EXPECT_EQ(fault.code(), "InvalidRequestContent");
    return fault.target();
  }
  return "accepted";
}

const auto kNameOf = [](const auto& wrong) { return wrong.param.name; };

class WrongJob : public RulesTest, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongJob, IsRefusedWithItsMember) {
  auto body = job_body();
  body.merge_patch({{"properties", json::parse(GetParam().patch)}});
  create_cluster("c", manual(1));
  EXPECT_EQ(target_of([&] { create_job("j", body); }), GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(
    Jobs, WrongJob,
    ::testing::Values(
        Wrong{"NoNodes", R"({"nodeCount": 0})", "properties.nodeCount"},
        Wrong{"TextForNodes", R"({"nodeCount": "two"})", "properties.nodeCount"},
        Wrong{"NoPrefix", R"({"stdOutErrPathPrefix": null})", "properties.stdOutErrPathPrefix"},
        Wrong{"NoToolkit", R"({"customToolkitSettings": null})", "properties"},
        Wrong{"TwoToolkits", R"({"caffe2Settings": {"pythonScriptFilePath": "a.py"}})", "properties"},
        Wrong{"NoCommand", R"({"customToolkitSettings": {"commandLine": null}})",
              "properties.customToolkitSettings.commandLine"},
        Wrong{
            "CntkWithBoth",
            R"({"customToolkitSettings": null, "cntkSettings": {"pythonScriptFilePath": "a", "configFilePath": "b"}})",
            "properties.cntkSettings"},
        Wrong{"CntkOfTheOtherLanguage",
              R"({"customToolkitSettings": null,
                  "cntkSettings": {"pythonScriptFilePath": "a", "languageType": "BrainScript"}})",
              "properties.cntkSettings.languageType"},
        Wrong{"TooManyWorkers",
              R"({"customToolkitSettings": null,
                  "tensorFlowSettings": {"pythonScriptFilePath": "a", "workerCount": 2}})",
              "properties.tensorFlowSettings.workerCount"},
        Wrong{"PriorityUnknown", R"({"schedulingPriority": "urgent"})", "properties.schedulingPriority"},
        Wrong{"TooLong", R"({"constraints": {"maxWallClockTime": "P8D"}})", "properties.constraints.maxWallClockTime"},
        Wrong{"NoTime", R"({"constraints": {"maxWallClockTime": "PT0S"}})", "properties.constraints.maxWallClockTime"},
        Wrong{"DoubleId", R"({"inputDirectories": [{"id": "A", "path": "x"}, {"id": "A", "path": "y"}]})",
              "properties.inputDirectories[1].id"},
        Wrong{"ReservedId", R"({"outputDirectories": [{"id": "stdouterr", "pathPrefix": "x"}]})",
              "properties.outputDirectories[0].id"},
        Wrong{"BadId", R"({"outputDirectories": [{"id": "a-b", "pathPrefix": "x"}]})",
              "properties.outputDirectories[0].id"},
        Wrong{"SuffixUpwards", R"({"outputDirectories": [{"id": "M", "pathPrefix": "x", "pathSuffix": "a/../../b"}]})",
              "properties.outputDirectories[0].pathSuffix"},
        Wrong{"VariableName", R"({"environmentVariables": [{"name": "A=B", "value": ""}]})",
              "properties.environmentVariables[0].name"},
        Wrong{"SecretWithout", R"({"secrets": [{"name": "A"}]})", "properties.secrets[0]"},
        Wrong{"NotACluster", R"({"cluster": {"id": "/subscriptions/s/resourceGroups/g"}})", "properties.cluster.id"},
        Wrong{"MountUpwards",
              R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s",
                  "credentials": {"accountKey": "k"}, "relativeMountPath": "../up"}]}})",
              "properties.mountVolumes.azureFileShares[0].relativeMountPath"}),
    kNameOf);

INSTANTIATE_TEST_SUITE_P(
    MoreJobs, WrongJob,
    ::testing::Values(
        Wrong{"CntkWithNeither", R"({"customToolkitSettings": null, "cntkSettings": {}})", "properties.cntkSettings"},
        Wrong{
            "CntkInterpreterForBrainScript",
            R"({"customToolkitSettings": null, "cntkSettings": {"configFilePath": "c", "pythonInterpreterPath": "p"}})",
            "properties.cntkSettings.pythonInterpreterPath"},
        Wrong{"CntkNoProcesses",
              R"({"customToolkitSettings": null, "cntkSettings": {"pythonScriptFilePath": "a", "processCount": 0}})",
              "properties.cntkSettings.processCount"},
        Wrong{"PyTorchNoScript", R"({"customToolkitSettings": null, "pyTorchSettings": {"pythonScriptFilePath": ""}})",
              "properties.pyTorchSettings.pythonScriptFilePath"},
        Wrong{"PyTorchTwoProcessesWithoutBackend",
              R"({"customToolkitSettings": null, "pyTorchSettings": {"pythonScriptFilePath": "a", "processCount": 2}})",
              "properties.pyTorchSettings.communicationBackend"},
        Wrong{
            "PyTorchUnknownBackend",
            R"({"customToolkitSettings": null, "pyTorchSettings": {"pythonScriptFilePath": "a", "communicationBackend": "UDP"}})",
            "properties.pyTorchSettings.communicationBackend"},
        Wrong{"TensorFlowNoScript",
              R"({"customToolkitSettings": null, "tensorFlowSettings": {"pythonScriptFilePath": ""}})",
              "properties.tensorFlowSettings.pythonScriptFilePath"},
        Wrong{
            "NoWorkers",
            R"({"customToolkitSettings": null, "tensorFlowSettings": {"pythonScriptFilePath": "a", "workerCount": 0}})",
            "properties.tensorFlowSettings.workerCount"},
        Wrong{
            "LessThanNoServers",
            R"({"customToolkitSettings": null, "tensorFlowSettings": {"pythonScriptFilePath": "a", "parameterServerCount": -1}})",
            "properties.tensorFlowSettings.parameterServerCount"},
        Wrong{
            "MoreServersThanNodes",
            R"({"customToolkitSettings": null, "tensorFlowSettings": {"pythonScriptFilePath": "a", "parameterServerCount": 2}})",
            "properties.tensorFlowSettings.parameterServerCount"},
        Wrong{
            "CaffeWithBoth",
            R"({"customToolkitSettings": null, "caffeSettings": {"pythonScriptFilePath": "a", "configFilePath": "b"}})",
            "properties.caffeSettings"},
        Wrong{
            "CaffeInterpreterWithoutScript",
            R"({"customToolkitSettings": null, "caffeSettings": {"configFilePath": "b", "pythonInterpreterPath": "p"}})",
            "properties.caffeSettings.pythonInterpreterPath"},
        Wrong{"CaffeNoProcesses",
              R"({"customToolkitSettings": null, "caffeSettings": {"configFilePath": "b", "processCount": 0}})",
              "properties.caffeSettings.processCount"},
        Wrong{"Caffe2NoScript", R"({"customToolkitSettings": null, "caffe2Settings": {"pythonScriptFilePath": ""}})",
              "properties.caffe2Settings.pythonScriptFilePath"},
        Wrong{"ChainerNoScript", R"({"customToolkitSettings": null, "chainerSettings": {"pythonScriptFilePath": ""}})",
              "properties.chainerSettings.pythonScriptFilePath"},
        Wrong{"ChainerNoProcesses",
              R"({"customToolkitSettings": null, "chainerSettings": {"pythonScriptFilePath": "a", "processCount": 0}})",
              "properties.chainerSettings.processCount"},
        Wrong{"HorovodNoScript", R"({"customToolkitSettings": null, "horovodSettings": {"pythonScriptFilePath": ""}})",
              "properties.horovodSettings.pythonScriptFilePath"},
        Wrong{"MpiNoCommand", R"({"customToolkitSettings": null, "customMpiSettings": {"commandLine": ""}})",
              "properties.customMpiSettings.commandLine"},
        Wrong{"MpiNoProcesses",
              R"({"customToolkitSettings": null, "customMpiSettings": {"commandLine": "a", "processCount": 0}})",
              "properties.customMpiSettings.processCount"},
        Wrong{"TooLongByATick", R"({"constraints": {"maxWallClockTime": "P7DT0.0000001S"}})",
              "properties.constraints.maxWallClockTime"},
        Wrong{"PreparationWithoutCommand", R"({"jobPreparation": {"commandLine": ""}})",
              "properties.jobPreparation.commandLine"},
        Wrong{"InputWithoutPath", R"({"inputDirectories": [{"id": "A", "path": ""}]})",
              "properties.inputDirectories[0].path"},
        Wrong{"OutputWithoutPrefix", R"({"outputDirectories": [{"id": "A", "pathPrefix": ""}]})",
              "properties.outputDirectories[0].pathPrefix"},
        Wrong{"DoubleOutputId",
              R"({"outputDirectories": [{"id": "A", "pathPrefix": "x"}, {"id": "A", "pathPrefix": "y"}]})",
              "properties.outputDirectories[1].id"},
        Wrong{"SuffixIsUpwards", R"({"outputDirectories": [{"id": "M", "pathPrefix": "x", "pathSuffix": ".."}]})",
              "properties.outputDirectories[0].pathSuffix"},
        Wrong{"SuffixBeginsUpwards", R"({"outputDirectories": [{"id": "M", "pathPrefix": "x", "pathSuffix": "../a"}]})",
              "properties.outputDirectories[0].pathSuffix"},
        Wrong{"SuffixEndsUpwards", R"({"outputDirectories": [{"id": "M", "pathPrefix": "x", "pathSuffix": "a/.."}]})",
              "properties.outputDirectories[0].pathSuffix"},
        Wrong{"VariableWithoutName", R"({"environmentVariables": [{"name": "", "value": ""}]})",
              "properties.environmentVariables[0].name"},
        Wrong{"VariableBeginsWithADigit", R"({"environmentVariables": [{"name": "1A", "value": ""}]})",
              "properties.environmentVariables[0].name"},
        Wrong{"ZeroInAVariable", R"({"environmentVariables": [{"name": "A", "value": "x\u0000y"}]})",
              "properties.environmentVariables[0].value"},
        Wrong{"ZeroInACommand", R"({"customToolkitSettings": {"commandLine": "x\u0000y"}})",
              "properties.customToolkitSettings.commandLine"},
        Wrong{"SecretName", R"({"secrets": [{"name": "A-B", "value": "x"}]})", "properties.secrets[0].name"},
        Wrong{"ZeroInASecret", R"({"secrets": [{"name": "A", "value": "x\u0000y"}]})", "properties.secrets[0].value"},
        Wrong{
            "SecretTwice",
            R"({"secrets": [{"name": "A", "value": "x", "valueSecretReference": {"sourceVault": {"id": "v"}, "secretUrl": "u"}}]})",
            "properties.secrets[0]"},
        Wrong{"SecretInAVault",
              R"({"secrets": [{"name": "A", "valueSecretReference": {"sourceVault": {"id": "v"}, "secretUrl": "u"}}]})",
              "properties.secrets[0].valueSecretReference"},
        Wrong{"NoImage", R"({"containerSettings": {"imageSourceRegistry": {"image": ""}}})",
              "properties.containerSettings.imageSourceRegistry.image"},
        Wrong{
            "RegistryUserWithoutName",
            R"({"containerSettings": {"imageSourceRegistry": {"image": "i", "credentials": {"username": "", "password": "p"}}}})",
            "properties.containerSettings.imageSourceRegistry.credentials.username"},
        Wrong{"RegistryUserWithoutPassword",
              R"({"containerSettings": {"imageSourceRegistry": {"image": "i", "credentials": {"username": "u"}}}})",
              "properties.containerSettings.imageSourceRegistry.credentials"},
        Wrong{
            "ShareWithoutAccount",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureFileShares[0].accountName"},
        Wrong{
            "UrlWithoutAShare",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/", "credentials": {"accountKey": "k"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureFileShares[0].azureFileUrl"},
        Wrong{
            "NotAUrl",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureFileShares[0].azureFileUrl"},
        Wrong{
            "ShareWithoutKey",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureFileShares[0].credentials"},
        Wrong{
            "ModeOfTwoDigits",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "m", "fileMode": "77"}]}})",
            "properties.mountVolumes.azureFileShares[0].fileMode"},
        Wrong{
            "ModeOfFiveDigits",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "m", "directoryMode": "00777"}]}})",
            "properties.mountVolumes.azureFileShares[0].directoryMode"},
        Wrong{
            "ModeNotOctal",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "m", "fileMode": "0788"}]}})",
            "properties.mountVolumes.azureFileShares[0].fileMode"},
        Wrong{
            "MountAtARoot",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "/data"}]}})",
            "properties.mountVolumes.azureFileShares[0].relativeMountPath"},
        Wrong{
            "MountNowhere",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": ""}]}})",
            "properties.mountVolumes.azureFileShares[0].relativeMountPath"},
        Wrong{
            "MountAtTheMountRoot",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "./"}]}})",
            "properties.mountVolumes.azureFileShares[0].relativeMountPath"},
        Wrong{
            "MountUpwardsInside",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "a/../../b"}]}})",
            "properties.mountVolumes.azureFileShares[0].relativeMountPath"},
        Wrong{
            "ZeroInAMount",
            R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s", "credentials": {"accountKey": "k"}, "relativeMountPath": "a\u0000b"}]}})",
            "properties.mountVolumes.azureFileShares[0].relativeMountPath"},
        Wrong{
            "ContainerWithoutAccount",
            R"({"mountVolumes": {"azureBlobFileSystems": [{"accountName": "", "containerName": "c", "credentials": {"accountKey": "k"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureBlobFileSystems[0].accountName"},
        Wrong{
            "ContainerWithoutName",
            R"({"mountVolumes": {"azureBlobFileSystems": [{"accountName": "a", "containerName": "", "credentials": {"accountKey": "k"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureBlobFileSystems[0].containerName"},
        Wrong{
            "ContainerWithoutKey",
            R"({"mountVolumes": {"azureBlobFileSystems": [{"accountName": "a", "containerName": "c", "credentials": {}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.azureBlobFileSystems[0].credentials"},
        Wrong{
            "NotAFileServer",
            R"({"mountVolumes": {"fileServers": [{"fileServer": {"id": "/subscriptions/s/resourceGroups/g"}, "relativeMountPath": "m"}]}})",
            "properties.mountVolumes.fileServers[0].fileServer.id"},
        Wrong{"UnmanagedWithoutCommand",
              R"({"mountVolumes": {"unmanagedFileSystems": [{"mountCommand": "", "relativeMountPath": "m"}]}})",
              "properties.mountVolumes.unmanagedFileSystems[0].mountCommand"}),
    kNameOf);

struct Right {
  const char* name;
  const char* patch;
};

/// What lies just within a bound.
class RightJob : public RulesTest, public ::testing::WithParamInterface<Right> {};

TEST_P(RightJob, IsTaken) {
  auto body = job_body(2);
  body.merge_patch({{"properties", json::parse(GetParam().patch)}});
  create_cluster("c", manual(1));
  EXPECT_EQ(target_of([&] { create_job("j", body); }), "accepted");
}

INSTANTIATE_TEST_SUITE_P(
    Jobs, RightJob,
    ::testing::Values(
        Right{"OneNode", R"({"nodeCount": 1})"}, Right{"AWeek", R"({"constraints": {"maxWallClockTime": "P7D"}})"},
        Right{"ATick", R"({"constraints": {"maxWallClockTime": "PT0.0000001S"}})"},
        Right{"AWorkerForEachGpu",
              R"({"customToolkitSettings": null, "tensorFlowSettings": {
                  "pythonScriptFilePath": "a", "workerCount": 2, "parameterServerCount": 2}})"},
        Right{"NoParameterServer",
              R"({"customToolkitSettings": null, "tensorFlowSettings": {
                  "pythonScriptFilePath": "a", "workerCount": 1, "parameterServerCount": 0}})"},
        Right{"OneProcessWithoutBackend",
              R"({"customToolkitSettings": null,
                  "pyTorchSettings": {"pythonScriptFilePath": "a", "processCount": 1}})"},
        Right{"DotsInASuffix",
              R"({"outputDirectories": [{"id": "M", "pathPrefix": "x", "pathSuffix": "a..b/..c/d.."}]})"},
        Right{"SameIdInAndOut", R"({"inputDirectories": [{"id": "M", "path": "x"}],
                                    "outputDirectories": [{"id": "M", "pathPrefix": "x"}]})"},
        Right{"ShortestVariable", R"({"environmentVariables": [{"name": "_", "value": ""}]})"},
        Right{"Modes", R"({"mountVolumes": {"azureFileShares": [{"accountName": "a", "azureFileUrl": "https://a.x/s",
                           "credentials": {"accountKey": "k"}, "relativeMountPath": "a/./b", "fileMode": "755",
                           "directoryMode": "0755"}]}})"}),
    [](const auto& right) { return right.param.name; });

class WrongCluster : public RulesTest, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongCluster, IsRefusedWithItsMember) {
  auto body = cluster_body(manual(1));
  body.merge_patch({{"properties", json::parse(GetParam().patch)}});
  EXPECT_EQ(target_of([&] {
              clusters.create({ws, "c"}, read_body<ClusterCreateParameters>(body.dump()));
            }),
            GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(
    Clusters, WrongCluster,
    ::testing::Values(
        Wrong{"NoSize", R"({"vmSize": null})", "properties.vmSize"},
        Wrong{"PremiumSize", R"({"vmSize": "Standard_DS3_v2"})", "properties.vmSize"},
        Wrong{"BothScales", R"({"scaleSettings": {"autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 1}}})",
              "properties.scaleSettings"},
        Wrong{"TooManyNodes", R"({"scaleSettings": {"manual": {"targetNodeCount": 101}}})",
              "properties.scaleSettings.manual.targetNodeCount"},
        Wrong{"MinimumOverMaximum",
              R"({"scaleSettings": {"manual": null, "autoScale": {"minimumNodeCount": 2, "maximumNodeCount": 1}}})",
              "properties.scaleSettings.autoScale.minimumNodeCount"},
        Wrong{"NoWayIn", R"({"userAccountSettings": {"adminUserPassword": null}})", "properties.userAccountSettings"},
        Wrong{"Priority", R"({"vmPriority": "cheap"})", "properties.vmPriority"},
        Wrong{"SetupTaskWithoutOutput", R"({"nodeSetup": {"setupTask": {"commandLine": "x"}}})",
              "properties.nodeSetup.setupTask.stdOutErrPathPrefix"},
        Wrong{"TwoOnOnePath",
              R"({"nodeSetup": {"mountVolumes": {"unmanagedFileSystems": [
                  {"mountCommand": "m", "relativeMountPath": "a"}, {"mountCommand": "m", "relativeMountPath": "a/"}]}}})",
              "properties.nodeSetup.mountVolumes.unmanagedFileSystems[1].relativeMountPath"}),
    kNameOf);

INSTANTIATE_TEST_SUITE_P(
    MoreClusters, WrongCluster,
    ::testing::Values(
        Wrong{"FewerThanNoNodes", R"({"scaleSettings": {"manual": {"targetNodeCount": -1}}})",
              "properties.scaleSettings.manual.targetNodeCount"},
        Wrong{"UnknownOption",
              R"({"scaleSettings": {"manual": {"targetNodeCount": 1, "nodeDeallocationOption": "kill"}}})",
              "properties.scaleSettings.manual.nodeDeallocationOption"},
        Wrong{"NoScale", R"({"scaleSettings": {"manual": null}})", "properties.scaleSettings"},
        Wrong{"MinimumBelowNone",
              R"({"scaleSettings": {"manual": null, "autoScale": {"minimumNodeCount": -1, "maximumNodeCount": 1}}})",
              "properties.scaleSettings.autoScale.minimumNodeCount"},
        Wrong{"MaximumTooLarge",
              R"({"scaleSettings": {"manual": null, "autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 101}}})",
              "properties.scaleSettings.autoScale.maximumNodeCount"},
        Wrong{
            "InitialBelowNone",
            R"({"scaleSettings": {"manual": null, "autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 1, "initialNodeCount": -1}}})",
            "properties.scaleSettings.autoScale.initialNodeCount"},
        Wrong{
            "InitialOverMaximum",
            R"({"scaleSettings": {"manual": null, "autoScale": {"minimumNodeCount": 0, "maximumNodeCount": 1, "initialNodeCount": 2}}})",
            "properties.scaleSettings.autoScale.initialNodeCount"},
        Wrong{"SmallestSize", R"({"vmSize": "Standard_A0"})", "properties.vmSize"},
        Wrong{"PremiumSizeOfG", R"({"vmSize": "standard_gs1"})", "properties.vmSize"},
        Wrong{"PremiumSizeOfOldD", R"({"vmSize": "Standard_DS1"})", "properties.vmSize"},
        Wrong{"EmptySize", R"({"vmSize": ""})", "properties.vmSize"},
        Wrong{"ImageWithoutAPublisher",
              R"({"virtualMachineConfiguration": {"imageReference": {"publisher": "", "offer": "o", "sku": "s"}}})",
              "properties.virtualMachineConfiguration.imageReference.publisher"},
        Wrong{"ImageWithoutAOffer",
              R"({"virtualMachineConfiguration": {"imageReference": {"publisher": "p", "offer": "", "sku": "s"}}})",
              "properties.virtualMachineConfiguration.imageReference.offer"},
        Wrong{"ImageWithoutASku",
              R"({"virtualMachineConfiguration": {"imageReference": {"publisher": "p", "offer": "o", "sku": ""}}})",
              "properties.virtualMachineConfiguration.imageReference.sku"},
        Wrong{"UserWithoutName", R"({"userAccountSettings": {"adminUserName": ""}})",
              "properties.userAccountSettings.adminUserName"},
        Wrong{"EmptyPassword", R"({"userAccountSettings": {"adminUserPassword": ""}})",
              "properties.userAccountSettings"},
        Wrong{"SetupTaskWithoutCommand",
              R"({"nodeSetup": {"setupTask": {"commandLine": "", "stdOutErrPathPrefix": "p"}}})",
              "properties.nodeSetup.setupTask.commandLine"},
        Wrong{
            "SetupTaskVariable",
            R"({"nodeSetup": {"setupTask": {"commandLine": "c", "stdOutErrPathPrefix": "p", "environmentVariables": [{"name": "A B", "value": ""}]}}})",
            "properties.nodeSetup.setupTask.environmentVariables[0].name"},
        Wrong{
            "InsightsWithoutComponent",
            R"({"nodeSetup": {"performanceCountersSettings": {"appInsightsReference": {"component": {"id": ""}, "instrumentationKey": "k"}}}})",
            "properties.nodeSetup.performanceCountersSettings.appInsightsReference.component.id"},
        Wrong{"InsightsWithoutKey",
              R"({"nodeSetup": {"performanceCountersSettings": {"appInsightsReference": {"component": {"id": "i"}}}}})",
              "properties.nodeSetup.performanceCountersSettings.appInsightsReference"}),
    kNameOf);

class RightCluster : public RulesTest, public ::testing::WithParamInterface<Right> {};

TEST_P(RightCluster, IsTaken) {
  auto body = cluster_body(manual(1));
  body.merge_patch({{"properties", json::parse(GetParam().patch)}});
  EXPECT_EQ(target_of([&] { create_cluster_from("c", body); }), "accepted");
}

INSTANTIATE_TEST_SUITE_P(Clusters, RightCluster,
                         ::testing::Values(Right{"NoNodes", R"({"scaleSettings": {"manual": {"targetNodeCount": 0}}})"},
                                           Right{"AHundredNodes",
                                                 R"({"scaleSettings": {"manual": {"targetNodeCount": 100}}})"},
                                           Right{"AlwaysTheSame", R"({"scaleSettings": {"manual": null, "autoScale": {
                          "minimumNodeCount": 100, "maximumNodeCount": 100, "initialNodeCount": 100}}})"},
                                           Right{"SizeLikeARefusedOne", R"({"vmSize": "Standard_A01"})"},
                                           Right{"PremiumSizeOfNewD", R"({"vmSize": "Standard_DS2_v3"})"}),
                         [](const auto& right) { return right.param.name; });

TEST_F(RulesTest, FillInWhatIsLeftOut) {
  auto body = cluster_body(json::object());
  body["properties"].erase("scaleSettings");
  clusters.create({ws, "c"}, read_body<ClusterCreateParameters>(body.dump()));
  const auto shown = cluster("c");
  EXPECT_EQ(shown["vmSize"], "STANDARD_NC6");
  EXPECT_EQ(shown["vmPriority"], "dedicated");
  EXPECT_EQ(shown["scaleSettings"]["manual"], json({{"targetNodeCount", 0}, {"nodeDeallocationOption", "requeue"}}));
  EXPECT_EQ(shown["virtualMachineConfiguration"]["imageReference"],
            json({{"publisher", "Canonical"}, {"offer", "UbuntuServer"}, {"sku", "16.04-LTS"}, {"version", "latest"}}));
  EXPECT_EQ(shown["userAccountSettings"], json({{"adminUserName", "admin"}}));

  auto job_parameters = job_body(2);
  job_parameters["properties"].erase("schedulingPriority");
  job_parameters["properties"].erase("customToolkitSettings");
  job_parameters["properties"]["cntkSettings"] = {{"pythonScriptFilePath", "train.py"}};
  create_job("j", job_parameters);
  EXPECT_EQ(job("j")["schedulingPriority"], "normal");
  EXPECT_EQ(job("j")["toolType"], "cntk");
  EXPECT_EQ(job("j")["cntkSettings"]["languageType"], "Python");
  EXPECT_EQ(job("j")["cntkSettings"]["processCount"], 2);
  EXPECT_EQ(job("j")["constraints"]["maxWallClockTime"], "P7D");
  EXPECT_EQ(job("j")["secrets"], json::array({{{"name", "TOKEN"}}}));
  EXPECT_THAT(job("j")["jobOutputDirectoryPathSegment"].get<std::string>(),
              ::testing::MatchesRegex("sub/rg/workspaces/ws/experiments/exp/jobs/j/[0-9a-f-]{36}"));
}

TEST_F(RulesTest, AnswerASecondCreateByItsContent) {
  create_cluster("c", manual(1));
  EXPECT_FALSE(create_cluster("C", manual(1)).operation);
  EXPECT_EQ(fault_of([&] { create_cluster("c", manual(2)); }), Fault(409, "Conflict"));
  create_job("j", job_body());
  EXPECT_FALSE(create_job("j", job_body()).operation);
  EXPECT_EQ(fault_of([&] { create_job("j", job_body(2)); }), Fault(409, "Conflict"));
  EXPECT_EQ(workspaces.create(ws, {.location = "East US"}).body["name"], "ws");
  EXPECT_EQ(experiments.create(exp).body["name"], "exp");
}

TEST_F(RulesTest, KnowTheirLocations) {
  EXPECT_EQ(fault_of([&] {
              workspaces.create({"sub", "rg", "mars"}, {.location = "mars"});
            }),
            Fault(400, "LocationNotAvailableForResourceType"));
  EXPECT_EQ(fault_of([&] { workspaces.create({"sub", "rg", "none"}, {}); }), Fault(400, "LocationRequired"));
}

TEST_F(RulesTest, TakeAClusterAsItIsNowForNoChange) {
  create_cluster("c", manual(1));
  resize("c", manual(3));
  EXPECT_FALSE(create_cluster("c", manual(3)).operation);
  EXPECT_FALSE(create_cluster("c", manual(1)).operation) << "the request that made it";
  EXPECT_EQ(cluster("c")["scaleSettings"]["manual"]["targetNodeCount"], 3);
  EXPECT_EQ(fault_of([&] { create_cluster("c", manual(2)); }), Fault(409, "Conflict"));
}

TEST_F(RulesTest, ChangeNothingOfAClusterButItsSize) {
  create_cluster("c", manual(1));
  auto body = clusters.get({ws, "c"}).body;
  body["properties"]["scaleSettings"] = manual(2);
  body["properties"]["vmSize"] = "standard_nc6";
  const auto patch = [&] { clusters.update({ws, "c"}, read_body<ClusterUpdateParameters>(body.dump())); };
  patch();
  EXPECT_EQ(cluster("c")["scaleSettings"]["manual"]["targetNodeCount"], 2);
  body["properties"]["vmSize"] = "standard_nc12";
  EXPECT_EQ(target_of(patch), "properties.vmSize");
}

TEST_F(RulesTest, NameWhatIsMissing) {
  const WorkspaceName nowhere{"sub", "nogroup", "ws"};
  const WorkspaceName no_workspace{"sub", "rg", "none"};
  EXPECT_EQ(fault_of([&] { workspaces.get(nowhere); }), Fault(404, "ResourceGroupNotFound"));
  EXPECT_EQ(fault_of([&] { workspaces.get(no_workspace); }), Fault(404, "WorkspaceNotFound"));
  EXPECT_EQ(fault_of([&] { clusters.get({ws, "c"}); }), Fault(404, "ClusterNotFound"));
  EXPECT_EQ(fault_of([&] { jobs.get({{ws, "none"}, "j"}); }), Fault(404, "ExperimentNotFound"));
  EXPECT_EQ(fault_of([&] { jobs.terminate({exp, "j"}); }), Fault(404, "JobNotFound"));
  EXPECT_EQ(fault_of([&] { experiments.create({no_workspace, "e"}); }), Fault(404, "ParentResourceNotFound"));
  EXPECT_EQ(fault_of([&] { create_job("j", job_body(1, "low", "absent")); }), Fault(404, "ClusterNotFound"));
  EXPECT_FALSE(workspaces.remove(no_workspace));
}

TEST_F(RulesTest, RefuseNamesAgainstThePattern) {
  EXPECT_EQ(fault_of([&] { experiments.create({ws, "a.b"}); }), Fault(400, "InvalidResourceName"));
  EXPECT_EQ(fault_of([&] { create_cluster(std::string(65, 'a'), manual(0)); }), Fault(400, "InvalidResourceName"));
}

TEST_F(RulesTest, ReplaceTagsOnlyWhenAskedTo) {
  workspaces.update(ws, {.tags = Tags{{"a", "1"}}});
  EXPECT_EQ(workspaces.update(ws, {}).body["tags"], json({{"a", "1"}}));
  EXPECT_EQ(workspaces.update(ws, {.tags = Tags{{"b", "2"}}}).body["tags"], json({{"b", "2"}}));
}

TEST_F(RulesTest, ListInPages) {
  for (int i = 0; i < 5; ++i) {
    create_cluster("c" + std::to_string(i), manual(0));
  }
  const auto first = clusters.list(ws, {.maximum = 3});
  ASSERT_EQ(first.documents.size(), 3U);
  ASSERT_TRUE(first.next);
  const auto second = clusters.list(ws, {.maximum = 3, .after = *first.next});
  ASSERT_EQ(second.documents.size(), 2U);
  EXPECT_FALSE(second.next);
  EXPECT_EQ(nlohmann::json::parse(second.documents[0].body)["name"], "c3");
}

TEST_F(RulesTest, SwitchTheKindOfScaling) {
  create_cluster("c", manual(1));
  settle();
  const auto before = clusters.get({ws, "c"}).body["properties"];
  const auto answer = resize("c", auto_scale(0, 3));
  const auto after = clusters.get({ws, "c"});
  for (const char* member : {"allocationState", "allocationStateTransitionTime"}) {
    EXPECT_EQ(answer.body["properties"][member], before[member]) << "the answer tells the state before the change";
  }
  EXPECT_EQ(answer.body["properties"]["scaleSettings"], after.body["properties"]["scaleSettings"]);
  EXPECT_EQ(answer.changed, after.changed);
  EXPECT_EQ(after.body["properties"]["allocationState"], "resizing");
  EXPECT_FALSE(cluster("c")["scaleSettings"].contains("manual"));
  EXPECT_EQ(cluster("c")["scaleSettings"]["autoScale"]["maximumNodeCount"], 3);
}

}  // namespace
}  // namespace batchai::server::test
