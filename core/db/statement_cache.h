// The kept statements of one connection, by their text; the least recently used goes when it is
// full.
#pragma once
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reeld::db {

template <class Kept>
class StatementCache {
 public:
  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

  /// The statement for the text, made by make() if it is not kept.
  template <class Make>
  Kept& at(const std::string& text, Make&& make) {
    if (const auto found = by_text_.find(text); found != by_text_.end()) {
      recent_.splice(recent_.begin(), recent_, found->second);
      return *recent_.front().kept;
    }
    recent_.push_front({text, make()});
    by_text_.emplace(recent_.front().text, recent_.begin());
    return *recent_.front().kept;
  }

  /// The statement for the text, nullptr if it is not kept.
  const Kept* find(const std::string& text) const {
    const auto found = by_text_.find(text);
    return found == by_text_.end() ? nullptr : found->second->kept.get();
  }

  /// Takes the statement out, for its owner to end when that is possible.
  std::unique_ptr<Kept> take(const std::string& text) {
    const auto found = by_text_.find(text);
    if (found == by_text_.end())
      return nullptr;
    std::unique_ptr<Kept> kept = std::move(found->second->kept);
    const auto entry = found->second;
    by_text_.erase(found);
    recent_.erase(entry);
    return kept;
  }

  /// Ends what is over the capacity. Not inside a transaction: ending may need the server.
  void trim() {
    while (recent_.size() > capacity_) {
      by_text_.erase(recent_.back().text);
      recent_.pop_back();
    }
  }
  void clear() {
    by_text_.clear();
    recent_.clear();
  }

 private:
  struct Entry {
    std::string text;
    std::unique_ptr<Kept> kept;
  };
  std::size_t capacity_;
  std::list<Entry> recent_;
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> by_text_;
};

}  // namespace reeld::db
