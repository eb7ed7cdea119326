// What a transaction may do and how it is kept apart from others: the one word of Database's
// callers, of the engines and of their connections.
#pragma once

namespace reeld::db {

enum class TransactionKind {
  One,        ///< a single SELECT, which needs no transaction to be consistent
  Read,       ///< one snapshot, nothing may change
  Write,      ///< as if alone (PostgreSQL: SERIALIZABLE; SQLite: the one writer)
  Locked,     ///< Write that is right by row locks alone (PostgreSQL: READ COMMITTED)
  OneWrite,   ///< Write of a single statement, which commits as it runs
  OneLocked,  ///< Locked of the same
  Schema,     ///< Write without time limits, serialised against other daemons' Schema transactions
};

constexpr bool commitsAsItRuns(TransactionKind kind) noexcept {
  return kind == TransactionKind::OneWrite || kind == TransactionKind::OneLocked;
}

constexpr bool onlyReads(TransactionKind kind) noexcept {
  return kind == TransactionKind::One || kind == TransactionKind::Read;
}

}  // namespace reeld::db
