#include "app/cli/fault_lines.h"

#include <sstream>

namespace reeld::app::cli {

std::vector<std::string> faultLines(const std::string& text) {
  std::vector<std::string> faults;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto start = line.find_first_not_of(" \t");
    if (start == std::string::npos) {
      continue;
    }
    if (start > 0 && !faults.empty()) {
      faults.back() += " " + line.substr(start);
    } else {
      faults.push_back(line.substr(start));
    }
  }
  return faults;
}

std::string printedFaults(const std::string& program, const std::string& text) {
  std::string printed;
  for (const std::string& fault : faultLines(text)) {
    printed += program + ": " + fault + "\n";
  }
  return printed;
}

}  // namespace reeld::app::cli
