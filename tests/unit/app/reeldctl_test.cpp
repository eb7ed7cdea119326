// reeldctl against a control socket whose answers the test gives: what it asks, prints and ends
// with.
#include "app/control/server.h"
#include "app/reeldctl/context.h"
#include "base/guarded.h"
#include "catch.h"
#include "fixtures.h"

#include <sstream>

using namespace reeld;
using namespace reeld::app;

namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

using Answers = std::map<std::string, std::string>;

/// A daemon that answers every command from a table, and remembers what it was asked.
class Site {
 public:
  explicit Site(Answers answers) {
    control::Commands commands;
    for (const auto& [name, answer] : answers) {
      commands.push_back({name, [this, given = answer](control::Request& request) {
                            asked_.with([&](std::string& asked) { asked = request.args().dump(); });
                            return Json::parse(given);
                          }});
    }
    server_ =
        std::make_unique<control::Server>(folder.file("ctl"), std::move(commands), lines_.log);
  }
  Outcome run(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), {"--socket", folder.file("ctl")});
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int code = reeldctl::run(arguments, {in, out, err});
    return {code, out.str(), err.str()};
  }
  std::string asked() const {
    return asked_.with([](const std::string& asked) { return asked; });
  }
  Folder folder;

 private:
  MemoryLog lines_;
  Guarded<std::string> asked_;
  std::unique_ptr<control::Server> server_;
};

Outcome runAlone(const std::vector<std::string>& arguments) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code = reeldctl::run(arguments, {in, out, err});
  return {code, out.str(), err.str()};
}

}  // namespace

