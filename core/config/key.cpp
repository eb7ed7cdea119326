#include "config/key.h"

#include "base/suggestion.h"
#include "config/mask.h"
#include "config/units.h"

#include <algorithm>

namespace reeld::config {

namespace {

constexpr std::size_t LongestShown = 80;

std::string got(const std::string& text) {
  return text.size() > LongestShown ? "" : " (got \"" + maskUrl(text) + "\")";
}

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

std::string range(const std::string& what, const std::string& least, const std::string& most) {
  return "must be " + what + " from " + least + " to " + most;
}

/// A key whose value is one scalar: parse gives the value or says what it must be.
template <class Value>
Key scalarKey(std::string name, Field<Value> field,
              std::function<std::optional<Value>(const std::string&, std::string& complaint)> parse,
              std::function<Json(const Value&)> print) {
  Key key;
  key.name = std::move(name);
  key.assign = [field, parse = std::move(parse)](const Node& node, Settings& to,
                                                 Complaints complaints) {
    const auto given = scalarText(node, complaints);
    if (!given) {
      return;
    }
    std::string complaint;
    if (auto value = parse(*given, complaint)) {
      field(to) = std::move(*value);
    } else {
      complaints.add(node, complaint);
    }
  };
  key.print = [field, print = std::move(print)](const Settings& from) {
    return print(field(const_cast<Settings&>(from)));
  };
  return key;
}

/// A key whose value is a list; the element is parsed by one function, the whole judged by another.
template <class Value>
Key listKey(std::string name, Field<std::vector<Value>> field,
            std::function<std::optional<Value>(const std::string&, std::string& complaint)> parse,
            std::function<std::string(const std::vector<Value>&)> judge) {
  Key key;
  key.name = std::move(name);
  key.is_list = true;
  key.assign = [field, parse = std::move(parse), judge = std::move(judge)](
                   const Node& node, Settings& to, Complaints complaints) {
    if (!node.isList()) {
      complaints.add(node, "must be a list, such as [a, b]");
      return;
    }
    std::vector<Value> values;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto given = scalarText(node.items[i], complaints.item(i));
      std::string complaint;
      auto value = given ? parse(*given, complaint) : std::nullopt;
      if (value) {
        values.push_back(std::move(*value));
      } else if (given) {
        complaints.item(i).add(node.items[i], complaint);
      }
    }
    if (values.size() != node.items.size()) {
      return;
    }
    if (const std::string complaint = judge(values); !complaint.empty()) {
      complaints.add(node, complaint);
      return;
    }
    field(to) = std::move(values);
  };
  key.print = [field](const Settings& from) {
    const auto& values = field(const_cast<Settings&>(from));
    return Json(Json::Array(values.begin(), values.end()));
  };
  return key;
}

auto oneOf(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const std::string& given,
                                        std::string& complaint) -> std::optional<std::string> {
    if (std::find(allowed.begin(), allowed.end(), given) != allowed.end()) {
      return given;
    }
    complaint = "must be " + alternatives(allowed) + got(given) + didYouMean(given, allowed);
    return std::nullopt;
  };
}

auto checkedText(TextCheck check) {
  return [check = std::move(check)](const std::string& given,
                                    std::string& complaint) -> std::optional<std::string> {
    complaint = check ? check(given) : "";
    if (complaint.empty()) {
      return given;
    }
    complaint += got(given);
    return std::nullopt;
  };
}

auto wholeBetween(std::int64_t least, std::int64_t most, std::string orElse = "") {
  return [=](const std::string& given, std::string& complaint) -> std::optional<std::int64_t> {
    const auto value = parseWhole(given);
    if (value && *value >= least && *value <= most) {
      return value;
    }
    complaint =
        range("a whole number", std::to_string(least), std::to_string(most)) + orElse + got(given);
    return std::nullopt;
  };
}

}  // namespace

std::optional<std::string> scalarText(const Node& node, Complaints complaints) {
  if (node.isScalar()) {
    return node.text;
  }
  complaints.add(
      node, node.isNull()
                ? "has no value (write \"\" for an empty one, or remove the key)"
                : std::string("must be a single value, not a ") + (node.isList() ? "list" : "map"));
  return std::nullopt;
}

std::optional<bool> flag(const Node& node, Complaints complaints) {
  const auto given = scalarText(node, complaints);
  if (given && *given != "true" && *given != "false") {
    complaints.add(node, "must be true or false" + got(*given));
    return std::nullopt;
  }
  return given ? std::optional(*given == "true") : std::nullopt;
}

Key text(std::string name, Field<std::string> field, TextCheck check) {
  return scalarKey<std::string>(std::move(name), std::move(field), checkedText(std::move(check)),
                                [](const std::string& value) { return Json(value); });
}

