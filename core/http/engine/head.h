// The head of one HTTP/1.1 request (RFC 9112, strict): found, checked and cut into views. Pure:
// bytes in, verdict out. Whatever two parsers could read differently is refused, never repaired.
#pragma once
#include "http/engine/refusal.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reeld::http::engine {

struct HeadLimits {
  std::size_t head = 16 * 1024;
  std::size_t target = 8 * 1024;
  std::size_t fields = 100;  ///< at most Head::MaxFields
};

/// Where a head ends in `bytes`; looks only at what came since `scanned`.
struct HeadEnd {
  std::size_t size = 0;  ///< of the whole head with its empty line; 0 = not complete yet
  const Refusal* refusal = nullptr;  ///< no head can become of these bytes
};
HeadEnd findHeadEnd(std::string_view bytes, std::size_t scanned, const HeadLimits& limits) noexcept;

class Head {
 public:
  static constexpr std::size_t MaxFields = 128;

  /// Copies a complete head and checks it; nullptr if all is well. After a refusal, and of a head
  /// that is cut, what could be read is there: as much of path() as is sound, the fields so far.
  const Refusal* parse(std::string_view bytes, const HeadLimits& limits);
  void clear() noexcept;

  std::string_view method() const noexcept { return view(method_); }
  std::string_view path() const noexcept {
    return view(path_);
  }  ///< still percent-encoded; "*" for OPTIONS *
  std::string_view query() const noexcept { return view(query_); }  ///< without '?'
  std::string_view host() const noexcept {
    return view(host_);
  }  ///< with port; of an absolute target if given
  std::size_t fieldCount() const noexcept { return field_count_; }
  std::string_view fieldName(std::size_t i) const noexcept { return view(fields_[i].name); }
  std::string_view fieldValue(std::size_t i) const noexcept { return view(fields_[i].value); }
  /// First field of that name ("content-type"), empty if there is none. Never allocates.
  std::string_view find(std::string_view lower_name) const noexcept;

  int minorVersion() const noexcept { return minor_; }
  bool keepAlive() const noexcept { return keep_alive_; }
  bool chunked() const noexcept { return chunked_; }
  bool expectContinue() const noexcept { return expect_continue_; }
  std::int64_t contentLength() const noexcept { return content_length_; }  ///< -1 = not given
  bool hasBody() const noexcept { return chunked_ || content_length_ > 0; }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  struct Span {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Field {
    Span name;
    Span value;
  };
  struct Framing;

  std::string_view view(Span span) const noexcept {
    return std::string_view(bytes_).substr(span.at, span.size);
  }
  Span span(std::string_view part) const noexcept;
  const Refusal* parseRequestLine(std::string_view line, const HeadLimits& limits) noexcept;
  const Refusal* parseTarget(std::string_view target) noexcept;
  const Refusal* parseField(std::string_view line, Framing& framing,
                            const HeadLimits& limits) noexcept;
  const Refusal* interpret(std::string_view name, std::string_view value,
                           Framing& framing) noexcept;
  const Refusal* conclude(const Framing& framing) noexcept;

  std::string bytes_;
  Span method_;
  Span path_;
  Span query_;
  Span host_;
  std::array<Field, MaxFields> fields_;
  std::size_t field_count_ = 0;
  std::int64_t content_length_ = -1;
  int minor_ = 1;
  bool absolute_ = false;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool expect_continue_ = false;
};

/// Equal without regard to the case of ASCII letters; `lower` is in lower case.
bool equalsIgnoringCase(std::string_view text, std::string_view lower) noexcept;
bool isToken(std::string_view text) noexcept;       ///< RFC 9110, section 5.6.2
bool isFieldValue(std::string_view text) noexcept;  ///< no control character but tab

}  // namespace reeld::http::engine
