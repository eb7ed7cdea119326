// A small real server over core/http, for what concerns the engine alone: echo in every lane, an
// upload that counts and hashes, files from a folder. Options are name=value words; it prints
// "port=N admin=M" and ends on SIGTERM after a drain.
#include "base/crypto.h"
#include "base/error.h"
#include "base/json.h"
#include "http/file_cache.h"
#include "http/server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace {

using namespace reeld;
using namespace reeld::http;

/// The words of the command line: idle=500 workers=2 dir=/tmp/x cors=http://a.example
class Words {
 public:
  Words(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      const auto equals = word.find('=');
      words_[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
    }
  }
  std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = words_.find(name);
    return found == words_.end() ? otherwise : found->second;
  }
  long number(const std::string& name, long otherwise) const {
    const auto found = words_.find(name);
    return found == words_.end() ? otherwise : std::stol(found->second);
  }

 private:
  std::map<std::string, std::string> words_;
};

/// Counts what came, and what was cut: GET /uploads tells.
struct UploadBook {
  std::atomic<int> open{0};
  std::atomic<int> finished{0};
  std::atomic<int> cut{0};
};

class CountingSink final : public BodySink {
 public:
  CountingSink(UploadBook& book, std::int64_t fail_after) : book_(book), fail_after_(fail_after) {
    ++book_.open;
  }
  ~CountingSink() override {
    --book_.open;
    if (!finished_) {
      ++book_.cut;
    }
  }
  void write(std::span<const char> piece) override {
    bytes_ += static_cast<std::int64_t>(piece.size());
    for (const char c : piece) {
      sum_ = sum_ * 31 + static_cast<unsigned char>(c);
    }
    if (fail_after_ >= 0 && bytes_ > fail_after_) {
      throw Error(ErrorCode::Exhausted, "no space left on device").reason("storage-full");
    }
  }
  Response finish() override {
    finished_ = true;
    ++book_.finished;
    JsonWriter out;
    out.beginObject().member("bytes", bytes_).member("sum", std::to_string(sum_)).endObject();
    return Response::json(out.take(), 201);
  }

 private:
  UploadBook& book_;
  std::int64_t fail_after_;
  std::int64_t bytes_ = 0;
  std::uint32_t sum_ = 0;
  bool finished_ = false;
};

/// Counts whose turn came and who was completed; refuses what asks for it.
class Watcher final : public Interceptor {
 public:
  std::string_view name() const noexcept override { return "watcher"; }
  std::size_t scratchSize() const noexcept override { return 8; }
  Verdict onRequest(Interception& at) noexcept override {
    ++begun;
    at.scratch()[0] = std::byte{1};
    if (at.exchange().header("x-block") != "1") {
      return Verdict::Continue;
    }
    at.respond(429, "rate-limited", 1500);
    return Verdict::Responded;
  }
  void onResponse(Interception& at) noexcept override {
    ++responded;
    at.setHeader("X-Watched", std::to_string(at.status()));
  }
  void onComplete(Interception& at) noexcept override {
    completed += at.scratch()[0] == std::byte{1} ? 1 : 1000;
  }
  std::atomic<int> begun{0};
  std::atomic<int> responded{0};
  std::atomic<int> completed{0};
};

Response echo(Exchange& exchange) {
  JsonWriter out;
  out.beginObject().member("method", methodName(exchange.method())).member("path", exchange.path());
  out.member("query", exchange.query())
      .member("host", exchange.host())
      .member("peer", exchange.peer());
  out.member("scheme", exchange.scheme()).member("type", exchange.contentType());
  out.member("body", exchange.body()).member("test", exchange.header("x-test")).endObject();
  return Response::json(out.take());
}

Response sleepy(Exchange& exchange) {
  const auto ms = exchange.queryValue("ms");
  std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(ms.value_or("100"))));
  return Response::json("{\"slept\":true}");
}

Route route(Method method, std::string pattern, Lane lane,
            std::function<Response(Exchange&)> handler) {
  Route made;
  made.method = method;
  made.pattern = std::move(pattern);
  made.lane = lane;
  made.access = Access::Public;
  made.handler = std::move(handler);
  return made;
}

