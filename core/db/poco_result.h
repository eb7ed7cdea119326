// The result that Poco's PostgreSQL statement holds: read in place, and freed once it is drained.
// Poco 1.11 frees the old result at the start of the next execution but keeps the pointer: if that
// execution fails, the pointer is freed again with the statement. Nothing public reaches it, so it
// is reached by the one rule of the language that allows it: an explicit instantiation may name
// private members. A Poco whose members are called otherwise fails to compile here.
#pragma once
#include <Poco/Data/PostgreSQL/PostgreSQLStatementImpl.h>
#include <Poco/Data/PostgreSQL/StatementExecutor.h>
#include <libpq-fe.h>

namespace reeld::db::poco {

struct Executor {
  using Member =
      Poco::Data::PostgreSQL::StatementExecutor Poco::Data::PostgreSQL::PostgreSQLStatementImpl::*;
  friend Member member(Executor);
};
struct HeldResult {
  using Member = PGresult* Poco::Data::PostgreSQL::StatementExecutor::*;
  friend Member member(HeldResult);
};

template <class Name, typename Name::Member Pointer>
struct Opened {
  friend typename Name::Member member(Name) { return Pointer; }
};
template struct Opened<Executor,
                       &Poco::Data::PostgreSQL::PostgreSQLStatementImpl::_statementExecutor>;
template struct Opened<HeldResult, &Poco::Data::PostgreSQL::StatementExecutor::_pResultHandle>;

inline const PGresult* heldResult(
    const Poco::Data::PostgreSQL::PostgreSQLStatementImpl& statement) {
  return (statement.*member(Executor{})).*member(HeldResult{});
}

inline void freeResult(Poco::Data::PostgreSQL::PostgreSQLStatementImpl& statement) {
  PGresult*& held = (statement.*member(Executor{})).*member(HeldResult{});
  PQclear(held);
  held = nullptr;
}

}  // namespace reeld::db::poco
