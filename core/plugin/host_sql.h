// reeld.host.sql/1: tables of one instance. SQLite: a file and connections of its own in the
// instance's folder. PostgreSQL: a small pool of its own whose search_path is the schema
// plugin_<instance>. Opened when the plugin first asks for the service. The separation is a
// convention between parties that trust each other, not a wall.
#pragma once
#include "base/guarded.h"
#include "db/database.h"
#include "plugin/host.h"

#include <memory>
#include <thread>
#include <unordered_map>

namespace reeld::plugin {

/// The same database for the instance as for the core: a file beside it, or a schema in it.
db::DatabaseOptions instanceDatabase(const db::DatabaseOptions& core, const std::string& instance,
                                     const std::string& data_dir);
/// "plugin_<instance>", '-' as '_'.
std::string schemaOf(const std::string& instance);

class HostSql {
 public:
  HostSql(Host& host, const db::DatabaseOptions& core, Log& log, Metrics& metrics);
  ~HostSql();
  HostSql(const HostSql&) = delete;
  HostSql& operator=(const HostSql&) = delete;

 private:
  using Values = std::vector<db::Value>;

  static HostSql& of(const reeld_host* host) { return Host::of<HostSql>(host, Service::Sql); }
  static reeld_str dialect(const reeld_host* host);
  static reeld_status execute(const reeld_host*, const reeld_call*, reeld_str sql,
                              const reeld_str* params, std::size_t count, const reeld_row_sink*,
                              reeld_error*);
  static reeld_status executeMany(const reeld_host*, const reeld_call*, reeld_str sql,
                                  const reeld_str* rows, std::size_t columns, std::size_t count,
                                  reeld_error*);
  static reeld_status transact(const reeld_host*, const reeld_call*, reeld_status (*body)(void*),
                               void* ctx, reeld_error*);
  static reeld_status query(const reeld_host*, const reeld_call*, reeld_str sql,
                            const reeld_str* params, std::size_t count, const reeld_row_sink*,
                            reeld_error*);
  void open();
  db::Session* runningHere();
  /// In the running transaction of this thread, or in one of its own.
  void inTransaction(const std::function<void(db::Session&)>& body);

  const std::string instance_;
  const db::DatabaseOptions options_;
  Log& log_;
  Metrics& metrics_;
  std::unique_ptr<db::Database> database_;
  Guarded<std::unordered_map<std::thread::id, db::Session*>> running_;
  reeld_host_sql table_{};
};

}  // namespace reeld::plugin
