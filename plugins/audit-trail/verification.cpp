// A record is told by its own seal whether it was changed, because that is over its number too; the
// number of the one before it and its copy of that one's seal tell what is missing. So one record
// that is wrong says nothing against its neighbours.
#include "verification.h"

#include <algorithm>
#include <utility>

namespace audit_trail {

namespace {

/// Within a process small enough for its memory to be used again: the heap gives larger pieces back
/// and takes them anew. On a server each page is a way there and back.
constexpr int SqlitePage = 128;
constexpr int ServerPage = 1000;
/// Then a piece ends early.
constexpr std::size_t MostFindings = 500;

std::string nameOfRecord(std::int64_t boot, std::int64_t seq) {
  Entry entry;
  entry.boot = boot;
  entry.seq = seq;
  return "record " + std::to_string(entry.id());
}

/// One boot, from the place where the last piece ended.
class BootCheck {
 public:
  BootCheck(const Sql& sql, const MacKey& key, std::int64_t running, std::int64_t boot,
            Piece& piece)
      : sql_(sql),
        key_(key),
        page_size_(sql.isSqlite() ? SqlitePage : ServerPage),
        running_(running),
        boot_(boot),
        piece_(piece) {}

  /// True if it came to the end of the boot; else last() is where to go on.
  bool run(std::int64_t after, std::int64_t budget) {
    last_ = reached_ = after;
    head_ = headOf(sql_, boot_);
    pruned_ = prunedOf(sql_, boot_);
    has_other_key_ = head_ && head_->key_name != key_.name();
    if (after == 0) {
      begin();
    } else {
      recall();
    }
    while (piece_.records < budget && piece_.findings.size() < MostFindings) {
      // Before the records: what is stored meanwhile is beyond this head and no contradiction.
      head_ = headOf(sql_, boot_);
      const auto page = entriesAfter(sql_, boot_, last_, page_size_);
      for (const Entry& entry : page) {
        check(entry);
      }
      if (page.size() < static_cast<std::size_t>(page_size_)) {
        end();
        return true;
      }
    }
    return false;
  }
  std::int64_t last() const noexcept { return last_; }

 private:
  void find(std::int64_t seq, const char* what, const std::string& text) {
    piece_.findings.push_back({boot_, seq, what, text});
  }
  /// True where the key is missing: that is told once, of the boot.
  bool hasSeal(const std::string& seal, const std::string& wanted) const {
    return has_other_key_ || seal == wanted;
  }
  std::string bootName() const { return "boot " + std::to_string(boot_); }
  std::int64_t prunedTo() const { return pruned_ ? pruned_->seq : 0; }

  void begin() {
    if (!head_) {
      find(0, "boots",
           bootName() + " is not among the boots: its records were inserted, or it was taken out");
    } else if (has_other_key_) {
      find(0, "head",
           bootName() +
               " cannot be verified: it was sealed with another secret than the site's present "
               "one");
    } else if (head_->seal != head_->sealedBy(key_)) {
      find(0, "head", "the head of " + bootName() + " is not as it was written");
    }
    if (pruned_ && !hasSeal(pruned_->seal, pruned_->sealedBy(key_, "pruned"))) {
      find(0, "head", "how far " + bootName() + " was pruned is not as it was written");
    }
    if (pruned_) {
      before_ = pruned_->mac;
    } else {
      before_ = "";
    }
  }

  void recall() {
    const auto row = entriesAfter(sql_, boot_, last_ - 1, 1);
    if (!row.empty() && row[0].seq == last_ && hasSeal(row[0].mac, row[0].sealedBy(key_))) {
      before_ = row[0].mac;
    }
  }

  void check(const Entry& entry) {
    ++piece_.records;
    const bool is_sound = hasSeal(entry.mac, entry.sealedBy(key_));
    if (entry.seq <= prunedTo()) {
      find(entry.seq, "inserted",
           nameOfRecord(boot_, entry.seq) + " was inserted where older ones were pruned");
      last_ = entry.seq;
      return;
    }
    if (!is_sound && head_ && entry.seq > head_->last_seq) {
      find(entry.seq, "inserted", nameOfRecord(boot_, entry.seq) + " was inserted");
      last_ = entry.seq;
      return;
    }
    const std::int64_t expected = std::max(reached_, prunedTo()) + 1;
    const bool is_next = entry.seq == expected;
    if (!is_next) {
      missing(expected, entry.seq - 1);
    }
    if (!is_sound) {
      find(entry.seq, "changed", nameOfRecord(boot_, entry.seq) + " is not as it was written");
    } else if (is_next && before_ && entry.prev != *before_) {
      find(entry.seq, "moved",
           nameOfRecord(boot_, entry.seq) + " does not follow the one before it");
    }
    before_ = is_sound ? std::optional(entry.mac) : std::nullopt;
    last_ = reached_ = entry.seq;
  }

