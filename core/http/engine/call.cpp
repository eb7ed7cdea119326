#include "http/engine/call.h"

namespace reeld::http::engine {

void Reply::clear() {
  status = 500;
  fields.clear();
  body = std::monostate();
  has_more = false;
}

std::uint64_t Reply::bodySize() const noexcept {
  struct Size {
    std::uint64_t operator()(std::monostate) const { return 0; }
    std::uint64_t operator()(const std::string& text) const { return text.size(); }
    std::uint64_t operator()(const std::shared_ptr<const std::string>& text) const {
      return text ? text->size() : 0;
    }
    std::uint64_t operator()(const FileSlice& file) const { return file.length; }
  };
  return std::visit(Size{}, body);
}

}  // namespace reeld::http::engine
