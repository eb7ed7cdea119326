// The memory of pages that all viewers read alike: fresh, bounded, void after a change.
#include "api/shared_pages.h"

#include "catch.h"
#include "fakes/fixed_clock.h"

#include <thread>

using namespace reeld;
using api::SharedPages;

namespace {

std::string textOf(const std::optional<http::Response>& page) {
  return page ? *std::get<http::SharedText>(page->body) : "nothing";
}

http::Response pageOf(std::string text) {
  auto page = http::Response::json(std::move(text));
  page.header("X-Total-Count", "7");
  return page;
}

}  // namespace

TEST_CASE("a page is remembered for half a second, by its query alone, headers included") {
  test::FixedClock clock;
  SharedPages pages(clock);
  CHECK_FALSE(pages.find("limit=5"));
  const auto sent = pages.keep("limit=5", pages.now(), pageOf("[1]"));
  CHECK(textOf(sent) == "[1]");
  CHECK(textOf(pages.find("limit=5")) == "[1]");
  CHECK(pages.find("limit=5")->headers.at(0).value == "7");
  CHECK_FALSE(pages.find("limit=6"));
  clock.advance(SharedPages::FreshMs - 1);
  CHECK(pages.find("limit=5"));
  clock.advance(1);
  CHECK_FALSE(pages.find("limit=5"));
}

TEST_CASE("a change voids what was read before it, also what was being read") {
  test::FixedClock clock;
  SharedPages pages(clock);
  pages.keep("", pages.now(), pageOf("[1]"));
  const auto before = pages.now();
  pages.forget();
  CHECK_FALSE(pages.find(""));
  pages.keep("", before, pageOf("[1]"));
  CHECK_FALSE(pages.find(""));
  pages.keep("", pages.now(), pageOf("[2]"));
  CHECK(textOf(pages.find("")) == "[2]");
}

TEST_CASE("the memory is bounded in pages, their size and their queries") {
  test::FixedClock clock;
  SharedPages pages(clock);
  const std::string big(256 * 1024 + 1, 'x');
  CHECK(std::get<std::string>(pages.keep("big", pages.now(), pageOf(big)).body) == big);
  CHECK_FALSE(pages.find("big"));
  const std::string query(257, 'q');
  pages.keep(query, pages.now(), pageOf("[]"));
  CHECK_FALSE(pages.find(query));
  int remembered = 0;
  for (int i = 0; i < 1000; ++i) {
    pages.keep(std::to_string(i), pages.now(), pageOf("[]"));
  }
  for (int i = 0; i < 1000; ++i) {
    remembered += pages.find(std::to_string(i)) ? 1 : 0;
  }
  CHECK(remembered > 0);
  CHECK(remembered <= 64);
}

TEST_CASE("many threads read and change at once, and nobody sees a page of before his own change") {
  test::FixedClock clock;
  SharedPages pages(clock);
  std::atomic<int> truth{0};
  std::atomic<bool> stale{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, writes = i == 0] {
      for (int n = 0; n < 2000; ++n) {
        if (writes) {
          ++truth;
          pages.forget();
        }
        const int least = truth;
        const auto known = pages.find("");
        if (known && writes && std::stoi(textOf(known)) < least) {
          stale = true;
        }
        if (!known) {
          const auto moment = pages.now();
          pages.keep("", moment, pageOf(std::to_string(truth)));
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK_FALSE(stale);
}
