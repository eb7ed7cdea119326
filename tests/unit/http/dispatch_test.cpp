// A request's way past the interceptors of a site, without a socket: calls are driven as the engine
// does it. Order, refusals, errors, broken connections, a reload in between, and what it allocates.
#include "http/dispatch.h"

#include "base/error.h"
#include "catch.h"
#include "fakes/allocations.h"

using namespace reeld;
using namespace reeld::http;
using reeld::test::Allocations;

namespace {

/// Keeps what it saw; does what the test says.
class Witness final : public Interceptor {
 public:
  explicit Witness(std::string name) : name_(std::move(name)) {}
  std::string_view name() const noexcept override { return name_; }
  std::size_t scratchSize() const noexcept override { return sizeof(int); }
  Verdict onRequest(Interception& at) noexcept override {
    note('>', at);
    at.setHeader("X-Seen-By", name_);
    if (refuses == 0) {
      return Verdict::Continue;
    }
    at.respond(refuses, problem, 2500);
    return Verdict::Responded;
  }
  void onResponse(Interception& at) noexcept override { note('=', at); }
  void onComplete(Interception& at) noexcept override {
    note('<', at);
    user = at.userId();
    endpoint = at.endpoint();
    group = at.group();
    is_refused = at.isRefused();
  }

  int refuses = 0;
  std::string problem = "not-today";
  std::string seen;  ///< "a>0 a=200 a<200 "
  std::string user;
  std::string endpoint;
  RouteGroup group = RouteGroup::Api;
  bool is_refused = false;
  bool quiet = false;

 private:
  void note(char phase, const Interception& at) {
    if (!quiet) {
      seen += phase + std::to_string(at.status()) + ' ';
    }
  }
  std::string name_;
};

Route routeTo(std::string pattern, std::function<Response(Exchange&)> handler) {
  Route route;
  route.pattern = std::move(pattern);
  route.access = Access::Public;
  route.handler = std::move(handler);
  return route;
}

class Rig {
 public:
  Rig() : live_value_(LiveSettings{}), live_(&live_value_) {
    Site site;
    site.name = "main";
    site.routes = {routeTo("/good", [](Exchange&) { return Response::json("{}"); }),
                   routeTo("/bad",
                           [](Exchange&) -> Response {
                             throw Error(ErrorCode::Conflict, "there is one already");
                           }),
                   routeTo("/secret/{token}", [](Exchange&) { return Response::none(204); }),
                   routeTo("/plain/{id}/{part}", [](Exchange&) { return Response::none(204); })};
    site.routes[2].secret_parameters = {"token"};
    site.routes[2].group = RouteGroup::Stream;
    site.interceptors = {{&outer}, {&inner}};
    site.identify = [](Exchange& exchange) {
      if (!exchange.header("authorization").empty()) {
        exchange.caller().user_id = 7;
      }
    };
    dispatch = std::make_unique<Dispatch>(std::move(site), live_, 1, log_, clock_);
  }

  std::unique_ptr<engine::Call> call(const std::string& target, const std::string& more = "") {
    auto made = dispatch->newCall();
    parse(*made, target, more);
    return made;
  }
  static void parse(engine::Call& call, const std::string& target, const std::string& more = "") {
    call.head.parse("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n", {});
  }
  /// From head to end; "Broken" if the connection ends before the answer is sent.
  int pass(engine::Call& call, engine::Outcome outcome = engine::Outcome::Sent) {
    if (call.onHead() == engine::Step::Collect && call.onBody() == engine::Step::Worker) {
      call.run();
    }
    const int status = call.reply.status;
    fields = call.reply.fields;
    call.completed(outcome);
    return status;
  }
  int get(const std::string& target, const std::string& more = "") {
    return pass(*call(target, more));
  }

  Witness outer{"outer"};
  Witness inner{"inner"};
  std::unique_ptr<Dispatch> dispatch;
  std::string fields;

 private:
  const Live live_value_;
  const std::atomic<const Live*> live_;
  const Log log_{LogLevel::Error};
  const SystemClock clock_;
};

}  // namespace

TEST_CASE("every request passes the onion once, whatever becomes of it") {
  const std::vector<std::pair<std::string, int>> targets = {
      {"/good", 200}, {"/bad", 409}, {"/secret/x", 204}, {"/nowhere", 404}, {"/%zz", 400}};
  for (const auto& [target, status] : targets) {
    CAPTURE(target);
    Rig rig;
    CHECK(rig.get(target) == status);
    const std::string code = std::to_string(status);
    CHECK(rig.outer.seen == ">0 =" + code + " <" + code + " ");
    CHECK(rig.inner.seen == rig.outer.seen);
    CHECK_THAT(rig.fields, ContainsSubstring("X-Seen-By: inner\r\n"));
  }
}

