// A string that wipes itself and never prints.
#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace reeld {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
  Secret& operator=(Secret&& other) noexcept {
    wipe();
    text_ = std::exchange(other.text_, {});
    return *this;
  }
  ~Secret() { wipe(); }

  /// The only way to the text, by a name that shows in review.
  std::string_view reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

 private:
  void wipe() noexcept {
    for (volatile char* p = text_.data(); p != text_.data() + text_.size(); ++p)
      *p = 0;
  }
  std::string text_;
};

}  // namespace reeld
