// What is kept beside the records: the head of each boot, checkpoints, and how far a boot's oldest
// records were taken away by age. Each row is sealed over all it says.
#pragma once
#include "entry.h"

#include <optional>
#include <string>
#include <vector>

namespace audit_trail {

using reeld::sdk::Sql;

/// Where the chain of a boot stands; stored in the transaction of each batch.
struct Head {
  std::int64_t boot = 0;
  std::string node;
  std::int64_t started_at = 0;
  std::int64_t last_seq = 0;
  std::string last_mac;
  /// So many more than last_seq may have been taken on, and were only in memory: what the ring
  /// holds. What is counted and not kept (refusals by a limit, reads beyond the ring) comes on top.
  std::int64_t reserved = 0;
  std::optional<std::int64_t> ended_at;
  std::string key_name;
  std::string seal;

  std::string sealedBy(const MacKey& key) const;
};

/// A place in a boot with the seal of the record there.
struct Mark {
  std::int64_t boot = 0;
  std::int64_t seq = 0;
  std::string mac;
  std::int64_t at = 0;
  std::string seal;

  /// `kind` is "checkpoint", "pruned", or "pruned unverified" where another secret sealed.
  std::string sealedBy(const MacKey& key, std::string_view kind) const;
};

/// The next boot, numbered above all that any table knows, with its head.
Head beginBoot(const Sql& sql, const MacKey& key, const std::string& node, std::int64_t reserved);
/// In a transaction of the caller's, or one of its own. CONFLICT if somebody took the head out.
void storeHead(const Sql& sql, const Head& head);
std::optional<Head> headOf(const Sql& sql, std::int64_t boot);
/// The heads of that node which did not end, before the given boot.
std::vector<Head> unendedBefore(const Sql& sql, const std::string& node, std::int64_t boot);
/// The first boot after that number which has a head or a record; nothing if there is none.
std::optional<std::int64_t> bootAfter(const Sql& sql, std::int64_t boot);
/// Whether that node began another boot later.
bool hasLaterBoot(const Sql& sql, const Head& head);

void storeCheckpoint(const Sql& sql, const Mark& mark);
std::vector<Mark> checkpointsOf(const Sql& sql, std::int64_t boot);
std::optional<Mark> prunedOf(const Sql& sql, std::int64_t boot);

/// Whether a boot has a record behind that number.
bool hasEntryAfter(const Sql& sql, std::int64_t boot, std::int64_t seq);
/// Of a boot after a number, in order, at most so many.
std::vector<Entry> entriesAfter(const Sql& sql, std::int64_t boot, std::int64_t seq, int limit);

/// The database's clock, epoch ms.
std::int64_t now(const Sql& sql);

}  // namespace audit_trail
