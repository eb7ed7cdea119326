// Values cross as text; a transaction is known by its thread.
#include "plugin/host_sql.h"

#include <time.h>

#include <algorithm>

namespace reeld::plugin {
namespace {

constexpr int PoolSize = 4;

/// The body of transact() said no: roll back, and hand its own status on.
class RolledBack : public std::exception {
 public:
  explicit RolledBack(reeld_status status) : status_(status) {}
  reeld_status status() const noexcept { return status_; }

 private:
  reeld_status status_;
};

void requireTime(const reeld_call* call) {
  if (call == nullptr) {
    return;
  }
  if (reeld_cancelled(call) != 0) {
    throw Error(ErrorCode::Cancelled, "the call was cancelled");
  }
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (call->deadline_ms != 0 &&
      std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 >= call->deadline_ms) {
    throw Error(ErrorCode::Timeout, "the deadline of the call has passed");
  }
}

std::vector<db::Value> values(const reeld_str* texts, std::size_t count) {
  std::vector<db::Value> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (texts[i].data == nullptr) {
      out.emplace_back();
    } else {
      out.emplace_back(std::in_place_type<std::string>, view(texts[i]));
    }
  }
  return out;
}

void deliver(const db::Rows& rows, const reeld_row_sink* sink) {
  for (const db::Row& row : rows) {
    std::vector<std::string> texts(row.size());
    std::vector<reeld_str> columns(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const db::Cell value = row.cell(i);
      if (const auto* text = std::get_if<std::string_view>(&value)) {
        columns[i] = abi(*text);
      } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        texts[i] = std::to_string(*number);
        columns[i] = abi(texts[i]);
      }  // else SQL NULL, which {NULL, 0} is
    }
    if (sink->row(sink->ctx, columns.data(), columns.size()) == 0) {
      return;
    }
  }
}

}  // namespace

std::string schemaOf(const std::string& instance) {
  std::string schema = "plugin_" + instance;
  std::replace(schema.begin(), schema.end(), '-', '_');
  return schema;
}

db::DatabaseOptions instanceDatabase(const db::DatabaseOptions& core, const std::string& instance,
                                     const std::string& data_dir) {
  db::DatabaseOptions options = core;
  options.data_dir = data_dir;
  options.pool = PoolSize;
  if (core.url.starts_with("sqlite:")) {
    options.url = "sqlite:instance.db";
  } else {
    // Fixed when a session connects, so no statement of the plugin has to name its schema.
    options.url += options.url.find('?') == std::string::npos ? '?' : '&';
    options.url += "options=-csearch_path%3D" + schemaOf(instance);
  }
  return options;
}

HostSql::HostSql(Host& host, const db::DatabaseOptions& core, Log& log, Metrics& metrics)
    : instance_(host.instance()),
      options_(instanceDatabase(core, host.instance(), host.dataDir())),
      log_(log),
      metrics_(metrics) {
  table_.struct_size = sizeof table_;
  table_.dialect = &HostSql::dialect;
  table_.execute = &HostSql::execute;
  table_.execute_many = &HostSql::executeMany;
  table_.transact = &HostSql::transact;
  table_.query = &HostSql::query;
  host.join(Service::Sql, REELD_HOST_SQL, &table_, this, [this] {
    open();
    return true;
  });
}

HostSql::~HostSql() = default;

void HostSql::open() {
  if (database_ != nullptr) {
    return;
  }
  try {
    auto database = db::Database::open(options_, log_, metrics_);
    if (database->dialect() == db::Dialect::Postgres) {
      // The name has no character that would need quoting inside the quotes. IF NOT EXISTS alone
      // fails where two daemons create it at once.
      const std::string schema = schemaOf(instance_);
      const std::string create = "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"";
      database->changeSchema([&](db::Session& session) {
        session.script(create);
        const auto rows = session.queryText(
            "SELECT CASE WHEN has_schema_privilege('" + schema + "', 'CREATE') THEN 1 ELSE 0 END",
            {});
        if (!rows.at(0).flag(0)) {
          throw Error(ErrorCode::Denied,
                      "the schema " + schema + " belongs to another: ALTER SCHEMA \"" + schema +
                          "\" OWNER TO the user of database.url, and its tables");
        }
      });
    }
    database_ = std::move(database);
  } catch (const Error& error) {
    log_.error("an instance gets no database", {{"instance", instance_}, {"reason", error.what()}});
    throw;
  }
}

