// Times as databases write them.
#include "base/iso_time.h"

#include "catch.h"

using namespace reeld;

TEST_CASE("a time is read with and without fraction and zone") {
  const EpochMs at = 1'795'167'189'000;  // 2026-11-20T09:33:09Z
  CHECK(parseIsoTime("2026-11-20T09:33:09Z") == at);
  CHECK(parseIsoTime("2026-11-20T09:33:09") == at);
  CHECK(parseIsoTime("2026-11-20 09:33:09.546437+00") == at + 546);
  CHECK(parseIsoTime("2026-11-20T09:33:09.5") == at + 500);
  CHECK(parseIsoTime("2026-11-20T09:33:09.05Z") == at + 50);
  CHECK(parseIsoTime("2026-11-20T10:33:09+01:00") == at);
  CHECK(parseIsoTime("2026-11-20T10:33:09+0100") == at);
  CHECK(parseIsoTime("2026-11-20 04:03:09-05:30") == at);
  CHECK(parseIsoTime("1970-01-01") == 0);
  CHECK(parseIsoTime("2024-02-29T00:00:00") == 1'709'164'800'000);
}

TEST_CASE("what is no time is none") {
  for (const char* text : {"",
                           "x",
                           "2026",
                           "2026-11-20T",
                           "2026-11-20T09:33",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-11-31",
                           "20261120",
                           "2026-11-20T24:00:00",
                           "2026-11-20T09:60:00",
                           "2026-11-20T09:33:09.",
                           "2026-11-20T09:33:09 Z",
                           "2026-11-20T09:33:09+1",
                           "2026-11-20T09:33:09+01:0",
                           "2026-11-20T09:33:09ZZ",
                           "1969-12-31T23:59:59",
                           " 2026-11-20",
                           "2026-11-20T09:33:09.1234567890",
                           "1795167189"}) {
    CAPTURE(text);
    CHECK(parseIsoTime(text) == std::nullopt);
  }
}
