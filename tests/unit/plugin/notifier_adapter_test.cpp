// The port of notify over a notifier written in plain C, through a registry as the daemon has it.
#include "plugin/adapters/notifier.h"
#include "world.h"

#include <reeld/kind/notifier.h>

using namespace reeld;
using namespace reeld::test;

namespace {

notify::Notice noticeTo(const std::string& to) {
  return {.key = "key",
          .purpose = "trial",
          .from = "from@example.org",
          .to = to,
          .subject = "subject",
          .text = "text",
          .html = "html",
          .message = "message"};
}

}  // namespace

TEST_CASE("a notice reaches the plugin whole, and its answers come back as errors") {
  World world;
  world.add(tiny("courier"));
  auto& registry = world.run({{"mail", "courier", true, {}}});
  const auto notifier =
      plugin::adapters::notifier(registry.require("mail", REELD_NOTIFIER, "notifier"));
  CHECK(notifier->name() == "mail");
  CHECK_NOTHROW(notifier->send(noticeTo("ada@example.org")));
  CHECK(codeThrown([&] { notifier->send(noticeTo("invalid@example.org")); }) == ErrorCode::Invalid);
  CHECK(messageOf([&] { notifier->send(noticeTo("invalid@example.org")); }) == "no such mailbox");
  CHECK(messageOf([&] { notifier->send(noticeTo("down@example.org")); }) ==
        "plugin \"mail\": the server is down");
  try {
    notifier->send(noticeTo("down@example.org"));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Unavailable);
    CHECK(error.retryAfterMs() == 2500);
  }
  CHECK(codeThrown([&] { notifier->send(noticeTo("odd@example.org")); }) == ErrorCode::Internal);
}

TEST_CASE("a notifier that failed and is not required makes mail wait, with its reason") {
  World world;
  auto& registry = world.run({{"mail", "nowhere", false, {}}});
  const auto notifier =
      plugin::adapters::notifier(registry.require("mail", REELD_NOTIFIER, "notifier"));
  CHECK(codeThrown([&] { notifier->send(noticeTo("ada@example.org")); }) == ErrorCode::Unavailable);
}

TEST_CASE("an instance that offers another kind is no notifier") {
  World world;
  world.add(bundled("storage-disk"));
  auto& registry = world.run({{"disk", "storage-disk", true, {}}});
  CHECK(codeThrown([&] { registry.require("disk", REELD_NOTIFIER, "notifier"); }) ==
        ErrorCode::Invalid);
}