db::Session* HostSql::runningHere() {
  const auto self = std::this_thread::get_id();
  return running_.with([&](auto& running) {
    const auto found = running.find(self);
    return found == running.end() ? nullptr : found->second;
  });
}

void HostSql::inTransaction(const std::function<void(db::Session&)>& body) {
  if (db::Session* const session = runningHere()) {
    body(*session);
  } else {
    database_->transact(body);
  }
}

reeld_str HostSql::dialect(const reeld_host* host) {
  return abi(of(host).database_->dialect() == db::Dialect::Sqlite ? "sqlite" : "postgresql");
}

reeld_status HostSql::execute(const reeld_host* host, const reeld_call* call, reeld_str sql,
                              const reeld_str* params, std::size_t count,
                              const reeld_row_sink* sink, reeld_error* error) {
  return guarded(error, [&] {
    requireTime(call);
    const auto run = [&](db::Session& session) {
      return session.queryText(std::string(view(sql)), values(params, count));
    };
    db::Session* const running = of(host).runningHere();
    const db::Rows rows = running != nullptr ? run(*running) : of(host).database_->transactOne(run);
    if (sink != nullptr && sink->row != nullptr) {
      deliver(rows, sink);
    }
  });
}

reeld_status HostSql::query(const reeld_host* host, const reeld_call* call, reeld_str sql,
                            const reeld_str* params, std::size_t count, const reeld_row_sink* sink,
                            reeld_error* error) {
  HostSql& self = of(host);
  if (self.runningHere() != nullptr) {
    return execute(host, call, sql, params, count, sink, error);
  }
  return guarded(error, [&] {
    requireTime(call);
    const db::Rows rows = self.database_->read([&](db::Session& session) {
      return session.queryText(std::string(view(sql)), values(params, count));
    });
    if (sink != nullptr && sink->row != nullptr) {
      deliver(rows, sink);
    }
  });
}

reeld_status HostSql::executeMany(const reeld_host* host, const reeld_call* call, reeld_str sql,
                                  const reeld_str* rows, std::size_t columns, std::size_t count,
                                  reeld_error* error) {
  return guarded(error, [&] {
    requireTime(call);
    of(host).inTransaction([&](db::Session& session) {
      for (std::size_t i = 0; i < count; ++i) {
        session.queryText(std::string(view(sql)), values(rows + i * columns, columns));
      }
    });
  });
}

reeld_status HostSql::transact(const reeld_host* host, const reeld_call* call,
                               reeld_status (*body)(void*), void* ctx, reeld_error* error) {
  HostSql& sql = of(host);
  const auto self = std::this_thread::get_id();
  if (sql.running_.with([&](auto& running) { return running.contains(self); })) {
    return say(error, ErrorCode::Invalid, "transact() does not nest");
  }
  reeld_status refused = REELD_OK;
  const reeld_status status = guarded(error, [&] {
    requireTime(call);
    try {
      sql.database_->transact([&](db::Session& session) {
        sql.running_.with([&](auto& running) { running[self] = &session; });
        const reeld_status answer = body(ctx);
        sql.running_.with([&](auto& running) { running.erase(self); });
        if (answer != REELD_OK) {
          throw RolledBack(answer);
        }
      });
    } catch (const RolledBack& rolled_back) {
      refused = rolled_back.status();
    }
  });
  return refused != REELD_OK ? refused : status;
}

}  // namespace reeld::plugin