Key word(std::string name, Field<std::string> field, std::vector<std::string> allowed) {
  return scalarKey<std::string>(std::move(name), std::move(field), oneOf(std::move(allowed)),
                                [](const std::string& value) { return Json(value); });
}

Key number(std::string name, Field<std::int64_t> field, std::int64_t least, std::int64_t most) {
  return scalarKey<std::int64_t>(std::move(name), std::move(field), wholeBetween(least, most),
                                 [](const std::int64_t& value) { return Json(value); });
}

Key autoNumber(std::string name, Field<AutoNumber> field, std::int64_t least, std::int64_t most) {
  return scalarKey<AutoNumber>(
      std::move(name), std::move(field),
      [whole = wholeBetween(least, most, ", or auto")](
          const std::string& given, std::string& complaint) -> std::optional<AutoNumber> {
        if (given == "auto") {
          return AutoNumber();
        }
        const auto value = whole(given, complaint);
        return value ? std::optional<AutoNumber>(value) : std::nullopt;
      },
      [](const AutoNumber& value) { return value ? Json(*value) : Json("auto"); });
}

Key yesNo(std::string name, Field<bool> field) {
  return scalarKey<bool>(
      std::move(name), std::move(field),
      [](const std::string& given, std::string& complaint) -> std::optional<bool> {
        if (given == "true" || given == "false") {
          return given == "true";
        }
        complaint = "must be true or false" + got(given);
        return std::nullopt;
      },
      [](const bool& value) { return Json(value); });
}

Key real(std::string name, Field<double> field, double least, double most) {
  return scalarKey<double>(
      std::move(name), std::move(field),
      [=](const std::string& given, std::string& complaint) -> std::optional<double> {
        const auto value = parseReal(given);
        if (value && *value >= least && *value <= most) {
          return value;
        }
        complaint = range("a number", printReal(least), printReal(most)) + got(given);
        return std::nullopt;
      },
      [](const double& value) {
        const auto whole = static_cast<std::int64_t>(value);
        return static_cast<double>(whole) == value ? Json(whole) : Json(value);
      });
}

Key bytes(std::string name, Field<std::uint64_t> field, std::uint64_t least, std::uint64_t most) {
  return scalarKey<std::uint64_t>(
      std::move(name), std::move(field),
      [=](const std::string& given, std::string& complaint) -> std::optional<std::uint64_t> {
        const auto value = parseBytes(given);
        if (value && *value >= least && *value <= most) {
          return value;
        }
        complaint = range("an amount of bytes such as 20GiB", printBytes(least), printBytes(most)) +
                    got(given);
        return std::nullopt;
      },
      [](const std::uint64_t& value) {
        const std::string printed = printBytes(value);
        const auto plain = parseWhole(printed);
        return plain ? Json(*plain) : Json(printed);
      });
}

Key freeSpace(std::string name, Field<FreeSpace> field) {
  return scalarKey<FreeSpace>(
      std::move(name), std::move(field),
      [](const std::string& given, std::string& complaint) {
        const auto value = parseFreeSpace(given);
        if (!value) {
          complaint =
              "must be a share of the volume such as 5%, or an amount such as 20GiB" + got(given);
        }
        return value;
      },
      [](const FreeSpace& value) { return Json(printFreeSpace(value)); });
}

Key texts(std::string name, Field<std::vector<std::string>> field, TextCheck check) {
  return listKey<std::string>(std::move(name), std::move(field), checkedText(std::move(check)),
                              [](const auto&) { return std::string(); });
}

Key words(std::string name, Field<std::vector<std::string>> field,
          std::vector<std::string> allowed) {
  return listKey<std::string>(std::move(name), std::move(field), oneOf(allowed),
                              [allowed](const std::vector<std::string>& values) -> std::string {
                                if (values.empty()) {
                                  return "must name at least one of " + alternatives(allowed);
                                }
                                auto sorted = values;
                                std::sort(sorted.begin(), sorted.end());
                                const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
                                return twice == sorted.end() ? "" : "names " + *twice + " twice";
                              });
}

Key risingNumbers(std::string name, Field<std::vector<std::int64_t>> field, std::int64_t least,
                  std::int64_t most) {
  return listKey<std::int64_t>(std::move(name), std::move(field), wholeBetween(least, most),
                               [](const std::vector<std::int64_t>& values) -> std::string {
                                 if (values.empty()) {
                                   return "must have at least one number";
                                 }
                                 return std::is_sorted(values.begin(), values.end(),
                                                       std::less_equal<>())
                                            ? ""
                                            : "must rise from number to number";
                               });
}

}  // namespace reeld::config
