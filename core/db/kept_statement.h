// A Poco Statement that is prepared once, bound in place and executed again and again; always
// drained. What a cell holds is asked of the engine's statement (Cells), since Poco's own
// extractions are typed before the row is seen, turn NULL into 0 or "", and copy each text twice;
// so is a text to bind, since Poco's binder for SQLite copies each.
#pragma once
#include "db/row.h"

#include <Poco/Data/Statement.h>

#include <memory>
#include <vector>

namespace reeld::db {

class Cells {
 public:
  virtual ~Cells() = default;
  virtual std::size_t columnCount() const = 0;
  /// Of the row that Poco has just fetched, the `row`-th of this execution, from 0.
  virtual Value cell(std::size_t row, std::size_t column) const = 0;
  /// Binds a text that stays as it is until the execution has ended, without a copy; false where
  /// Poco's binder is to do it. `position` as Poco counts them for this engine.
  virtual bool bindText(std::size_t position, const std::string& text) = 0;
};

/// Whether a binding says "nothing left to bind" after it has bound (PostgreSQL's statement loops
/// until then) or stays ready (SQLite's rewinds only to bindings that are).
enum class Rebinding { AfterReset, Always };

class KeptStatement {
 public:
  KeptStatement(const Poco::Data::StatementImpl::Ptr& implementation, const std::string& text,
                Cells& cells, std::size_t placeholders, Rebinding rebinding);
  KeptStatement(const KeptStatement&) = delete;
  KeptStatement& operator=(const KeptStatement&) = delete;

  /// Throws what Poco throws; the statement must not be used after that.
  Rows execute(const std::vector<Value>& values);

 private:
  const std::vector<Value>* values_ = nullptr;  ///< of the call in progress
  Rows rows_;
  Poco::Data::Statement statement_;
};

}  // namespace reeld::db
