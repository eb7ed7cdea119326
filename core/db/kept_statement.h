// A Poco Statement that is prepared once, bound in place and executed again and again; always
// drained. What a cell holds is asked of SQLite's statement (Cells), since Poco's own extractions
// are typed before the row is seen, turn NULL into 0 or "", and copy each text twice; so is a text
// to bind, since Poco's binder copies each.
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
  /// Of the row that Poco has just fetched, until it fetches another.
  virtual Cell cell(std::size_t column) const = 0;
  /// Binds a text that stays as it is until the execution has ended, without a copy. `position` as
  /// Poco counts them.
  virtual void bindText(std::size_t position, const std::string& text) = 0;
};

class KeptStatement {
 public:
  KeptStatement(const Poco::Data::StatementImpl::Ptr& implementation, const std::string& text,
                Cells& cells, std::size_t placeholders);
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
