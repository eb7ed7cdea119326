// Money is read exactly: what has a third place, a sign or too many digits is no price.
#include "catalog/price.h"

#include "catch.h"

#include <string>
#include <utility>

using namespace reeld::catalog;

TEST_CASE("decimal numbers become minor units") {
  const std::pair<const char*, std::int64_t> table[] = {{"9.99", 999},
                                                        {"10", 1000},
                                                        {"0.01", 1},
                                                        {"0.1", 10},
                                                        {"999999.99", 99'999'999},
                                                        {"9.90", 990},
                                                        {"9.990", 999},
                                                        {"0", 0},
                                                        {"0.00", 0},
                                                        {"007.50", 750},
                                                        {"9.990000000000000000000", 999}};
  for (const auto& [text, minor] : table) {
    INFO(text);
    CHECK(parsePrice(text) == minor);
  }
}

TEST_CASE("what is no price is refused") {
  for (const std::string& text : {std::string(),
                                  std::string("-1"),
                                  std::string("+1"),
                                  std::string("9.999"),
                                  std::string("0.001"),
                                  std::string("1000000"),
                                  std::string("999999.991"),
                                  std::string("1e400"),
                                  std::string("1e99999999999"),
                                  std::string("NaN"),
                                  std::string("Infinity"),
                                  std::string("1,50"),
                                  std::string(" 1"),
                                  std::string("1 "),
                                  std::string("."),
                                  std::string(".5"),
                                  std::string("5."),
                                  std::string("1e"),
                                  std::string("1e1"),
                                  std::string("1e3"),
                                  std::string("0x10"),
                                  std::string("1e-3"),
                                  std::string("9.990000000000000001"),
                                  std::string("1.2.3"),
                                  std::string("abc"),
                                  std::string(65, '0'),
                                  std::string("1\0", 2)}) {
    INFO(text);
    CHECK_FALSE(parsePrice(text));
  }
}

TEST_CASE("minor units are printed as the shortest decimal number") {
  CHECK(printPrice(999) == "9.99");
  CHECK(printPrice(950) == "9.5");
  CHECK(printPrice(1000) == "10");
  CHECK(printPrice(1) == "0.01");
  CHECK(printPrice(10) == "0.1");
  CHECK(printPrice(MaxPriceMinor) == "999999.99");
}

TEST_CASE("every printed price reads as itself") {
  for (std::int64_t minor = 0; minor < 100'000; minor += 7) {
    CHECK(parsePrice(printPrice(minor)) == minor);
  }
}
