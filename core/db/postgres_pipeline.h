// What a PostgreSQL session sends: prepared statements, kept by their text, in libpq's pipeline
// mode. Those whose answers nobody waits for (BEGIN, what Session::post() was given) stand in line
// and leave together with the next one that is waited for: a round trip costs more than most
// statements. Poco's statements, which wait for each answer, cannot do that.
#pragma once
#include "db/connection.h"
#include "db/failure.h"
#include "db/statement_cache.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reeld::db {

class PostgresPipeline {
 public:
  explicit PostgresPipeline(std::size_t kept) : kept_(kept) {}

  using Wanted = std::shared_ptr<std::optional<Rows>>;

  /// At the end of the line; nothing is sent yet. `wanted` is given the rows when they come.
  void add(const std::string& text, std::vector<Value> values, Wanted wanted = nullptr);
  std::size_t size() const noexcept { return line_.size(); }
  /// Nothing of the line has been sent, nothing will be.
  void drop() noexcept { line_.clear(); }
  /// Whether the server has the statement, and what it gives back is known to be readable.
  bool isKnown(const std::string& text) const;
  /// Sends the line; the answer of its last statement. Throws the Failure of the first that fails:
  /// the server passes over those behind it.
  Answer send(PGconn* connection);
  /// The same with a COMMIT behind the last.
  Answer sendAndCommit(PGconn* connection);

  /// What the last statement of the line was, in the server's word: "COMMIT".
  const std::string& lastTag() const noexcept { return tag_; }

  /// Outside a transaction: ends on the server what has failed and what is too many.
  void trim(PGconn* connection) noexcept;
  /// The connection is another one: nothing is prepared there.
  void forget() noexcept;

 private:
  struct Prepared {
    std::string name;
    bool is_ready = false;     ///< on the server
    bool is_readable = false;  ///< it has answered, with columns that can be read
    ~Prepared();
    std::vector<std::string>* ended = nullptr;  ///< where its name goes
  };
  struct Item {
    std::string text;
    std::vector<Value> values;
    Wanted wanted;
    Prepared* prepared = nullptr;
    bool prepares = false;  ///< it goes with the statement, which is new there
  };
  Answer exchange(PGconn* connection, std::size_t asked);
  void sendLine(PGconn* connection);
  /// The answer is that of the statement at `asked`.
  Answer receive(PGconn* connection, std::size_t asked);

  std::vector<std::string> ended_;  ///< names; outlives kept_
  StatementCache<Prepared> kept_;
  std::vector<Item> line_;
  std::string tag_;
  std::size_t names_ = 0;
};

}  // namespace reeld::db
