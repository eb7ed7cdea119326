#include "retention.h"

#include <string>

namespace audit_trail {

namespace {

constexpr std::int64_t DayMs = 86'400'000;
constexpr int AtOnce = 1000;
constexpr std::int64_t MostAtOnce = 20'000;

struct Prefix {
  std::int64_t count = 0;
  Mark last;
};

/// The records at the front of a boot that are older, at most AtOnce. One of a clock that was ahead
/// keeps those behind it until its own time is over.
Prefix oldAtFront(const Sql& sql, std::int64_t boot, std::int64_t before) {
  Prefix prefix;
  for (const auto& row : sql.execute("SELECT seq, mac, at FROM audit_records WHERE boot = $1 "
                                     "ORDER BY seq LIMIT CAST($2 AS BIGINT)",
                                     {std::to_string(boot), std::to_string(AtOnce)})) {
    if (std::stoll(row.at(2).value_or("0")) >= before) {
      break;
    }
    ++prefix.count;
    prefix.last.boot = boot;
    prefix.last.seq = std::stoll(row.at(0).value_or("0"));
    prefix.last.mac = row.at(1).value_or("");
  }
  return prefix;
}

std::int64_t pruneOnce(const Sql& sql, const MacKey& key, std::int64_t boot, std::int64_t now,
                       std::int64_t before) {
  std::int64_t count = 0;
  sql.transact([&] {
    Prefix prefix = oldAtFront(sql, boot, before);
    count = prefix.count;
    if (count == 0) {
      return;
    }
    Mark& mark = prefix.last;
    mark.at = now;
    mark.seal = mark.sealedBy(key, "pruned");
    const std::string boot_text = std::to_string(boot);
    const std::string seq_text = std::to_string(mark.seq);
    sql.execute("DELETE FROM audit_records WHERE boot = $1 AND seq <= $2", {boot_text, seq_text});
    sql.execute("DELETE FROM audit_checkpoints WHERE boot = $1 AND seq < $2",
                {boot_text, seq_text});
    sql.execute("DELETE FROM audit_pruned WHERE boot = $1", {boot_text});
    sql.execute("INSERT INTO audit_pruned (boot, seq, mac, at, seal) VALUES ($1, $2, $3, $4, $5)",
                {boot_text, seq_text, mark.mac, std::to_string(mark.at), mark.seal});
  });
  return count;
}

/// The next boot that has records.
std::optional<std::int64_t> withRecordsAfter(const Sql& sql, std::int64_t boot) {
  const auto rows =
      sql.query("SELECT MIN(boot) FROM audit_records WHERE boot > $1", {std::to_string(boot)});
  return rows.at(0).at(0) ? std::optional(std::stoll(*rows[0][0])) : std::nullopt;
}

}  // namespace

std::int64_t prune(const Sql& sql, const MacKey& key, std::int64_t keep_days) {
  if (keep_days == 0) {
    return 0;
  }
  const std::int64_t present = now(sql);
  const std::int64_t before = present - keep_days * DayMs;
  std::int64_t total = 0;
  for (auto boot = withRecordsAfter(sql, 0); boot; boot = withRecordsAfter(sql, *boot)) {
    std::int64_t count = AtOnce;
    while (count == AtOnce && total < MostAtOnce) {
      count = pruneOnce(sql, key, *boot, present, before);
      total += count;
    }
  }
  return total;
}

}  // namespace audit_trail
