// Runs while reeld is built: turns core/api/openapi.yaml into the JSON that /openapi.json serves,
// as a C++ source. So the daemon's api reads no YAML, and a contract that cannot be read fails the
// build.
#include "config/yaml.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

constexpr const char* Usage = "usage: openapi-json INPUT.yaml OUTPUT.cpp\n";

void write(std::ostream& out, const std::string& json) {
  out << "// Made by core/api/embed/openapi_json.cpp.\n#include <string_view>\n\n"
         "namespace reeld::api {\n\nstd::string_view openapiJson();\n\n"
         "std::string_view openapiJson() {\n  return R\"embedded("
      << json << ")embedded\";\n}\n\n}  // namespace reeld::api\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << Usage;
    return 2;
  }
  std::ifstream input(argv[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(input), {}};
  reeld::config::Faults faults;
  const auto tree = reeld::config::parseYaml(text, argv[1], faults);
  for (const auto& fault : faults) {
    std::cerr << fault.text() << '\n';
  }
  if (!input || !faults.empty() || !tree.isMap()) {
    std::cerr << argv[1] << ": no contract could be made of it\n";
    return 1;
  }
  std::ofstream output(argv[2], std::ios::binary);
  write(output, reeld::config::toJson(tree).dump());
  return output.flush() ? 0 : 1;
}