  void missing(std::int64_t from, std::int64_t to) {
    find(from, "missing",
         from == to ? nameOfRecord(boot_, from) + " is missing"
                    : nameOfRecord(boot_, from).insert(6, "s") + " to " +
                          nameOfRecord(boot_, to).substr(sizeof("record")) + " are missing, " +
                          std::to_string(to - from + 1) + " of them");
  }

  void end() {
    if (!head_) {
      return;
    }
    const std::int64_t reached = std::max(reached_, prunedTo());
    if (reached < head_->last_seq) {
      missing(reached + 1, head_->last_seq);
    } else if (const auto again = headOf(sql_, boot_); again && reached > again->last_seq) {
      find(again->last_seq, "head",
           "the head of " + bootName() + " was set back behind its records");
    } else if (reached == head_->last_seq && before_ && reached > 0 &&
               *before_ != head_->last_mac) {
      find(reached, "head", "the head of " + bootName() + " does not know its last record");
    }
    checkCheckpoints();
    if (!head_->ended_at && boot_ != running_) {
      tellEnd();
    }
  }

  void checkCheckpoints() {
    std::int64_t anchored = prunedTo();
    for (const Mark& mark : checkpointsOf(sql_, boot_)) {
      if (!hasSeal(mark.seal, mark.sealedBy(key_, "checkpoint"))) {
        find(mark.seq, "checkpoint",
             "the checkpoint at " + nameOfRecord(boot_, mark.seq) + " is not as it was written");
        continue;
      }
      anchored = std::max(anchored, mark.seq);
      if (const auto text = contradicts(sql_, key_, mark)) {
        find(mark.seq, "checkpoint", *text);
      }
    }
    piece_.unanchored += std::max<std::int64_t>(0, head_->last_seq - anchored);
  }

  void tellEnd() {
    const std::int64_t lost = std::max<std::int64_t>(0, head_->reserved - head_->last_seq);
    const bool is_over = hasLaterBoot(sql_, *head_);
    piece_.maybe_missing += is_over ? lost : 0;
    piece_.notes.push_back(
        bootName() + (is_over ? " did not end in order: up to " + std::to_string(lost) +
                                    " requests after " + nameOfRecord(boot_, head_->last_seq) +
                                    " may be missing; refusals by a limit (429) of its last "
                                    "minute and reads that found no place are not in that "
                                    "number"
                              : " runs on another daemon, or ended there without order"));
  }

  const Sql& sql_;
  const MacKey& key_;
  const int page_size_;
  const std::int64_t running_;
  const std::int64_t boot_;
  Piece& piece_;
  std::optional<Head> head_;
  bool has_other_key_ = false;
  std::optional<Mark> pruned_;
  std::int64_t last_ = 0;              ///< looked at
  std::int64_t reached_ = 0;           ///< the same, without what was inserted behind the end
  std::optional<std::string> before_;  ///< the seal of the record before, if it is a sound one
};

}  // namespace

Piece verify(const Sql& sql, const MacKey& key, std::int64_t running, Place after,
             std::int64_t records) {
  Piece piece;
  std::int64_t boot = after.boot;
  std::int64_t seq = after.seq;
  if (boot == 0 || seq == 0) {
    const auto first = bootAfter(sql, boot);
    if (!first) {
      return piece;
    }
    if (*first > boot + 1) {
      piece.findings.push_back({boot + 1, 0, "boots",
                                "boots " + std::to_string(boot + 1) + " to " +
                                    std::to_string(*first - 1) + " are missing"});
    }
    boot = *first;
    seq = 0;
  }
  BootCheck check(sql, key, running, boot, piece);
  piece.next = check.run(seq, records) ? Place{boot, 0} : Place{boot, check.last()};
  if (piece.next->seq == 0 && !bootAfter(sql, boot)) {
    piece.next.reset();
  }
  return piece;
}

std::optional<std::string> contradicts(const Sql& sql, const MacKey& key, const Mark& mark) {
  const auto pruned = prunedOf(sql, mark.boot);
  const bool is_sealed = pruned && (pruned->seal == pruned->sealedBy(key, "pruned") ||
                                    pruned->seal == pruned->sealedBy(key, "pruned unverified"));
  if (is_sealed && pruned->seq >= mark.seq) {
    const bool is_same = pruned->seq > mark.seq || pruned->mac == mark.mac;
    return is_same
               ? std::nullopt
               : std::optional(nameOfRecord(mark.boot, mark.seq) + " was pruned with another seal");
  }
  const auto row = entriesAfter(sql, mark.boot, mark.seq - 1, 1);
  if (row.empty() || row[0].seq != mark.seq) {
    return nameOfRecord(mark.boot, mark.seq) + ", which a checkpoint names, is missing";
  }
  return row[0].mac == mark.mac ? std::nullopt
                                : std::optional(nameOfRecord(mark.boot, mark.seq) +
                                                " has another seal than its checkpoint");
}

}  // namespace audit_trail