TEST_CASE("a connection that breaks before the handler ran completes what was begun") {
  Rig rig;
  auto call = rig.call("/good");
  CHECK(call->onHead() == engine::Step::Collect);
  call->completed(engine::Outcome::Broken);
  CHECK(rig.outer.seen == ">0 <0 ");
  CHECK(rig.inner.seen == ">0 <0 ");
}

TEST_CASE("what the engine turns away half-way is completed with its status") {
  Rig rig;
  auto call = rig.call("/good");
  CHECK(call->onHead() == engine::Step::Collect);
  call->refuse(engine::refusal::BodyTooLarge);
  call->completed(engine::Outcome::Sent);
  CHECK(rig.outer.seen == ">0 =413 <413 ");
}

TEST_CASE("a refusal has the interceptor's status and word, and goes no further") {
  Rig rig;
  rig.outer.refuses = 429;
  CHECK(rig.get("/good") == 429);
  CHECK(rig.outer.seen == ">0 =429 <429 ");
  CHECK(rig.outer.is_refused);
  CHECK(rig.inner.seen.empty());
  CHECK_THAT(rig.fields, ContainsSubstring("Retry-After: 3\r\n"));
  CHECK_THAT(rig.fields, ContainsSubstring("X-Seen-By: outer\r\n"));
  rig.outer.refuses = 0;
  CHECK(rig.get("/nowhere") == 404);
  CHECK_FALSE(rig.outer.is_refused);
}

TEST_CASE("a refusal that says nothing sensible is a fault of ours, and still a refusal") {
  for (const auto& [status, problem] :
       std::vector<std::pair<int, std::string>>{{200, "fine"}, {429, ""}, {429, "a\r\nb"}}) {
    Rig rig;
    rig.outer.refuses = status;
    rig.outer.problem = problem;
    CHECK(rig.get("/good") == 500);
    CHECK(rig.inner.seen.empty());
  }
}

TEST_CASE("an interceptor sees the user of a good credential, the group, and no secret") {
  Rig rig;
  rig.get("/secret/abc", "Authorization: Bearer x\r\n");
  CHECK(rig.outer.user == "7");
  CHECK(rig.outer.endpoint == "/secret/…");
  CHECK(rig.outer.group == RouteGroup::Stream);
  // A link mistyped into a route that expects no secret there.
  const std::string token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
  rig.get("/plain/" + token + "/7");
  CHECK(rig.outer.endpoint == "/plain/…/7");
  rig.get("/plain/a-word-of-20-letters/7");
  CHECK(rig.outer.endpoint == "/plain/a-word-of-20-letters/7");
  rig.get("/nowhere");
  CHECK(rig.outer.user.empty());
  CHECK(rig.outer.group == RouteGroup::Unmatched);
}

TEST_CASE("after a reload new requests have the new chain, those under way keep theirs") {
  Rig rig;
  auto old = rig.call("/good");
  CHECK(old->onHead() == engine::Step::Collect);
  rig.dispatch->intercept({{&rig.inner, bitOf(RouteGroup::Stream)}});
  CHECK(rig.get("/good") == 200);
  CHECK(rig.get("/secret/x") == 204);
  CHECK(rig.outer.seen == ">0 ");
  CHECK(rig.inner.seen == ">0 >0 =204 <204 ");
  CHECK(old->onBody() == engine::Step::Worker);
  old->run();
  old->completed(engine::Outcome::Sent);
  CHECK(rig.outer.seen == ">0 =200 <200 ");
  CHECK(rig.inner.seen == ">0 >0 =204 <204 =200 <200 ");
}

TEST_CASE("the chains of a route are found by its pattern and by a path") {
  const Rig rig;
  CHECK(rig.dispatch->chains("").size() == 5);
  for (const char* route : {"/secret/{token}", "/secret/x", "/secret/x/"}) {
    const auto found = rig.dispatch->chains(route);
    REQUIRE(found.size() == 1);
    CHECK(found[0].method == "GET");
    CHECK(found[0].group == RouteGroup::Stream);
    CHECK(found[0].interceptors == std::vector<std::string>{"outer", "inner"});
  }
  CHECK(rig.dispatch->chains("/nowhere").empty());
}

TEST_CASE("interceptors that set headers cost a request no allocation") {
  const auto counted = [](Rig& rig) {
    rig.outer.quiet = rig.inner.quiet = true;
    auto call = rig.call("/good");
    const auto once = [&] {
      Rig::parse(*call, "/good");
      rig.pass(*call);
    };
    once();  // buffers that are kept between requests grow here
    const Allocations allocations;
    once();
    return allocations.count();
  };
  Rig with;
  Rig without;
  without.dispatch->intercept({});
  CHECK(counted(with) == counted(without));
}
