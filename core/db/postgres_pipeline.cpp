#include "db/postgres_pipeline.h"

#include "db/failure.h"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace reeld::db {

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr const char* Refused = "the database refused a statement";

/// Types by their numbers in pg_type, which never change.
enum Type : Oid {
  Bool = 16,
  Bytea = 17,
  Int8 = 20,
  Int2 = 21,
  Int4 = 23,
  Float4 = 700,
  Float8 = 701,
  Date = 1082,
  Time = 1083,
  Timestamp = 1114,
  TimestampTz = 1184,
  TimeTz = 1266,
  Numeric = 1700,
};

/// What the values of a column are here.
enum class Holds { Integer, Flag, Text, Other };

Holds heldBy(Oid type) {
  switch (type) {
    case Int2:
    case Int4:
    case Int8:
      return Holds::Integer;
    case Bool:
      return Holds::Flag;
    case Bytea:
    case Float4:
    case Float8:
    case Date:
    case Time:
    case Timestamp:
    case TimestampTz:
    case TimeTz:
    case Numeric:
      return Holds::Other;
    default:  // text, and what only the catalogue has
      return Holds::Text;
  }
}

bool isReadable(const PGresult* result) {
  for (int column = 0; column < PQnfields(result); ++column) {
    if (heldBy(PQftype(result, column)) == Holds::Other) {
      return false;
    }
  }
  return true;
}

/// What the server sent, read where it lies.
class Received final : public Answered {
 public:
  /// Throws if there is a value that is neither integer nor text.
  Received(Result result, const std::string& sql)
      : Answered(static_cast<std::size_t>(PQnfields(result.get()))), result_(std::move(result)) {
    holds_.reserve(columns());
    for (int column = 0; column < PQnfields(result_.get()); ++column) {
      holds_.push_back(heldBy(PQftype(result_.get(), column)));
      if (holds_.back() == Holds::Other && hasValues(column)) {
        throw Error(ErrorCode::Internal, std::string("column ") + PQfname(result_.get(), column) +
                                             " is neither integer nor text (CAST it): " + sql);
      }
    }
  }

  Cell cell(std::size_t number, std::size_t place) const override {
    const auto row = static_cast<int>(number);
    const auto column = static_cast<int>(place);
    const auto length = static_cast<std::size_t>(PQgetlength(result_.get(), row, column));
    if (length == 0 && PQgetisnull(result_.get(), row, column) != 0) {
      return {};
    }
    const std::string_view text(PQgetvalue(result_.get(), row, column), length);
    switch (holds_[place]) {
      case Holds::Integer: {
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
      }
      case Holds::Flag:
        return std::int64_t{text == "t" ? 1 : 0};
      case Holds::Text:
      case Holds::Other:
        break;
    }
    return text;
  }

 private:
  bool hasValues(int column) const {
    for (int row = 0; row < PQntuples(result_.get()); ++row) {
      if (PQgetisnull(result_.get(), row, column) == 0) {
        return true;
      }
    }
    return false;
  }

  Result result_;
  std::vector<Holds> holds_;
};

Answer answerOf(Result result, const std::string& sql) {
  Answer answer;
  const std::string_view count = PQcmdTuples(result.get());
  std::from_chars(count.data(), count.data() + count.size(), answer.affected);
  const auto rows = static_cast<std::size_t>(PQntuples(result.get()));
  if (rows > 0) {
    const auto received = std::make_shared<const Received>(std::move(result), sql);
    answer.rows.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      answer.rows.emplace_back(received, row);
    }
  }
  return answer;
}

/// The values of one statement as libpq wants them; points into them.
class Parameters {
 public:
  explicit Parameters(const std::vector<Value>& values) : numbers_(values.size()) {
    texts_.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
        numbers_[i] = std::to_string(*number);
        texts_.push_back(numbers_[i].c_str());
      } else if (const auto* text = std::get_if<std::string>(&values[i])) {
        texts_.push_back(text->c_str());
      } else {
        texts_.push_back(nullptr);
      }
    }
  }
  int count() const { return static_cast<int>(texts_.size()); }
  const char* const* texts() const { return texts_.data(); }

 private:
  std::vector<std::string> numbers_;
  std::vector<const char*> texts_;
};

/// The next answer of the server, and the end that libpq puts behind each.
Result nextResult(PGconn* connection) {
  Result result(PQgetResult(connection), &PQclear);
  if (result != nullptr && PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
    while (const Result more{PQgetResult(connection), &PQclear}) {
    }
  }
  return result;
}

