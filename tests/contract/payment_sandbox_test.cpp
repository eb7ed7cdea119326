// The sandbox: settles, declines, thinks and tells as it is configured, and remembers.
#include "base/crypto.h"
#include "payment_held.h"

using namespace reeld;
using namespace reeld::test;

namespace {

constexpr const char* PaymentsPlugin = "payment-sandbox";
constexpr const char* Secret = "a secret that signs webhooks";

std::string signature(const std::string& body, std::int64_t at,
                      const std::string& secret = Secret) {
  const std::string time = std::to_string(at);
  return "t=" + time + ",v1=" + toHex(HmacKey(secret).mac(time + "." + body));
}

std::string body(const std::string& type = "payment.paid") {
  return R"({"id":"evt_1","type":")" + type +
         R"(","order_id":"o1","ref":"sb_o1","amount_minor":999,"currency":"EUR","time_ms":7})";
}

struct Signed : PaymentHeld {
  Signed() : PaymentHeld(PaymentsPlugin, std::string(R"({"webhook_secret":")") + Secret + "\"}") {}
  std::unique_ptr<HeldAnswer> send(const std::string& text, std::int64_t offset = 0) {
    return webhook("Sandbox-Signature", signature(text, ::time(nullptr) + offset), text);
  }
};

}  // namespace

TEST_CASE("the sandbox pays at once, and gives back once") {
  PaymentHeld held(PaymentsPlugin);
  const auto paid = held.charge("o1", 999);
  REQUIRE(paid->events.size() == 1);
  CHECK(paid->events[0].type == REELD_PAID);
  const std::string ref = paid->events[0].ref;
  CHECK(held.refund(ref, "r", 998)->status == REELD_NOT_FOUND);
  CHECK(held.refund("other", "r", 999)->status == REELD_NOT_FOUND);
  CHECK(held.refund(ref, "r", 999)->status == REELD_OK);
  CHECK(held.refund(ref, "r", 999)->status == REELD_OK);
  const auto told = held.lookup("o1");
  REQUIRE(told->events.size() == 2);
  CHECK(told->events[0] == paid->events[0]);
  CHECK(told->events[1].type == REELD_REFUNDED);
}

TEST_CASE("the sandbox knows its charges after it was killed") {
  const Folder folder;
  std::string event;
  {
    PaymentHeld held(PaymentsPlugin, "{}", folder.path);
    event = held.charge("o1", 999)->events.at(0).id;
    held.kill();
  }
  PaymentHeld held(PaymentsPlugin, "{}", folder.path);
  CHECK(held.lookup("o1")->events.at(0).id == event);
  CHECK(held.charge("o1", 999)->events.at(0).id == event);
}

TEST_CASE("the sandbox declines all, or the amounts it is told to") {
  PaymentHeld all(PaymentsPlugin, R"({"outcome":"decline"})");
  CHECK(all.charge("o1", 999)->status == REELD_DENIED);
  CHECK(all.lookup("o1")->events.at(0).type == REELD_PAY_FAILED);
  PaymentHeld some(PaymentsPlugin, R"({"declined_minor":[1313]})");
  CHECK(some.charge("o1", 1313)->status == REELD_DENIED);
  CHECK(some.charge("o2", 1312)->status == REELD_OK);
  CHECK(some.refund("sb_o1", "r", 1313)->status == REELD_NOT_FOUND);
}

TEST_CASE("the sandbox sends to a checkout that is paid when it is told") {
  PaymentHeld held(PaymentsPlugin, R"({"outcome":"checkout","pay_after_ms":60000})");
  const auto begun = held.charge("o1", 999);
  CHECK(begun->events.empty());
  REQUIRE(begun->checkout);
  CHECK(begun->checkout->second.starts_with("https://"));
  CHECK(held.lookup("o1")->status == REELD_OK);
  CHECK(held.lookup("o1")->events.empty());
  PaymentHeld soon(PaymentsPlugin, R"({"outcome":"checkout"})");
  CHECK(soon.charge("o1", 999)->events.empty());
  CHECK(soon.lookup("o1")->events.at(0).type == REELD_PAID);
}

TEST_CASE("a sandbox that is down answers nothing, one that thinks gives up in time") {
  PaymentHeld down(PaymentsPlugin, R"({"down":true})");
  CHECK(down.charge("o1", 999)->status == REELD_UNAVAILABLE);
  CHECK(down.lookup("o1")->status == REELD_UNAVAILABLE);
  PaymentHeld slow(PaymentsPlugin, R"({"delay_ms":60000})");
  CHECK(slow.charge("o1", 999, "", 100)->status == REELD_TIMEOUT);
  CHECK(slow.lookup("o1")->events.at(0).type == REELD_PAID);
}

TEST_CASE("a webhook is verified by its raw body, its secret and its time") {
  Signed held;
  const auto good = held.send(body());
  CHECK(good->status == REELD_OK);
  CHECK(good->events == std::vector<HeldEvent>{{REELD_PAID, "evt_1", "o1", "sb_o1", "EUR", 999}});
  CHECK(held.send(body(), -299)->status == REELD_OK);
  CHECK(held.send(body(), -302)->status == REELD_DENIED);
  CHECK(held.send(body(), 302)->status == REELD_DENIED);
  const std::string right = signature(body(), ::time(nullptr));
  for (const std::string& wrong :
       {std::string(), std::string("t="), std::string("v1=0"), right + "0",
        right.substr(0, right.size() - 1), signature(body(), ::time(nullptr), "another secret"),
        signature(body() + " ", ::time(nullptr)), "t=+" + right.substr(2), right + ",v1=0"}) {
    CAPTURE(wrong);
    CHECK(held.webhook("Sandbox-Signature", wrong, body())->status == REELD_DENIED);
  }
  CHECK(held.webhook("sandbox-signature", right, body())->status == REELD_OK);
  CHECK(held.webhook("another-header", right, body())->status == REELD_DENIED);
}

TEST_CASE("a signed body of an unknown kind is nothing, one that lacks something is invalid") {
  Signed held;
  CHECK(held.send(R"({"type":"customer.created"})")->status == REELD_OK);
  CHECK(held.send(body("payment.refunded"))->events.at(0).type == REELD_REFUNDED);
  for (const char* bad : {"", "x", "[]", "{}", R"({"type":"payment.paid"})", R"({"type":1})",
                          R"({"type":"payment.paid","id":"e","order_id":"o","ref":"r",)"
                          R"("amount_minor":9.99,"currency":"EUR","time_ms":1})"}) {
    CAPTURE(bad);
    const auto answer = held.send(bad);
    CHECK(answer->status == REELD_INVALID);
    CHECK(answer->events.empty());
  }
}

TEST_CASE("the sandbox refuses an address of webhooks that is none") {
  for (const char* url : {"https://site.example/x", "http://site.example/x", "http://:1/x", "x"}) {
    CAPTURE(url);
    PaymentHeld held(PaymentsPlugin, std::string(R"({"webhook_url":")") + url + "\"}");
    CHECK(held.status == REELD_INVALID);
    CHECK_THAT(std::string(held.error.pointer), ContainsSubstring("/webhook_url"));
  }
}
