// The YAML reader against bent configurations: nothing is thrown, every fault has a sentence and a
// line of the text, and a tree without faults has no key twice and survives being made JSON.
#include "config/yaml.h"
#include "mutations.h"

#include <set>

using namespace reeld::config;
using reeld::test::Language;
using reeld::test::Mutations;

namespace {

const Language Files{"YAML configurations",
                     {"http:\n  listen: \"127.0.0.1:8080\"\n  threads: auto\nlog: {level: debug}\n",
                      "processing:\n  ladder: [480, 720]\n  crf: 20.5 # a comment\n  formats:\n    "
                      "- hls-ts\n    - 'x'\n",
                      "a: |\n  text\n  more\nb: >-\n  folded\nc: ~\n\"d\": !!str 7\n", ""},
                     {":",      ": ",     "\n",    "\n  ",        "\t",
                      "- ",     "[",      "]",     "{",           "}",
                      ",",      "#",      "&a ",   "*a",          "<<: *a",
                      "!!int ", "|",      ">",     "'",           "\"",
                      "\\x",    "---\n",  "...\n", "%YAML 1.2\n", "? ",
                      "a: 1\n", "a: 2\n", "\r\n",  "\xff",        "\xef\xbb\xbf",
                      "0x1F",   ".inf",   ".nan",  "1e999",       "9223372036854775808",
                      "[[[[[["}};

bool hasKeyTwice(const Node& node) {
  std::set<std::string> keys;
  for (const Entry& entry : node.entries) {
    if (!keys.insert(entry.key).second || hasKeyTwice(entry.value)) {
      return true;
    }
  }
  return std::any_of(node.items.begin(), node.items.end(), hasKeyTwice);
}

const char* broken(std::string_view input, Mutations&) {
  Faults faults;
  const Node tree = parseYaml(std::string(input), "fuzz.yaml", faults);
  const auto lines =
      2 + std::count_if(input.begin(), input.end(), [](char c) { return c == '\n' || c == '\r'; });
  for (const Fault& fault : faults) {
    if (fault.message.empty() || fault.origin.line < 1 || fault.origin.line > lines) {
      return "a fault without a sentence or a line of the text";
    }
  }
  if (hasKeyTwice(tree)) {
    return "a key that is there twice";
  }
  if (!faults.empty()) {
    return nullptr;
  }
  const std::string json = toJson(tree).dump();
  return toJson(fromJson(toJson(tree), {})).dump() == json
             ? nullptr
             : "the tree changes on its way through JSON";
}

}  // namespace

TEST_CASE("a bent configuration is a tree, or faults with their lines") {
  reeld::test::fuzz(Files, broken);
}
