#include "batchai/core/error.hpp"
#include "models/samples.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace batchai::test {
namespace {

using nlohmann::json;

class EveryModel : public testing::TestWithParam<ModelSample> {};

/// All members below `level`, as JSON pointers. Free-form objects are not entered.
void collect(const json& level, const std::string& at, std::vector<std::string>& found) {
  for (const auto& [name, content] : level.items()) {
    const std::string path = at + "/" + name;
    if (level.is_object()) {
      found.push_back(path);
    }
    if (content.is_structured() && name != "tags" && name != "serviceSpecification") {
      collect(content, path, found);
    }
  }
}

std::vector<std::string> members_of(const json& document) {
  std::vector<std::string> found;
  collect(document, "", found);
  return found;
}

/// `/properties/errors/0/code` as messages write it: `properties.errors[0].code`.
std::string as_written(const std::string& pointer) {
  std::string text;
  for (std::size_t start = 1; start < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', start), pointer.size());
    const std::string part = pointer.substr(start, end - start);
    const bool index = part.find_first_not_of("0123456789") == std::string::npos;
    text += index ? "[" + part + "]" : (text.empty() ? "" : ".") + part;
    start = end + 1;
  }
  return text;
}

json erase_at(json document, const std::string& pointer) {
  const json::json_pointer path(pointer);
  document.at(path.parent_pointer()).erase(path.back());
  return document;
}

json erase_all(json document, const std::vector<std::string>& pointers) {
  for (const std::string& pointer : pointers) {
    document = erase_at(std::move(document), pointer);
  }
  return document;
}

/// Objects that have become empty stand for nothing.
json without_empty_properties(json document) {
  if (document.contains("properties") && document["properties"].empty()) {
    document.erase("properties");
  }
  return document;
}

bool is_free_form(const ModelSample& sample, const std::string& member) {
  return member.find("serviceSpecification") != std::string::npos ||
         (sample.name == "OperationInfo" && member == "/properties");
}

TEST_P(EveryModel, KeepsEveryMemberOnARoundTrip) {
  EXPECT_EQ(GetParam().round_trip(GetParam().document), GetParam().document);
}

TEST_P(EveryModel, KnowsEveryMemberAndHidesTheSecretOnes) {
  json expected = erase_all(GetParam().document, GetParam().paths.secret);
  if (GetParam().name == "OperationInfo") {
    expected.erase("properties");  // free form, so that it is an unknown member
  }
  EXPECT_EQ(GetParam().without_secrets(GetParam().document), expected);
  EXPECT_EQ(GetParam().without_secrets(GetParam().document).dump().find("hidden"), std::string::npos);
}

TEST_P(EveryModel, SendsAllButTheReadOnlyMembers) {
  const json expected = erase_all(GetParam().document, GetParam().paths.read_only);
  EXPECT_EQ(GetParam().request_body(GetParam().document), without_empty_properties(expected));
}

TEST_P(EveryModel, KeepsUnknownMembersOfEveryLevel) {
  json document = GetParam().document;
  const json extra = {{"list", {1, 2.5, nullptr, "text"}}};
  document["unknownMember"] = extra;
  std::size_t levels = 1;
  for (const std::string& member : members_of(GetParam().document)) {
    json& content = document.at(json::json_pointer(member));
    if (content.is_object() && !member.ends_with("tags")) {
      content["unknownMember"] = extra;
      ++levels;
    }
  }
  SCOPED_TRACE(std::to_string(levels) + " levels");
  EXPECT_EQ(GetParam().round_trip(document), document);
}

TEST_P(EveryModel, TakesNullForAbsence) {
  for (const std::string& member : members_of(GetParam().document)) {
    if (is_free_form(GetParam(), member)) {
      continue;
    }
    json with_null = GetParam().document;
    with_null.at(json::json_pointer(member)) = nullptr;
    EXPECT_EQ(GetParam().round_trip(with_null), GetParam().round_trip(erase_at(GetParam().document, member))) << member;
  }
}

TEST_P(EveryModel, NamesTheMemberThatHasAWrongType) {
  for (const std::string& member : members_of(GetParam().document)) {
    if (is_free_form(GetParam(), member)) {
      continue;
    }
    json document = GetParam().document;
    json& content = document.at(json::json_pointer(member));
    const bool was_text = content.is_string();
    content = was_text ? json(7) : json("text");
    try {
      GetParam().round_trip(document);
      ADD_FAILURE() << member << " was read";
    } catch (const ProtocolError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(as_written(member) + ": expected ")) << message;
      EXPECT_TRUE(message.ends_with(was_text ? "found a number" : "found a string")) << message;
    }
  }
}

TEST_P(EveryModel, NamesTheRequiredMemberThatIsMissing) {
  EXPECT_EQ(GetParam().from_request(GetParam().document), GetParam().document);
  for (const std::string& member : GetParam().paths.required) {
    const json document = erase_at(GetParam().document, member);
    EXPECT_NO_THROW(GetParam().round_trip(document)) << member;
    try {
      GetParam().from_request(document);
      ADD_FAILURE() << member << " was not missed";
    } catch (const ProtocolError& error) {
      EXPECT_EQ(error.what(), as_written(member) + ": required, but missing");
    }
  }
}

TEST_P(EveryModel, RefusesWhatIsNoObject) {
  for (const json& document : {json(), json(1), json::array(), json("text")}) {
    EXPECT_THROW(GetParam().round_trip(document), ProtocolError) << document;
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, EveryModel, testing::ValuesIn(all_samples()),
                         [](const auto& sample) { return sample.param.name; });

}  // namespace
}  // namespace batchai::test