Route inlined(std::string pattern, std::function<std::optional<Response>(Exchange&)> handler) {
  Route made = route(Method::Get, std::move(pattern), Lane::Inline, nullptr);
  made.inline_handler = std::move(handler);
  return made;
}

Route fileRoute(FileCache& cache, const std::string& folder, const HmacKey& key) {
  const auto open = [folder](const std::string& name) {
    const int fd = ::open((folder + "/" + name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
      throw Error(ErrorCode::NotFound, "no such file");
    }
    return fd;
  };
  // The grant is an HMAC over the name, checked on every request as the media route does it.
  const auto check = [&key](Exchange& exchange) {
    const std::string_view grant = exchange.routeParameter("grant");
    if (grant == "open") {
      return;
    }
    const auto mac = key.mac(exchange.routeParameter("name"));
    std::array<std::uint8_t, 32> given{};
    if (fromBase64Url(grant, given) != 32 ||
        !equalInConstantTime({reinterpret_cast<const char*>(mac.data()), mac.size()},
                             {reinterpret_cast<const char*>(given.data()), given.size()})) {
      throw Error(ErrorCode::Denied, "this grant is not valid").reason("grant-invalid");
    }
  };
  const auto answer = [](std::shared_ptr<const OpenFile> file) {
    Response response = Response::file(std::move(file), "video/mp2t");
    response.header("Cache-Control", "private, max-age=31536000, immutable");
    return response;
  };
  Route made = inlined("/file/{grant}/{name}", [&cache, check, answer](Exchange& exchange) {
    check(exchange);
    auto file = cache.find(exchange.routeParameter("name"));
    return file ? std::optional(answer(std::move(file))) : std::nullopt;
  });
  made.secret_parameters = {"grant"};
  made.handler = [&cache, check, answer, open](Exchange& exchange) {
    check(exchange);
    const std::string name(exchange.routeParameter("name"));
    return answer(cache.load(name, [&] { return open(name); }));
  };
  return made;
}

Routes routes(const Words& words, UploadBook& book, FileCache& cache, const HmacKey& key) {
  Routes all;
  all.push_back(
      inlined("/health", [](Exchange&) { return Response::json("{\"status\":\"healthy\"}"); }));
  all.push_back(
      inlined("/deferred", [](Exchange&) -> std::optional<Response> { return std::nullopt; }));
  all.back().handler = echo;
  all.push_back(route(Method::Get, "/echo", Lane::Worker, echo));
  all.push_back(route(Method::Post, "/echo", Lane::Worker, echo));
  all.push_back(route(Method::Put, "/echo", Lane::Worker, echo));
  all.push_back(route(Method::Post, "/api/v1/echo", Lane::Worker, echo));
  all.push_back(route(Method::Post, "/api/echo", Lane::Worker, echo));
  all.push_back(route(Method::Get, "/items/{id}", Lane::Worker, echo));
  all.push_back(route(Method::Post, "/hash", Lane::Hash, {}));
  all.back().prepare = [](Exchange& exchange) -> Prepared {
    if (exchange.queryValue("refused")) {
      throw Error(ErrorCode::Invalid, "not worth a hash");
    }
    return exchange.queryValue("answered") ? Prepared(Response::json("{}")) : Prepared(sleepy);
  };
  all.push_back(route(Method::Get, "/sleep", Lane::Worker, sleepy));
  all.push_back(route(Method::Get, "/throw", Lane::Worker,
                      [](Exchange&) -> Response { throw std::runtime_error("secret inside"); }));
  all.push_back(route(Method::Get, "/split", Lane::Worker, [](Exchange& exchange) {
    Response response = Response::json("{}");
    response.header("X-Split", exchange.queryValue("value").value_or(""));
    return response;
  }));
  all.push_back(route(Method::Get, "/big", Lane::Worker, [](Exchange& exchange) {
    const auto size = exchange.queryValue("size");
    return Response::text(std::string(std::stoul(size.value_or("1000000")), 'x'), "text/plain");
  }));
  all.push_back(inlined("/uploads", [&book](Exchange&) {
    JsonWriter out;
    out.beginObject().member("open", book.open.load()).member("finished", book.finished.load());
    out.member("cut", book.cut.load()).endObject();
    return Response::json(out.take());
  }));
  Route upload = route(Method::Put, "/upload", Lane::Upload, nullptr);
  upload.begin_upload = [&book](Exchange& exchange, std::int64_t length) {
    if (exchange.header("x-refuse") == "1") {
      throw Error(ErrorCode::Denied, "this upload is not wanted");
    }
    if (length > 1'000'000'000) {
      throw Error(ErrorCode::Invalid, "too large").reason("too-large");
    }
    const std::string_view fail = exchange.header("x-fail-after");
    std::int64_t fail_after = -1;
    std::from_chars(fail.data(), fail.data() + fail.size(), fail_after);
    return std::make_unique<CountingSink>(book, fail_after);
  };
  all.push_back(std::move(upload));
  all.push_back(fileRoute(cache, words.text("dir", "/nonexistent"), key));
  return all;
}

engine::Options options(const Words& words) {
  engine::Options made;
  made.loops = static_cast<unsigned>(words.number("loops", 0));
  made.workers = static_cast<unsigned>(words.number("workers", 8));
  made.worker_queue = static_cast<std::size_t>(words.number("worker_queue", 1024));
  made.hash_queue = static_cast<std::size_t>(words.number("hash_queue", 32));
  made.max_connections = static_cast<std::size_t>(words.number("connections", 16384));
  made.max_uploads = static_cast<std::size_t>(words.number("uploads", 1024));
  made.burst = static_cast<std::size_t>(words.number("burst", 1024 * 1024));
  made.send_buffer = static_cast<std::size_t>(words.number("send_buffer", 0));
  made.head_timeout = std::chrono::milliseconds(words.number("head", 10'000));
  made.idle_timeout = std::chrono::milliseconds(words.number("idle", 60'000));
  made.write_timeout = std::chrono::milliseconds(words.number("write", 30'000));
  made.body_window = std::chrono::milliseconds(words.number("window", 10'000));
  return made;
}

int serve(const Words& words) {
  sigset_t signals;
  sigfillset(&signals);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  initCrypto();
  const SystemClock clock;
  const Log log(words.text("log", "") == "debug" ? LogLevel::Debug : LogLevel::Warning);
  Metrics metrics;
  FileCache cache(64, clock);
  UploadBook book;
  Watcher watcher;
  const HmacKey key("0123456789abcdef0123456789abcdef");
  LiveSettings live;
  if (!words.text("cors", "").empty()) {
    live.cors_origins = {words.text("cors", "")};
  }
  if (!words.text("proxy", "").empty()) {
    live.trusted_proxies = {words.text("proxy", "")};
  }
  Site main;
  main.name = "main";
  main.listen = {words.text("listen", "127.0.0.1:0")};
  main.routes = routes(words, book, cache, key);
  main.interceptors = {{.interceptor = &watcher}};
  Site admin;
  admin.name = "admin";
  admin.listen = {"127.0.0.1:0"};
  admin.routes.push_back(route(Method::Get, "/metrics", Lane::Worker, [&metrics](Exchange&) {
    return Response::text(metrics.text(), "text/plain; version=0.0.4");
  }));
  admin.routes.push_back(route(Method::Get, "/watcher", Lane::Worker, [&watcher](Exchange&) {
    JsonWriter out;
    out.beginObject().member("begun", watcher.begun.load());
    out.member("responded", watcher.responded.load());
    out.member("completed", watcher.completed.load()).endObject();
    return Response::json(out.take());
  }));
  std::vector<Site> sites;
  sites.push_back(std::move(main));
  sites.push_back(std::move(admin));
  Server server(options(words), live, std::move(sites), log, metrics, clock);
  server.start();
  std::printf("port=%u admin=%u grant=%s\n", server.port("main"), server.port("admin"),
              toBase64Url([&] {
                const auto mac = key.mac("segment.ts");
                return std::string(reinterpret_cast<const char*>(mac.data()), mac.size());
              }())
                  .c_str());
  std::fflush(stdout);
  int signal = 0;
  do {
    sigwait(&signals, &signal);
  } while (signal != SIGTERM && signal != SIGINT);
  server.beginDrain(std::chrono::milliseconds(words.number("drain", 5'000)));
  server.join();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return serve(Words(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "http-echo: %s\n", error.what());
    return 1;
  }
}
