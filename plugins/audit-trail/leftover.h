// What an ordered end finds unstored, in a file of this daemon's own folder: written before the
// last try, taken away after it, so that a database which takes nothing, or answers too late, loses
// nothing. The next start of this daemon stores what is in it.
#pragma once
#include "entry.h"

#include <string>
#include <vector>

namespace audit_trail {

class Leftover {
 public:
  /// The key outlives it.
  Leftover(const std::string& folder, const MacKey& key);

  /// In place of what the file held. In there each has an event_id, so that no table takes it
  /// twice. Durable when this returns. Throws Failure.
  void keep(std::vector<Entry> entries) const;
  /// As they were kept, with the places they had; none if there is no file. One that is not as it
  /// was written is put aside, under a name with ".broken" behind it; throws Failure.
  std::vector<Entry> read() const;
  void forget() const noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  const std::string path_;
  const MacKey& key_;
};

}  // namespace audit_trail
