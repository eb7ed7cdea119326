#include "processing/report.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::processing {

namespace {

constexpr std::size_t MostReason = 200;

const Json& reportMember(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  if (found == nullptr) {
    throw Error(ErrorCode::Invalid, "it lacks \"" + std::string(name) + "\"");
  }
  return *found;
}

std::int64_t reportCount(const Json& json, std::string_view name) {
  const std::int64_t value = reportMember(json, name).integer();
  if (value < 0 || value > std::int64_t{1} << 50) {
    throw Error(ErrorCode::Invalid, "its \"" + std::string(name) + "\" is impossible");
  }
  return value;
}

/// RFC 6381 codecs, and nothing that could leave the quotes of a playlist.
std::string codecs(const Json& json) {
  const std::string& text = reportMember(json, "codecs").text();
  const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == ',' || c == '-';
  });
  if (text.empty() || text.size() > 100 || !clean) {
    throw Error(ErrorCode::Invalid, "its \"codecs\" are none");
  }
  return text;
}

RenditionReport rendition(const Json& json) {
  RenditionReport one;
  one.name = reportMember(json, "name").text();
  const auto side = [&](std::string_view name) {
    const Json* found = json.find(name);
    return found == nullptr || found->isNull() ? 0 : static_cast<int>(reportCount(json, name));
  };
  one.width = side("width");
  one.height = side("height");
  one.codecs = codecs(json);
  const Json::Array& fps = reportMember(json, "fps").array();
  if (fps.size() != 2 || fps[0].integer() < 0 || fps[1].integer() <= 0) {
    throw Error(ErrorCode::Invalid, "its \"fps\" is no rate");
  }
  one.fps = {fps[0].integer(), fps[1].integer()};
  one.frames = reportCount(json, "frames");
  one.segments = reportCount(json, "segments");
  return one;
}

Report parseJson(const Json& json) {
  Report report;
  report.frames = reportCount(json, "frames");
  report.duration_us = reportCount(json, "duration_us");
  report.decode_errors = reportCount(json, "decode_errors");
  report.damaged = reportMember(json, "damaged").boolean();
  if (const Json* refused = json.find("refused")) {
    report.refused = refused->text().substr(0, MostReason);
  }
  for (const Json& one : reportMember(json, "renditions").array()) {
    report.renditions.push_back(rendition(one));
  }
  return report;
}

}  // namespace

Report Report::parse(const std::string& text) {
  try {
    return parseJson(Json::parse(text));
  } catch (const Error& error) {
    throw Error(ErrorCode::Corrupt,
                std::string("the encoder's report cannot be used: ") + error.what())
        .reason("crashed");
  }
}

const RenditionReport* Report::find(const std::string& name) const noexcept {
  const auto found = std::find_if(renditions.begin(), renditions.end(),
                                  [&](const RenditionReport& one) { return one.name == name; });
  return found != renditions.end() ? &*found : nullptr;
}

}  // namespace reeld::processing
