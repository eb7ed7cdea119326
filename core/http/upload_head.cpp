#include "http/upload_head.h"

namespace reeld::http {

namespace {

constexpr engine::Refusal Part{
    400, "content-range",
    "the body must be the whole file: parts (Content-Range) are not put together"};
constexpr engine::Refusal Coded{415, "content-encoding",
                                "the body must be sent as it is, without a Content-Encoding"};

}  // namespace

const engine::Refusal* uploadRefusal(const engine::Head& head) noexcept {
  for (std::size_t i = 0; i < head.fieldCount(); ++i) {
    if (engine::equalsIgnoringCase(head.fieldName(i), "content-range")) {
      return &Part;
    }
    if (engine::equalsIgnoringCase(head.fieldName(i), "content-encoding") &&
        !engine::equalsIgnoringCase(head.fieldValue(i), "identity")) {
      return &Coded;
    }
  }
  return nullptr;
}

}  // namespace reeld::http
