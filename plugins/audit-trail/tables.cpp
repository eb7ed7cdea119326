#include "tables.h"

#include <algorithm>

namespace audit_trail {

namespace {

constexpr const char* HeadColumns =
    "SELECT boot, node, started_at, last_seq, last_mac, reserved, ended_at, key_name, seal "
    "FROM audit_boots ";

/// Their records' numbers still fit 64 bits (Entry::id).
constexpr std::int64_t MostBoots = 900'000'000;

std::int64_t integer(const SqlValue& value) { return value ? std::stoll(*value) : 0; }

SqlValue asText(std::int64_t number) { return std::to_string(number); }

Head headIn(const SqlRow& row) {
  Head head;
  head.boot = integer(row.at(0));
  head.node = row.at(1).value_or("");
  head.started_at = integer(row.at(2));
  head.last_seq = integer(row.at(3));
  head.last_mac = row.at(4).value_or("");
  head.reserved = integer(row.at(5));
  if (row.at(6)) {
    head.ended_at = integer(row.at(6));
  }
  head.key_name = row.at(7).value_or("");
  head.seal = row.at(8).value_or("");
  return head;
}

// Of all tables: a boot whose head somebody took out is not begun a second time. Numbers that no
// daemon gave are passed over, or one of them would be the last.
std::int64_t lastBoot(const Sql& sql) {
  std::int64_t last = 0;
  for (const char* table : {"audit_boots", "audit_records", "audit_checkpoints", "audit_pruned"}) {
    const auto rows = sql.execute(
        std::string("SELECT MAX(boot) FROM ") + table + " WHERE boot < CAST($1 AS BIGINT)",
        {asText(MostBoots)});
    last = std::max(last, integer(rows.at(0).at(0)));
  }
  return last;
}

Mark markIn(const SqlRow& row) {
  return {integer(row.at(0)), integer(row.at(1)), row.at(2).value_or(""), integer(row.at(3)),
          row.at(4).value_or("")};
}

}  // namespace

std::string Head::sealedBy(const MacKey& key) const {
  Fields fields;
  fields.add("head").add(boot).add(node).add(started_at).add(last_seq).add(last_mac).add(reserved);
  if (ended_at) {
    fields.add(*ended_at);
  } else {
    fields.addNothing();
  }
  fields.add(key_name);
  return key.mac(fields.view());
}

std::string Mark::sealedBy(const MacKey& key, std::string_view kind) const {
  Fields fields;
  fields.add(kind).add(boot).add(seq).add(mac).add(at);
  return key.mac(fields.view());
}

std::int64_t now(const Sql& sql) { return integer(sql.query("SELECT {NOW}").at(0).at(0)); }

Head beginBoot(const Sql& sql, const MacKey& key, const std::string& node, std::int64_t reserved) {
  Head head;
  sql.transact([&] {
    head = {};
    if (!sql.isSqlite()) {
      sql.execute("LOCK TABLE audit_boots IN EXCLUSIVE MODE");  // before a snapshot is taken
    }
    head.boot = lastBoot(sql) + 1;
    head.started_at = now(sql);
    head.node = node;
    head.reserved = reserved;
    head.key_name = key.name();
    head.seal = head.sealedBy(key);
    sql.execute(
        "INSERT INTO audit_boots (boot, node, started_at, last_seq, last_mac, reserved, key_name, "
        "seal) VALUES ($1, $2, $3, 0, '', $4, $5, $6)",
        {asText(head.boot), head.node, asText(head.started_at), asText(head.reserved),
         head.key_name, head.seal});
  });
  return head;
}

void storeHead(const Sql& sql, const Head& head) {
  const auto changed = sql.execute(
      "UPDATE audit_boots SET last_seq = $1, last_mac = $2, reserved = $3, ended_at = $4, "
      "seal = $5 WHERE boot = $6 RETURNING boot",
      {asText(head.last_seq), head.last_mac, asText(head.reserved),
       head.ended_at ? asText(*head.ended_at) : std::nullopt, head.seal, asText(head.boot)});
  if (changed.empty()) {
    throw reeld::sdk::Failure(REELD_CONFLICT,
                              "the head of boot " + std::to_string(head.boot) + " was taken out");
  }
}

std::optional<Head> headOf(const Sql& sql, std::int64_t boot) {
  const auto rows = sql.query(HeadColumns + std::string("WHERE boot = $1"), {asText(boot)});
  return rows.empty() ? std::nullopt : std::optional(headIn(rows[0]));
}

std::vector<Head> unendedBefore(const Sql& sql, const std::string& node, std::int64_t boot) {
  std::vector<Head> heads;
  for (const auto& row :
       sql.query(HeadColumns + std::string("WHERE node = $1 AND boot < $2 AND ended_at IS NULL "
                                           "ORDER BY boot DESC LIMIT 10"),
                 {node, asText(boot)})) {
    heads.push_back(headIn(row));
  }
  return heads;
}

std::optional<std::int64_t> bootAfter(const Sql& sql, std::int64_t boot) {
  std::optional<std::int64_t> next;
  for (const char* table : {"audit_boots", "audit_records"}) {
    const auto rows = sql.query(std::string("SELECT MIN(boot) FROM ") + table + " WHERE boot > $1",
                                {asText(boot)});
    if (rows.at(0).at(0)) {
      const std::int64_t found = integer(rows[0][0]);
      next = std::min(next.value_or(found), found);
    }
  }
  return next;
}

bool hasLaterBoot(const Sql& sql, const Head& head) {
  return !sql.query("SELECT boot FROM audit_boots WHERE node = $1 AND boot > $2 LIMIT 1",
                    {head.node, asText(head.boot)})
              .empty();
}

void storeCheckpoint(const Sql& sql, const Mark& mark) {
  sql.execute(
      "INSERT INTO audit_checkpoints (boot, seq, mac, at, seal) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT DO NOTHING",
      {asText(mark.boot), asText(mark.seq), mark.mac, asText(mark.at), mark.seal});
}

std::vector<Mark> checkpointsOf(const Sql& sql, std::int64_t boot) {
  std::vector<Mark> marks;
  for (const auto& row : sql.query(
           "SELECT boot, seq, mac, at, seal FROM audit_checkpoints WHERE boot = $1 ORDER BY seq",
           {asText(boot)})) {
    marks.push_back(markIn(row));
  }
  return marks;
}

std::optional<Mark> prunedOf(const Sql& sql, std::int64_t boot) {
  const auto rows = sql.query("SELECT boot, seq, mac, at, seal FROM audit_pruned WHERE boot = $1",
                              {asText(boot)});
  return rows.empty() ? std::nullopt : std::optional(markIn(rows[0]));
}

bool hasEntryAfter(const Sql& sql, std::int64_t boot, std::int64_t seq) {
  return !sql.query("SELECT seq FROM audit_records WHERE boot = $1 AND seq > $2 LIMIT 1",
                    {asText(boot), asText(seq)})
              .empty();
}

std::vector<Entry> entriesAfter(const Sql& sql, std::int64_t boot, std::int64_t seq, int limit) {
  static const std::string Select = "SELECT " + std::string(Entry::Columns) +
                                    " FROM audit_records WHERE boot = $1 AND seq > $2 "
                                    "ORDER BY seq LIMIT CAST($3 AS BIGINT)";
  std::vector<Entry> entries;
  auto rows = sql.query(Select, {asText(boot), asText(seq), asText(limit)});
  entries.reserve(rows.size());
  for (auto& row : rows) {
    entries.push_back(Entry::of(std::move(row)));
  }
  return entries;
}

}  // namespace audit_trail
