#pragma once

#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace batchai::test {

/// Prometheus' text format 0.0.4, read as strictly as its own parser does. Faults fail the test.
class Exposition {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit Exposition(const std::string& text) {
    EXPECT_TRUE(text.empty() || text.back() == '\n') << "the last line does not end";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      line.starts_with("# ") ? read_comment(line) : read_sample(line);
    }
    check_histograms();
  }

  /// The sample of that name and exactly these labels.
  std::optional<double> value(const std::string& name, const Labels& labels = {}) const {
    const auto found = samples_.find({name, labels});
    return found == samples_.end() ? std::nullopt : std::optional(found->second);
  }
  const std::map<std::string, std::string>& types() const { return types_; }

 private:
  void read_comment(const std::string& line) {
    static const std::regex kForm("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, kForm)) << line;
    if (parts[1] == "HELP") {
      EXPECT_TRUE(helped_.insert(parts[2]).second) << "two HELP lines: " << line;
    } else {
      static const std::set<std::string> kTypes = {"counter", "gauge", "histogram", "summary", "untyped"};
      EXPECT_TRUE(kTypes.contains(parts[3])) << line;
      EXPECT_TRUE(types_.emplace(parts[2], parts[3]).second) << "two TYPE lines, or samples apart: " << line;
      EXPECT_TRUE(helped_.contains(parts[2])) << "no HELP before " << line;
      current_ = parts[2];
    }
  }

  void read_sample(const std::string& line) {
    static const std::regex kForm(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+))re");
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, kForm)) << line;
    const std::string name = parts[1];
    EXPECT_TRUE(belongs_to_current(name)) << "not below its TYPE line: " << line;
    if (types_[current_] == "counter") {
      EXPECT_TRUE(name.ends_with("_total")) << name;
    }
    const std::string number = parts[3];
    std::size_t read = 0;
    const double value = number == "+Inf" ? HUGE_VAL : std::stod(number, &read);
    EXPECT_TRUE(number == "+Inf" || read == number.size()) << line;
    const bool is_new = samples_.emplace(std::pair(name, read_labels(parts[2])), value).second;
    EXPECT_TRUE(is_new) << "twice: " << line;
  }

  bool belongs_to_current(const std::string& name) const {
    return name == current_ ||
           (types_.at(current_) == "histogram" &&
            (name == current_ + "_bucket" || name == current_ + "_sum" || name == current_ + "_count"));
  }

  static Labels read_labels(std::string text) {
    Labels labels;
    static const std::regex kLabel(R"re([{,]([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)")re");
    std::smatch parts;
    while (std::regex_search(text, parts, kLabel, std::regex_constants::match_continuous)) {
      EXPECT_TRUE(labels.emplace(parts[1], parts[2]).second) << text;
      text = parts.suffix();
    }
    EXPECT_TRUE(text.empty() || text == "}") << text;
    return labels;
  }

  void check_histograms() const {
    for (const auto& [key, count] : samples_) {
      const auto& [name, labels] = key;
      if (!name.ends_with("_count")) {
        continue;
      }
      Labels last = labels;
      last["le"] = "+Inf";
      EXPECT_EQ(value(name.substr(0, name.size() - 6) + "_bucket", last), count) << name;
    }
  }

  std::set<std::string> helped_;
  std::map<std::string, std::string> types_;
  std::string current_;
  std::map<std::pair<std::string, Labels>, double> samples_;
};

}  // namespace batchai::test
