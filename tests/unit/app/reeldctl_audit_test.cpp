// reeldctl audit against a control socket whose answers the test gives, piece after piece.
#include "app/control/server.h"
#include "app/reeldctl/context.h"
#include "base/guarded.h"
#include "catch.h"
#include "fixtures.h"

#include <deque>
#include <sstream>

using namespace reeld;
using namespace reeld::app;

namespace {

struct AuditOutcome {
  int code = 0;
  std::string out;
};

/// A daemon whose trail answers with these pieces, one for each question.
class Trail {
 public:
  explicit Trail(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {
    server_ = std::make_unique<control::Server>(
        folder_.file("ctl"),
        control::Commands{{"plugins report",
                           [this](control::Request& request) {
                             asked_.with([&](std::string& asked) {
                               asked += request.text("name") + ": " + request.text("what") + "\n";
                             });
                             const std::string next = pieces_.front();
                             pieces_.pop_front();
                             return Json::parse(next);
                           }}},
        lines_.log);
  }
  AuditOutcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--socket", folder_.file("ctl")});
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    const int code = reeldctl::run(arguments, {in, out, err});
    return {code, out.str()};
  }
  std::string asked() const {
    return asked_.with([](const std::string& asked) { return asked; });
  }

 private:
  Folder folder_;
  MemoryLog lines_;
  std::deque<std::string> pieces_;
  Guarded<std::string> asked_;
  std::unique_ptr<control::Server> server_;
};

const char* const Sound =
    R"({"records":20000,"findings":[],"notes":[],"maybe_missing":0,"unanchored":3,"next":"1 20000"})";

}  // namespace

TEST_CASE("audit verify goes on until the trail is at its end, and sums up") {
  const Trail trail(
      {Sound,
       R"({"records":7,"findings":[],"notes":["boot 1 did not end in order"],"maybe_missing":64,)"
       R"("unanchored":1,"next":null})"});
  const auto outcome = trail.run({"audit", "verify"});
  CHECK(outcome.code == 0);
  CHECK(
      outcome.out ==
      "boot 1 did not end in order\n"
      "20007 records, all as they were written; up to 64 requests may be missing; 4 are newer than "
      "the last checkpoint\n");
  CHECK(trail.asked() == "audit: verify\naudit: verify 1 20000\n");
}

TEST_CASE("audit verify names what it found and ends with 1") {
  const std::string piece =
      R"({"records":9,"findings":[{"boot":1,"seq":7,"what":"changed","text":"record 10000000007 is )"
      R"(not as it was written"}],"notes":[],"maybe_missing":0,"unanchored":0,"next":null})";
  const Trail trail({piece, piece});
  const auto outcome = trail.run({"audit", "verify", "--instance", "other"});
  CHECK(outcome.code == 1);
  CHECK(outcome.out == "record 10000000007 is not as it was written\n9 records, 1 finding\n");
  CHECK(trail.asked() == "other: verify\n");
  const auto json = trail.run({"audit", "verify", "--json"});
  CHECK(json.code == 1);
  CHECK(Json::parse(json.out).find("findings")->array().size() == 1);
}

TEST_CASE("audit verify --checkpoint asks for what the journal says") {
  const Trail trail({R"({"ok":true,"text":"the record is as the checkpoint says"})",
                     R"({"ok":false,"text":"record 10000000007 is missing"})"});
  CHECK(trail.run({"audit", "verify", "--checkpoint", "1:7:seal"}).code == 0);
  const auto outcome = trail.run({"audit", "verify", "--checkpoint", "1:7:seal"});
  CHECK(outcome.code == 1);
  CHECK(outcome.out == "record 10000000007 is missing\n");
  CHECK(trail.asked() == "audit: checkpoint 1 7 seal\naudit: checkpoint 1 7 seal\n");
}

TEST_CASE("audit export prints every record as a line") {
  const Trail trail({R"({"records":[{"id":10000000001},{"id":10000000002}],"next":"1 2"})",
                     R"({"records":[],"next":null})"});
  const auto outcome = trail.run({"audit", "export"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "{\"id\":10000000001}\n{\"id\":10000000002}\n");
}