TEST_CASE("status is a page for people, or JSON, and says by its exit code whether all is well") {
  const std::string status =
      R"({"version":"0.1.0","pid":7,"uptime_seconds":93784,"ready":true,"roles":["api","worker"],)"
      R"("listen":"127.0.0.1:8470","admin_listen":"127.0.0.1:8471","data_dir":"/d","database":"SQLite",)"
      R"("jobs":{"available":2,"running":1},"checks":[{"name":"database","ok":true,"message":""}],)"
      R"("waiting_for_restart":["http.listen"]})";
  const Site site(Answers{{"status", status}});
  const Outcome page = site.run({"status"});
  CHECK(page.code == 0);
  CHECK(page.out ==
        "reeld 0.1.0, process 7, up 1 d 2 h: ready\n"
        "  roles      api, worker\n"
        "  listens    127.0.0.1:8470\n"
        "  admin      127.0.0.1:8471\n"
        "  data       /d\n"
        "  database   SQLite\n"
        "  jobs       2 available, 1 running\n"
        "  ok         database\n"
        "  restart    needed for http.listen\n");
  CHECK(Json::parse(site.run({"status", "--json"}).out).dump() == Json::parse(status).dump());

  const Site ill(Answers{
      {"status",
       R"({"ready":false,"checks":[{"name":"database","ok":false,"message":"away\u001b[2J"}]})"}});
  const Outcome refused = ill.run({"status"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.out, ContainsSubstring("NOT READY"));
  CHECK_THAT(refused.out, ContainsSubstring("  FAILS      database: away\\x1b[2J\n"));
}

TEST_CASE("users are made, listed and raised") {
  const Site site(Answers{
      {"user create", R"({"id":1,"email":"a@b","role":"ADMIN","password":"secret"})"},
      {"user list", R"({"total":4,"users":[{"id":12,"email":"a@b","role":"ADMIN","is_active":true,)"
                    R"("awaits_activation":false,"created_at":1763637163000},)"
                    R"({"id":4,"email":"new@example.org","role":"VIEWER","is_active":true,)"
                    R"("awaits_activation":true,"created_at":0},)"
                    R"({"id":3,"email":"viewer@example.org","role":"VIEWER","is_active":false,)"
                    R"("awaits_activation":true,"created_at":0}]})"},
      {"user role", R"({"id":3,"email":"a@b","role":"CREATOR"})"}});
  CHECK(site.run({"user", "create", "--admin", "a@b"}).out ==
        "made ADMIN a@b, id 1\npassword: secret\n");
  CHECK(site.asked() == R"({"email":"a@b","role":"ADMIN"})");
  site.run({"user", "create", "a@b", "--password-file", "-"}, "from stdin\n");
  CHECK(site.asked() == R"({"email":"a@b","role":"VIEWER","password":"from stdin"})");
  CHECK(site.run({"user", "list"}).out ==
        "ID  EMAIL               ROLE    ACTIVE   CREATED\n"
        "12  a@b                 ADMIN   yes      2025-11-20 11:12:43\n"
        " 4  new@example.org     VIEWER  not yet  1970-01-01 00:00:00\n"
        " 3  viewer@example.org  VIEWER  no       1970-01-01 00:00:00\n"
        "... and 1 more (--limit)\n");
  const Json listed = Json::parse(site.run({"user", "list", "--json"}).out);
  CHECK(listed.array().size() == 3);
  CHECK(listed.array().at(1).find("awaits_activation")->boolean());
  CHECK(site.run({"user", "role", "a@b", "CREATOR"}).out == "a@b (id 3) is CREATOR now\n");
}

TEST_CASE("a video is added as an open file, and its fate is the exit code") {
  const Site site(Answers{{"video add", R"({"id":4,"state":"FAILED","hint":"this is no video"})"}});
  site.folder.write("My clip.mp4", "x");
  const Outcome outcome = site.run({"video", "add", site.folder.file("My clip.mp4"), "--creator",
                                    "a@b", "--price", "9.99", "--wait"});
  CHECK(outcome.code == 1);
  CHECK(outcome.out == "video 4: FAILED: this is no video\n");
  CHECK(
      site.asked() ==
      R"({"title":"My clip","file_name":"My clip.mp4","wait":true,"creator":"a@b","price":"9.99"})");
  CHECK_THAT(site.run({"video", "add", site.folder.path()}).err,
             ContainsSubstring("is no regular file"));
  CHECK_THAT(site.run({"video", "add", "/no/such"}).err, ContainsSubstring("No such file"));
}

TEST_CASE("a file replaces another, and its fate is the exit code once it is waited for") {
  const std::string kept = R"({"id":4,"state":"READY","hint":"this is no video"})";
  const Site site(Answers{{"video replace", kept}});
  site.folder.write("new.mp4", "x");
  const Outcome waited = site.run({"video", "replace", "4", site.folder.file("new.mp4"), "--wait"});
  CHECK(waited.code == 1);
  CHECK(waited.out == "video 4: READY: this is no video\n");
  CHECK(site.asked() == R"({"id":4,"file_name":"new.mp4","wait":true})");
  CHECK(site.run({"video", "replace", "4", site.folder.file("new.mp4")}).code == 0);
  CHECK(site.run({"video", "replace", "4"}).code == 2);
  CHECK(site.run({"video", "replace", "x", site.folder.file("new.mp4")}).code == 2);
  CHECK(site.run({"video", "replace", "4", site.folder.file("none.mp4")}).code == 1);
}

TEST_CASE("a poster is given as a file, or taken away") {
  const Site site(
      Answers{{"video poster", R"({"id":4,"title":"T","has_poster":true,"has_own_poster":true})"}});
  site.folder.write("a.png", "x");
  CHECK(site.run({"video", "poster", "4", site.folder.file("a.png")}).out ==
        "video 4 \"T\": shows a poster of its own\n");
  CHECK(site.asked() == R"({"id":4,"clear":false})");
  CHECK(site.run({"video", "poster", "4", "--clear"}).code == 0);
  CHECK(site.asked() == R"({"id":4,"clear":true})");
  const Outcome neither = site.run({"video", "poster", "4"});
  CHECK(neither.code == 2);
  CHECK_THAT(neither.err, ContainsSubstring("FILE or --clear is missing"));
  CHECK(site.run({"video", "poster", "4", site.folder.file("a.png"), "--clear"}).code == 2);
  const Site made(Answers{{"video poster", R"({"id":4,"title":"T","has_poster":true})"}});
  CHECK_THAT(made.run({"video", "poster", "4", "--clear"}).out,
             ContainsSubstring("shows the poster that was made of it"));
  const Site none(Answers{{"video poster", R"({"id":4,"title":"T","has_poster":false})"}});
  CHECK_THAT(none.run({"video", "poster", "4", "--clear"}).out, ContainsSubstring("has no poster"));
}

TEST_CASE("videos, jobs and plugins are tables; what is no number is a dash") {
  const Site site(Answers{
      {"video list",
       R"({"total":2,"videos":[{"id":1,"state":"READY","duration_ms":17400,"creator_id":2,"category":"drama",)"
       R"("is_paid":true,"price_minor":950,"created_at":1763637163000,"updated_at":1763637223000,"title":"T"},)"
       R"({"id":2,"state":"FAILED","duration_ms":null,"creator_id":2,"category":"drama","is_paid":false,)"
       R"("price_minor":null,"created_at":0,"updated_at":0,"title":"äbcdefghijklmnopqrstuvwxyzäbcdefghijklmnopqr",)"
       R"("cause":"no stream"}]})"},
      {"video why",
       R"({"id":1,"title":"T","state":"READY","playable":true,"steps":["source 3: 10 bytes"]})"},
      {"video verify", R"({"id":1,"ok":false,"problems":["480p has no segment 3"]})"},
      {"job list",
       R"({"jobs":[{"id":5,"kind":"encode","video_id":null,"state":"discarded","attempt":5,"max_attempts":5,)"
       R"("progress_permille":420,"created_at":0,"last_error":"died\nagain"}]})"},
      {"job retry", R"({"id":5,"state":"available"})"},
      {"plugins list",
       R"([{"name":"disk","id":"org.reeld.disk","version":"1.0.0","abi":"1.0","kinds":["storage"],)"
       R"("state":"started","reason":"","calls":18000,"errors":3,"p99_us":41000}])"},
      {"plugins report", R"([{"caller":"user 7","used":3},{"caller":"192.0.2.7","used":20}])"},
      {"plugins chain", R"([{"method":"GET","route":"/a","group":"api","interceptors":["x","y"]},)"
                        R"({"method":"any","route":"","group":"unmatched","interceptors":[]}])"},
      {"plugins check", R"({"ok":false,"text":"plugin \"x\" (x.so): bad\n -> mend it"})"}});
  CHECK(
      site.run({"video", "list"}).out ==
      "ID  STATE   SECONDS  CREATOR  PAID  CREATED              UPDATED              CATEGORY  "
      "TITLE                                     WHY FAILED\n"
      " 1  READY        17        2  9.50  2025-11-20 11:12:43  2025-11-20 11:13:43  drama     T\n"
      " 2  FAILED        -        2     -  1970-01-01 00:00:00  1970-01-01 00:00:00  drama     "
      "äbcdefghijklmnopqrstuvwxyzäbcdefghijklm…  no stream\n");
  CHECK(site.run({"video", "why", "1"}).out ==
        "video 1 \"T\": READY, playable\n"
        "  source 3: 10 bytes\n");
  const Site first(Answers{{"video list", R"({"total":9,"videos":[{"id":1,"state":"READY"}]})"}});
  CHECK_THAT(first.run({"video", "list", "--skip", "3"}).out, ContainsSubstring("... and 5 more"));
  const Outcome verified = site.run({"video", "verify", "1"});
  CHECK(verified.code == 1);
  CHECK(verified.out == "video 1: 480p has no segment 3\n");
  CHECK(site.run({"job", "list"}).out ==
        "ID  KIND    VIDEO  STATE      TRY  DONE  CREATED              LAST ERROR\n"
        " 5  encode      -  discarded  5/5   42%  1970-01-01 00:00:00  died\\x0aagain\n");
  CHECK(site.run({"job", "retry", "5"}).out == "job 5 is available again\n");
  CHECK(site.run({"plugins", "list"}).out ==
        "NAME  PLUGIN          VERSION  ABI  KINDS    STATE    CALLS  ERR  P99\n"
        "disk  org.reeld.disk    1.0.0  1.0  storage  started  18 k     3  41 ms\n");
  CHECK(site.run({"plugins", "report", "rate-limit", "busiest"}).out ==
        "CALLER     USED\n"
        "user 7        3\n"
        "192.0.2.7    20\n");
  CHECK(site.asked() == R"({"name":"rate-limit","what":"busiest"})");
  CHECK(site.run({"plugins", "report"}).code == 2);
  CHECK(site.run({"plugins", "chain", "/a"}).out ==
        "METHOD  ROUTE       GROUP      INTERCEPTORS, OUTERMOST FIRST\n"
        "GET     /a          api        x > y\n"
        "any     (no route)  unmatched  -\n");
  CHECK(site.asked() == R"({"route":"/a"})");
  const Outcome checked = site.run({"plugins", "check", "x"});
  CHECK(checked.code == 1);
  CHECK(checked.out == "plugin \"x\" (x.so): bad\n -> mend it\n");
}

TEST_CASE("a video is listed by what is asked, changed, tried again and purged") {
  const Site site(Answers{
      {"video list", R"({"total":0,"videos":[]})"},
      {"video edit", R"({"id":7,"title":"T","state":"READY"})"},
      {"video reprocess", R"({"id":7,"title":"T","state":"READY","reprocessing":true})"},
      {"video delete", R"({"id":7,"title":"T","state":"READY","deleted_at":1})"},
      {"video restore", R"({"id":7,"title":"T","state":"READY","deleted_at":null})"},
      {"video purge", R"({"id":7,"purged":true})"},
      {"storage scan",
       R"({"objects":3,"bytes":30,"orphans":1,"orphan_bytes":10,"removed":0,"missing":0,"foreign":0,)"
       R"("orphan_keys":["videos/1/sources/x"],"missing_keys":[],"foreign_keys":[]})"}});
  site.run({"video", "list", "--q", "big", "--state", "FAILED", "--deleted", "--sort", "-title"});
  CHECK_THAT(site.asked(), ContainsSubstring(R"("sort":"-title")"));
  CHECK_THAT(site.asked(), ContainsSubstring(R"("q":"big")"));
  CHECK_THAT(site.asked(), ContainsSubstring(R"("deleted":true)"));
  site.run({"video", "list", "--paid", "--skip", "20"});
  CHECK_THAT(site.asked(), ContainsSubstring(R"("paid":true,"free":false)"));
  CHECK_THAT(site.asked(), ContainsSubstring(R"("skip":20)"));
  CHECK(site.run({"video", "list", "--skip", "few"}).code == 2);
  CHECK(site.run({"video", "edit", "7", "--title", "T", "--price", "free"}).out ==
        "video 7 \"T\": READY\n");
  CHECK(site.asked() == R"({"id":7,"title":"T","price":"free"})");
  CHECK(site.run({"video", "edit", "7"}).code == 2);
  CHECK(site.run({"video", "reprocess", "7"}).out == "video 7 \"T\": READY, being made anew\n");
  CHECK(site.run({"video", "delete", "7"}).out == "video 7 \"T\": READY, deleted\n");
  CHECK(site.run({"video", "restore", "7"}).out == "video 7 \"T\": READY\n");
  CHECK(site.asked() == R"({"id":7})");
  CHECK(site.run({"video", "purge", "7", "--force"}).code == 0);
  CHECK(site.asked() == R"({"id":7,"force":true})");
  const Outcome scanned = site.run({"storage", "scan"});
  CHECK(scanned.code == 1);
  CHECK(scanned.out ==
        "no row names videos/1/sources/x\n"
        "3 objects, 30 bytes; 1 that no row names (10 bytes, 0 removed), 0 missing, 0 not "
        "reeld's\n");
}

TEST_CASE("mails are listed, tried again, and tried out") {
  const Site site(Answers{
      {"mail list",
       R"({"mails":[{"id":2,"purpose":"activation","user_id":7,"email":"ada@example.org","state":"waiting",)"
       R"("attempt":3,"run_at":1763637163000,"created_at":0,"finished_at":null,"last_error":"451 \u001b[31m"},)"
       R"({"id":1,"purpose":"trial","user_id":7,"email":"ada@example.org","state":"sent","attempt":1,)"
       R"("run_at":0,"created_at":0,"finished_at":5,"last_error":""}]})"},
      {"mail retry", R"({"id":2,"state":"waiting"})"},
      {"mail test", R"({"id":3,"email":"ada@example.org"})"}});
  CHECK(site.run({"mail", "list"}).out ==
        "ID  PURPOSE     TO               STATE    TRY  NEXT TRY             CREATED              "
        "LAST ERROR\n"
        " 2  activation  ada@example.org  waiting    3  2025-11-20 11:12:43  1970-01-01 00:00:00  "
        "451 \\x1b[31m\n"
        " 1  trial       ada@example.org  sent       1  -                    1970-01-01 "
        "00:00:00\n");
  site.run({"mail", "list", "--state", "discarded", "--limit", "5"});
  CHECK(site.asked() == R"({"limit":5,"state":"discarded"})");
  CHECK(site.run({"mail", "retry", "2"}).out == "mail 2 is tried again now\n");
  CHECK(site.run({"mail", "test", "7"}).out ==
        "mail 3 to ada@example.org is on its way; reeldctl mail list shows what becomes of it\n");
  CHECK(site.asked() == R"({"user":"7"})");
}

TEST_CASE("the configuration is checked by the daemon, or by itself when there is none") {
  const Site site(
      Answers{{"config check", R"({"ok":false,"faults":["reeld.yaml:1:1: /x: unknown key"]})"},
              {"config print", R"({"text":"roles: []\n","settings":[{"key":"roles"}]})"}});
  const Outcome checked = site.run({"config", "check"});
  CHECK(checked.code == 78);
  CHECK(checked.out == "reeld.yaml:1:1: /x: unknown key\n");
  CHECK(site.run({"config", "print"}).out == "roles: []\n");
  CHECK(site.run({"config", "print", "--json"}).out == "[{\"key\":\"roles\"}]\n");

  const Folder alone;
  alone.write("reeld.yaml", "data_dir: " + alone.path() + "\nlog: {levle: info}\n");
  const Outcome files = runAlone({"config", "check", "--config", alone.file("reeld.yaml")});
  CHECK(files.code == 78);
  CHECK_THAT(files.out, ContainsSubstring(
                            "reeld.yaml:2:7: /log/levle: unknown key (did you mean \"level\"?)"));
  CHECK_THAT(files.err, ContainsSubstring("looking at the files alone"));
  const std::string how = "says `reeld --check-config --config " + alone.file("reeld.yaml") + "`";
  CHECK_THAT(files.err, ContainsSubstring(how));
  CHECK_THAT(runAlone({"plugins", "check", "--config", alone.file("reeld.yaml")}).err,
             ContainsSubstring(how));
  const Outcome elsewhere = runAlone({"config", "check", "--data-dir", alone.path()});
  CHECK(elsewhere.code == 75);
  CHECK_THAT(elsewhere.err, ContainsSubstring("says `reeld --check-config`"));
}

TEST_CASE("what is wrong with the command line is said, with exit code 2") {
  const Site site(Answers{{"status", "{}"}});
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows = {
      {{"statsu"},
       "reeldctl: unknown command \"statsu\" (did you mean \"status\"?); see reeldctl --help\n"},
      {{"user", "creat", "a"}, "one of:\n"},
      {{"job", "retry", "x"},
       "reeldctl job retry: ID must be a whole number from 1 on (got \"x\")\n"},
      {{"job", "retry"}, "reeldctl job retry: ID is missing\n"},
      {{"status", "now"}, "reeldctl status: unexpected operand \"now\"\n"},
      {{"status", "--jsno"}, "reeldctl status: unknown option --jsno (did you mean \"--json\"?)\n"},
      {{"user", "create", "a", "--admin", "--role", "ADMIN"},
       "reeldctl user create: --admin and --role do not go together\n"},
  };
  for (const auto& [arguments, message] : rows) {
    const Outcome outcome = site.run(arguments);
    CAPTURE(message);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, StartsWith(message));
    CHECK(outcome.out.empty());
  }
  CHECK(runAlone({}).code == 2);
}

TEST_CASE("a daemon that is not there is exit code 75 and named by its socket") {
  const Folder folder;
  const Outcome outcome = runAlone({"--data-dir", folder.path(), "status"});
  CHECK(outcome.code == 75);
  CHECK_THAT(outcome.err, ContainsSubstring("no reeld listens at " + folder.file("reeldctl.sock")));
}

TEST_CASE("every subcommand explains itself") {
  CHECK_THAT(runAlone({"--help"}).out, ContainsSubstring("user create EMAIL"));
  const Outcome help = runAlone({"user", "create", "--help"});
  CHECK(help.code == 0);
  CHECK_THAT(help.out, StartsWith("usage: reeldctl user create EMAIL [options]"));
  CHECK_THAT(help.out, ContainsSubstring("--password-file FILE"));
  CHECK(runAlone({"user", "--help"}).code == 0);
  // Also behind the options that may stand in front.
  for (const std::vector<std::string>& front :
       {std::vector<std::string>{"--socket", "/nowhere"}, {"--socket=/nowhere"}, {"--json"}}) {
    for (const std::string last : {"--help", "help", "--version"}) {
      auto arguments = front;
      arguments.push_back(last);
      const Outcome outcome = runAlone(arguments);
      CAPTURE(front, last);
      CHECK(outcome.code == 0);
      CHECK(outcome.err.empty());
      CHECK_THAT(outcome.out,
                 ContainsSubstring(last == "--version" ? "reeldctl " : "user create EMAIL"));
    }
    const Outcome nothing = runAlone(front);
    CHECK(nothing.code == 2);
    CHECK_THAT(nothing.err, ContainsSubstring("user create EMAIL"));
  }
  CHECK(runAlone({"--socket", "--help"}).code == 2);  // the name of a socket
  CHECK_THAT(runAlone({"--version"}).out, StartsWith("reeldctl "));
}
