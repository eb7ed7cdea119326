// One setting as data: its name, how a node becomes its value, how its value is printed. The kinds
// a key can have are here; the list of all keys is keys.cpp.
#pragma once
#include "config/settings.h"
#include "config/tree.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace reeld::config {

/// Collects what is wrong with the value of one key.
class Complaints {
 public:
  Complaints(std::string pointer, Faults& faults) : pointer_(std::move(pointer)), faults_(faults) {}
  void add(const Node& node, std::string message) {
    faults_.push_back({node.origin, pointer_, std::move(message)});
  }
  Complaints item(std::size_t index) { return {pointer_ + "/" + std::to_string(index), faults_}; }

 private:
  std::string pointer_;
  Faults& faults_;
};

struct Key {
  std::string name;      ///< "http.listen"
  bool is_list = false;  ///< an override may write it with commas
  std::function<void(const Node&, Settings&, Complaints)>
      assign;  ///< changes nothing if it complains
  std::function<Json(const Settings&)> print;
};

/// The way to a field of Settings, or of one of its sections.
template <class Value>
using Field = std::function<Value&(Settings&)>;

template <class Value>
Field<Value> in(Value Settings::*field) {
  return [field](Settings& s) -> Value& { return s.*field; };
}
template <class Section, class Value>
Field<Value> in(Section Settings::*section, Value Section::*field) {
  return [=](Settings& s) -> Value& { return s.*section.*field; };
}

template <class Section, class Part, class Value>
Field<Value> in(Section Settings::*section, Part Section::*part, Value Part::*field) {
  return [=](Settings& s) -> Value& { return s.*section.*part.*field; };
}

/// What is wrong with a text, or "".
using TextCheck = std::function<std::string(const std::string&)>;

Key text(std::string name, Field<std::string> field, TextCheck check = {});
Key word(std::string name, Field<std::string> field, std::vector<std::string> allowed);
Key number(std::string name, Field<std::int64_t> field, std::int64_t least, std::int64_t most);
Key autoNumber(std::string name, Field<AutoNumber> field, std::int64_t least, std::int64_t most);
/// true or false.
Key yesNo(std::string name, Field<bool> field);
Key real(std::string name, Field<double> field, double least, double most);
Key bytes(std::string name, Field<std::uint64_t> field, std::uint64_t least, std::uint64_t most);
Key freeSpace(std::string name, Field<FreeSpace> field);
Key texts(std::string name, Field<std::vector<std::string>> field, TextCheck check = {});
/// At least one of the allowed words, none twice.
Key words(std::string name, Field<std::vector<std::string>> field,
          std::vector<std::string> allowed);
/// At least one number, each larger than the one before.
Key risingNumbers(std::string name, Field<std::vector<std::int64_t>> field, std::int64_t least,
                  std::int64_t most);

/// The text of a scalar, or a complaint that there is none.
std::optional<std::string> scalarText(const Node& node, Complaints complaints);
/// true or false, or a complaint.
std::optional<bool> flag(const Node& node, Complaints complaints);

}  // namespace reeld::config