bool isGood(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

PostgresPipeline::Prepared::~Prepared() {
  if (is_ready) {
    ended->push_back(std::move(name));
  }
}

bool PostgresPipeline::isKnown(const std::string& text) const {
  const Prepared* const prepared = kept_.find(text);
  return prepared != nullptr && prepared->is_readable;
}

void PostgresPipeline::add(const std::string& text, std::vector<Value> values, Wanted wanted) {
  line_.push_back({text, std::move(values), std::move(wanted)});
}

Answer PostgresPipeline::send(PGconn* connection) { return exchange(connection, line_.size() - 1); }

Answer PostgresPipeline::sendAndCommit(PGconn* connection) {
  add("COMMIT", {});
  return exchange(connection, line_.size() - 2);
}

Answer PostgresPipeline::exchange(PGconn* connection, std::size_t asked) {
  try {
    sendLine(connection);
    Answer answer = receive(connection, asked);
    line_.clear();
    return answer;
  } catch (...) {
    line_.clear();
    throw;
  }
}

void PostgresPipeline::sendLine(PGconn* connection) {
  bool sent = PQenterPipelineMode(connection) == 1;
  std::vector<const Prepared*> fresh;
  for (Item& item : line_) {
    Prepared& prepared = kept_.at(item.text, [&] {
      return std::make_unique<Prepared>(
          Prepared{.name = "s" + std::to_string(++names_), .ended = &ended_});
    });
    item.prepared = &prepared;
    item.prepares =
        !prepared.is_ready && std::find(fresh.begin(), fresh.end(), &prepared) == fresh.end();
    if (item.prepares) {
      fresh.push_back(&prepared);
      sent = sent &&
             PQsendPrepare(connection, prepared.name.c_str(), item.text.c_str(), 0, nullptr) == 1;
    }
    const Parameters parameters(item.values);
    sent = sent && PQsendQueryPrepared(connection, prepared.name.c_str(), parameters.count(),
                                       parameters.texts(), nullptr, nullptr, 0) == 1;
  }
  if (!sent || PQpipelineSync(connection) != 1) {
    throw postgresFailure(connection, Refused);
  }
}

Answer PostgresPipeline::receive(PGconn* connection, std::size_t asked) {
  Answer answer;
  std::optional<Failure> failure;
  std::string first;  ///< the server's words for it: what it says before it hangs up is the cause
  std::string failed;
  const auto lost = [&](const PGresult* result) {
    return postgresFailure(connection, Refused,
                           failure ? first.c_str() : PQresultErrorMessage(result));
  };
  const auto take = [&](const Item& item) -> Result {
    Result result = nextResult(connection);
    if (result == nullptr || PQstatus(connection) != CONNECTION_OK) {
      throw lost(result.get());
    }
    if (!failure && !isGood(result.get())) {
      first = PQresultErrorMessage(result.get());
      failure = postgresFailure(connection, Refused, first.c_str());
      failed = item.text;
    }
    return result;
  };
  std::exception_ptr unreadable;
  for (const Item& item : line_) {
    if (item.prepares) {
      item.prepared->is_ready = isGood(take(item).get());
    }
    Result result = take(item);
    if (failure || unreadable) {
      continue;
    }
    item.prepared->is_readable = item.prepared->is_readable || isReadable(result.get());
    tag_ = PQcmdStatus(result.get());
    if (const bool is_asked = &item == &line_.at(asked); item.wanted || is_asked) {
      try {
        Answer one = answerOf(std::move(result), item.text);
        if (item.wanted) {
          *item.wanted = std::move(one.rows);
        } else {
          answer = std::move(one);
        }
      } catch (const Error&) {
        unreadable = std::current_exception();
        failed = item.text;
      }
    }
  }
  const Result end = nextResult(connection);
  if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(connection) != 1) {
    throw lost(nullptr);
  }
  if (!failed.empty()) {
    kept_.take(failed);
  }
  if (failure) {
    throw Failure(*failure);
  }
  if (unreadable) {
    std::rethrow_exception(unreadable);
  }
  return answer;
}

void PostgresPipeline::trim(PGconn* connection) noexcept {
  kept_.trim();
  for (const std::string& name : std::exchange(ended_, {})) {
    const Result result(PQexec(connection, ("DEALLOCATE " + name).c_str()), &PQclear);
  }
}

void PostgresPipeline::forget() noexcept {
  line_.clear();
  kept_.clear();
  ended_.clear();
}

}  // namespace reeld::db
