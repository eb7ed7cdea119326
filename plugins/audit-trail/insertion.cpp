// Through the C table, with views of what the entries hold: the wrapper would copy every value once
// more, and that was a third of what storing costs.
#include "insertion.h"

#include <array>
#include <charconv>
#include <string>

namespace audit_trail {

namespace {

/// Several rows in one statement: on PostgreSQL each statement is a way there and back.
constexpr std::array<std::size_t, 4> RowsAtOnce = {128, 32, 8, 1};

/// What nearly every record leaves empty is left out of the statement for those: each value is
/// bound by a call.
enum class Shape : std::size_t { Request, Event };
constexpr const char* RequestColumns =
    "boot, seq, at, user_id, action, method, endpoint, ip_address, status, request_id, "
    "duration_us, "
    "count, prev, mac";
constexpr std::size_t RequestColumnCount = 14;

Shape shapeOf(const Entry& entry) noexcept {
  return entry.resource || entry.detail || entry.event_id ? Shape::Event : Shape::Request;
}

std::string insertOf(Shape shape, std::size_t rows) {
  const bool is_event = shape == Shape::Event;
  const std::size_t columns = is_event ? Entry::ColumnCount : RequestColumnCount;
  std::string sql = "INSERT INTO audit_records (" +
                    (is_event ? std::string(Entry::Columns) : RequestColumns) + ") VALUES ";
  for (std::size_t i = 0; i < rows * columns; ++i) {
    sql += i % columns == 0 ? (i == 0 ? "($" : "), ($") : ", $";
    sql += std::to_string(i + 1);
  }
  return sql + ")";
}

const std::string& insertFor(Shape shape, std::size_t place) {
  static const auto texts = [] {
    std::array<std::array<std::string, RowsAtOnce.size()>, 2> made;
    for (const Shape each : {Shape::Request, Shape::Event}) {
      for (std::size_t i = 0; i < RowsAtOnce.size(); ++i) {
        made[static_cast<std::size_t>(each)][i] = insertOf(each, RowsAtOnce[i]);
      }
    }
    return made;
  }();
  return texts[static_cast<std::size_t>(shape)][place];
}

/// The parameters of one statement, in the order of its columns.
class Values {
 public:
  Values() {
    views_.reserve(RowsAtOnce[0] * Entry::ColumnCount);
    digits_.resize(RowsAtOnce[0] * Entry::ColumnCount * Longest);
  }
  void clear() noexcept {
    views_.clear();
    used_ = 0;
  }
  void add(const Entry& entry, Shape shape) {
    const bool is_event = shape == Shape::Event;
    number(entry.boot);
    number(entry.seq);
    number(entry.at);
    entry.user_id ? number(*entry.user_id) : nothing();
    text(entry.action);
    if (is_event) {
      maybe(entry.resource);
    }
    text(entry.method);
    text(entry.endpoint);
    text(entry.ip_address);
    number(entry.status);
    text(entry.request_id);
    number(entry.duration_us);
    number(entry.count);
    if (is_event) {
      maybe(entry.detail);
      maybe(entry.event_id);
    }
    text(entry.prev);
    text(entry.mac);
  }
  const std::vector<reeld_str>& views() const noexcept { return views_; }

 private:
  static constexpr std::size_t Longest = 20;  ///< digits and sign of a number

  void text(std::string_view value) { views_.push_back(reeld::sdk::abi(value)); }
  void nothing() { views_.push_back({nullptr, 0}); }
  void maybe(const SqlValue& value) { value ? text(*value) : nothing(); }
  void number(std::int64_t value) {
    char* const begin = digits_.data() + used_;
    const auto end = std::to_chars(begin, begin + Longest, value).ptr;
    used_ += Longest;
    text({begin, static_cast<std::size_t>(end - begin)});
  }

  std::vector<reeld_str> views_;
  std::vector<char> digits_;  ///< what views of numbers point to
  std::size_t used_ = 0;
};

void insertAll(const reeld::sdk::Host& host, Shape shape, const std::vector<const Entry*>& entries,
               Values& values) {
  const auto* table = host.service<reeld_host_sql>(REELD_HOST_SQL);
  std::size_t at = 0;
  for (std::size_t place = 0; place < RowsAtOnce.size(); ++place) {
    const std::string& sql = insertFor(shape, place);
    while (entries.size() - at >= RowsAtOnce[place]) {
      values.clear();
      for (const std::size_t end = at + RowsAtOnce[place]; at < end; ++at) {
        values.add(*entries[at], shape);
      }
      reeld_error error{};
      error.struct_size = sizeof error;
      reeld::sdk::require(
          table->execute(host.raw(), nullptr, reeld::sdk::abi(sql), values.views().data(),
                         values.views().size(), nullptr, &error),
          error);
    }
  }
}

}  // namespace

void insert(const reeld::sdk::Host& host, const std::vector<Entry>& batch) {
  std::array<std::vector<const Entry*>, 2> by_shape;
  for (const Entry& entry : batch) {
    by_shape[static_cast<std::size_t>(shapeOf(entry))].push_back(&entry);
  }
  Values values;
  for (const Shape shape : {Shape::Request, Shape::Event}) {
    insertAll(host, shape, by_shape[static_cast<std::size_t>(shape)], values);
  }
}

}  // namespace audit_trail
