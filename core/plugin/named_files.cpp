#include "plugin/named_files.h"

#include "base/json.h"
#include "base/json_schema.h"

namespace reeld::plugin {

namespace {

void collect(const Json& schema, const Json& value, const std::string& pointer,
             std::vector<NamedFile>& files) {
  const Json* format = schema.find("format");
  if (format != nullptr && format->isString() && value.isString() && !value.text().empty()) {
    if (format->text() == "file" || format->text() == "secret-file") {
      files.push_back({pointer, value.text(), format->text() == "secret-file"});
    }
  }
  const Json* properties = schema.find("properties");
  if (properties == nullptr || !properties->isObject() || !value.isObject()) {
    return;
  }
  for (const auto& [name, below] : properties->object()) {
    if (const Json* member = value.find(name); member != nullptr && below.isObject()) {
      collect(below, *member, pointerTo(pointer, name), files);
    }
  }
}

}  // namespace

std::vector<NamedFile> namedFiles(const Descriptor& descriptor, const std::string& config) {
  std::vector<NamedFile> files;
  if (descriptor.config_schema) {
    collect(Json::parse(*descriptor.config_schema), Json::parse(config), "", files);
  }
  return files;
}

}  // namespace reeld::plugin
