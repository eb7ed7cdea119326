#include "app/commands/import_file.h"

#include "base/csv.h"
#include "base/error.h"
#include "base/utf8.h"

#include <algorithm>

namespace reeld::app::commands {

namespace {

/// What some spreadsheets begin with.
constexpr std::string_view ByteOrderMark = "\xef\xbb\xbf";

void readLines(std::string_view text, ImportFile& file) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) {
      continue;
    }
    try {
      file.users.push_back(users::readImportedUser(line, Json::parse(one).object(), file.faults));
    } catch (const Error& error) {
      file.faults.push_back({line, "", error.what()});
    }
  }
}

/// The columns; empty if they are none of ours.
std::vector<std::string> readHeading(CsvReader& table, ImportFile& file) {
  const auto heading = table.next();
  const std::size_t faults = file.faults.size();
  for (const auto& name : heading.value_or(std::vector<std::string>())) {
    const auto times = std::count(heading->begin(), heading->end(), name);
    if (auto why = users::unknownImportField(name); !why.empty()) {
      file.faults.push_back({table.line(), "", std::move(why)});
    } else if (times > 1) {
      file.faults.push_back({table.line(), "", "names the column " + name + " more than once"});
    }
  }
  return heading && file.faults.size() == faults ? *heading : std::vector<std::string>();
}

void readRow(const CsvReader& table, const std::vector<std::string>& heading,
             std::vector<std::string> row, ImportFile& file) {
  if (row.size() != heading.size()) {
    file.faults.push_back({table.line(), "",
                           "has " + std::to_string(row.size()) +
                               " columns where the first line has " +
                               std::to_string(heading.size())});
    return;
  }
  Json::Object members;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!utf8Length(row[i]) || row[i].find('\0') != std::string::npos) {
      file.faults.push_back({table.line(), heading[i], "is no text in UTF-8"});
      return;
    }
    members.emplace_back(heading[i], std::move(row[i]));
  }
  file.users.push_back(users::readImportedUser(table.line(), members, file.faults));
}

void readTable(std::string_view text, ImportFile& file) {
  CsvReader table(text);
  std::vector<std::string> heading;
  try {
    heading = readHeading(table, file);
  } catch (const Error& error) {
    file.faults.push_back({table.line(), "", error.what()});
  }
  while (!heading.empty()) {
    try {
      auto row = table.next();
      if (!row) {
        return;
      }
      readRow(table, heading, *std::move(row), file);
    } catch (const Error& error) {
      file.faults.push_back({table.line(), "", error.what()});
    }
  }
}

}  // namespace

ImportFile readImportFile(std::string_view text) {
  if (text.starts_with(ByteOrderMark)) {
    text.remove_prefix(ByteOrderMark.size());
  }
  ImportFile file;
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    readLines(text, file);
  } else {
    readTable(text, file);
  }
  return file;
}

}  // namespace reeld::app::commands
