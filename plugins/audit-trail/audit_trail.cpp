// The audit trail: a sealed record of each request, refused ones included, stored by a thread of
// its own and never on the way of a request. It keeps no body, no query, no header and no token.
#include "entry_json.h"
#include "lines.h"
#include "pages.h"
#include "reports.h"
#include "retention.h"
#include "schema.h"
#include "writer.h"

#include <rapidjson/document.h>
#include <reeld/plugin.hpp>

#include <unistd.h>

#include <array>
#include <bit>
#include <fstream>
#include <memory>
#include <sstream>

using namespace reeld::sdk;

namespace audit_trail {
namespace {

constexpr std::int64_t FlushEveryMs = 50;
constexpr std::int64_t PruneEveryMs = 60'000;
constexpr std::uint32_t ComeAgainMs = 1000;
constexpr std::int64_t MostOnPage = 200;
constexpr int ExportAtOnce = 500;
constexpr std::int64_t VerifyAtOnce = 20'000;
constexpr std::string_view Ndjson = "application/x-ndjson";

struct Config {
  std::size_t ring = 0;
  std::int64_t keep_days = 0;
};

Config configIn(std::string_view text) {
  rapidjson::Document json;
  json.Parse(text.data(), text.size());
  const auto number = [&](const char* name) {
    const auto found = json.FindMember(name);
    if (found == json.MemberEnd() || !found->value.IsInt64()) {
      throw Failure(REELD_INVALID, "must be a whole number").at("/" + std::string(name));
    }
    return found->value.GetInt64();
  };
  return {std::bit_ceil(static_cast<std::size_t>(number("ring"))), number("keep_days")};
}

std::string randomName() {
  std::array<unsigned char, 16> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0) {
    throw Failure(REELD_INTERNAL, "the system gives no random bytes");
  }
  constexpr std::string_view Digits = "0123456789abcdef";
  std::string name;
  for (const unsigned byte : bytes) {
    name += Digits[byte >> 4U];
    name += Digits[byte & 15U];
  }
  return name;
}

/// Who this daemon is among those of the site: a random name, kept in its folder.
std::string nodeIn(const std::string& folder) {
  const std::string path = folder + "/node";
  std::string node;
  std::ifstream(path) >> node;
  if (node.empty()) {
    node = randomName();
    std::ofstream file(path);
    if (!(file << node << '\n').flush()) {
      throw Failure(REELD_INTERNAL, "cannot write " + path);
    }
  }
  return node;
}

bool changes(std::string_view method) noexcept {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

class AuditTrail {
 public:
  static constexpr auto id = "org.reeld.audit-trail";
  static constexpr auto version = REELD_PLUGIN_VERSION;
  static constexpr auto name = "Audit trail";
  static constexpr auto vendor = "reeld";
  static constexpr auto license = "Apache-2.0";
  static constexpr auto methods = "GET";
  static constexpr bool at_mount_alone = true;
  static constexpr std::uint32_t max_body = 1024;
  static constexpr auto config_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "ring": {"type": "integer", "minimum": 16, "maximum": 1048576, "default": 8192,
               "description": "records that wait for the database at most; a power of two"},
      "keep_days": {"type": "integer", "minimum": 0, "maximum": 36500, "default": 365,
                    "description": "how long records are kept; 0 = for ever"}
    }
  })";

  AuditTrail(Host host, std::string_view config)
      : host_(host),
        config_(configIn(config)),
        keep_days_(config_.keep_days),
        key_(host.key("records")),
        ring_(config_.ring),
        refused_(host.counter("refused_total", "changes refused because the trail was full")) {}

  void start() {
    bringUp(host_.sql());
    writer_ = std::make_unique<Writer>(host_, ring_, key_, nodeIn(std::string(host_.dataDir())));
    retention_ = std::make_unique<Retention>(host_, key_);
    retention_->pruneAtStart(keep_days_);
    flush_ = host_.every(FlushEveryMs, [this] { writer_->flush(); });
    prune_ = host_.every(PruneEveryMs, [this] { retention_->prune(keep_days_); });
  }

  void stop(int64_t) {
    try {
      writer_->finish();
    } catch (const std::exception& error) {
      host_.error(
          "the end of the audit trail could not be stored",
          {{"reason", error.what()}, {"records", std::to_string(writer_->state().waiting)}});
    }
  }

  void reconfigure(std::string_view config) {
    const Config next = configIn(config);
    if (next.ring != config_.ring) {
      throw Failure(REELD_INVALID, "cannot change while reeld runs -> restart reeld").at("/ring");
    }
    keep_days_ = next.keep_days;
  }

  bool covers(const Route& route) const {
    return route.group() != "health" && route.group() != "media";
  }

  struct Scratch {
    bool has_credit;
  };

  int32_t onRequest(Exchange x) noexcept {
    if (!changes(x.method())) {
      return REELD_CONTINUE;
    }
    Scratch& scratch = x.scratch<Scratch>();
    scratch.has_credit = ring_.takeCredit(0);
    if (scratch.has_credit) {
      return REELD_CONTINUE;
    }
    refused_.add();
    return x.respond(503, "audit-full", ComeAgainMs);
  }

  void onComplete(const CompleteExchange& x) noexcept {
    // What changes nothing leaves a quarter of the ring to what does.
    if (!x.scratch<Scratch>().has_credit && !ring_.takeCredit(ring_.capacity() / 4)) {
      writer_->countUnrecorded();
      return;
    }
    ring_.push([&](Record& record) { fill(record, x); });
  }

  std::size_t consume(const std::vector<Event>& events) { return writer_->take(events); }

  void handle(Call, const Request& request, Reply& reply) {
    const Parameters parameters = parametersIn(request.query());
    const Filter filter(parameters);
    const auto format = parameters.find("format");
    if (format != parameters.end() && format->second != "json" && format->second != "ndjson") {
      throw Failure(REELD_INVALID, "must be json or ndjson").at("/format");
    }
    const bool wants_lines = format != parameters.end()
                                 ? format->second == "ndjson"
                                 : request.header("accept").find(Ndjson) != std::string_view::npos;
    wants_lines ? stream(filter, reply) : page(parameters, filter, reply);
  }

  std::string report(Call, std::string_view what) {
    std::istringstream words{std::string(what)};
    std::string about;
    Place place;
    words >> about >> place.boot >> place.seq;
    const Sql sql = host_.sql();
    if (about == "verify") {
      return printed(verify(sql, key_, writer_->boot(), place, VerifyAtOnce));
    }
    if (about == "export") {
      return exported(sql, place, ExportAtOnce);
    }
    if (about == "checkpoint") {
      return compared(sql, key_, what);
    }
    if (!about.empty() && about != "state") {
      throw Failure(REELD_NOT_FOUND, "there are the reports state, verify, export and checkpoint");
    }
    return printed(writer_->state(), ring_.capacity());
  }

 private:
  void page(const Parameters& parameters, const Filter& filter, Reply& reply) {
    Window window{countIn(parameters, "skip", 0), countIn(parameters, "limit", Window().limit)};
    window.limit = std::min(window.limit, MostOnPage);
    const Sql sql = host_.sql();
    const auto entries = newest(sql, filter, window);
    const std::string body = printed(entries);
    // Counted afterwards: what comes between makes it more, never less than is shown.
    const Total all = total(sql, filter);
    const std::string count = std::to_string(all.count);
    const bool is_full = static_cast<std::int64_t>(entries.size()) == window.limit;
    const std::string links = linksOf(window, all, is_full, filter);
    if (links.empty()) {
      reply.send(200, "application/json", body, {{"X-Total-Count", count}});
    } else {
      reply.send(200, "application/json", body, {{"X-Total-Count", count}, {"Link", links}});
    }
  }

  static std::string linksOf(const Window& window, const Total& all, bool is_full,
                             const Filter& filter) {
    std::string links;
    const auto add = [&](const char* relation, std::int64_t skip) {
      links += (links.empty() ? "<?skip=" : ", <?skip=") + std::to_string(skip) +
               "&limit=" + std::to_string(window.limit) + (filter.link().empty() ? "" : "&") +
               filter.link() + ">; rel=\"" + relation + "\"";
    };
    if (window.limit == 0) {
      return links;
    }
    add("first", 0);
    if (window.skip > 0) {
      add("prev", std::max<std::int64_t>(0, window.skip - window.limit));
    }
    // Where counting ended early, whatever may come is one page on.
    if (window.skip < all.count - window.limit || (is_full && !all.is_exact)) {
      add("next", window.skip + window.limit);
    }
    if (all.is_exact) {
      add("last", all.count > 0 ? (all.count - 1) / window.limit * window.limit : 0);
    }
    return links;
  }

  void stream(const Filter& filter, Reply& reply) {
    reply.begin(200, Ndjson);
    auto lines = std::make_unique<Lines>(host_.sql(), filter);
    lines->write(reply) ? reply.endWith(std::move(lines)) : reply.end();
  }

  const Host host_;
  const Config config_;
  std::atomic<std::int64_t> keep_days_;
  const MacKey key_;
  Ring ring_;
  const Metric refused_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Retention> retention_;
  Task flush_;
  Task prune_;
};

}  // namespace
}  // namespace audit_trail

using audit_trail::AuditTrail;
REELD_PLUGIN(AuditTrail)
