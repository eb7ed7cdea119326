// JSON in and out, above all what must be refused: what is parsed here ends in SQL.
#include "base/json.h"

#include "base/error.h"
#include "catch.h"

#include <limits>
#include <string>
#include <string_view>

using namespace reeld;
using namespace std::string_literals;

namespace {
/// The message of the refusal, or "" if the text was taken.
std::string refusal(std::string_view text) {
  try {
    Json::parse(text);
    return {};
  } catch (const Error& error) {
    return error.code() == ErrorCode::Invalid ? error.what() : "wrong code";
  }
}
}  // namespace

TEST_CASE("a document comes back as it went in") {
  const std::string text =
      R"({"id":7,"price":9.99,"title":"a \"b\" \\ ü 😀","tags":[true,false,null,[]],"empty":{}})";
  CHECK(Json::parse(text).dump() == text);
}

TEST_CASE("members keep the order of the document") {
  const Json json = Json::parse(R"({"z":1,"a":2,"m":3})");
  CHECK(json.object()[0].first == "z");
  CHECK(json.object()[2].first == "m");
}

TEST_CASE("integers of 64 bits are exact and larger ones are no integers") {
  CHECK(Json::parse("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
  CHECK(Json::parse("-9223372036854775808").integer() == std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(Json::parse("9223372036854775808").isInteger());
  CHECK(Json::parse("9223372036854775808").isNumber());
}

TEST_CASE("a member can be found, added and replaced") {
  Json json;
  json.set("a", 1);
  json.set("b", "x");
  json.set("a", 2);
  CHECK(json.dump() == R"({"a":2,"b":"x"})");
  CHECK(json.find("c") == nullptr);
  CHECK(Json(3).find("a") == nullptr);
}

TEST_CASE("a value of the wrong type is refused with the type that was expected") {
  CHECK_THROWS_WITH(Json::parse("1").text(), "must be a string");
  CHECK_THROWS_WITH(Json::parse("1.5").integer(), "must be an integer");
  CHECK_THROWS_WITH(Json::parse("\"1\"").number(), "must be a number");
  CHECK_THROWS_WITH(Json::parse("1").boolean(), "must be true or false");
  CHECK_THROWS_WITH(Json::parse("{}").array(), "must be an array");
  CHECK_THROWS_WITH(Json::parse("[]").object(), "must be an object");
}

TEST_CASE("text that is not JSON is refused with the place") {
  for (const std::string_view text :
       {"",          " ",   "{",    "}",           "[1,]",    "{\"a\":1,}", "{a:1}",     "{'a':1}",
        "[1 2]",     "01",  "+1",   ".5",          "1.",      "1e",         "0x10",      "NaN",
        "Infinity",  "-",   "tru",  "nul",         "\"a",     "\"\t\"",     "\"\\x41\"", "// c\n1",
        "/* c */ 1", "1 2", "{} x", "[\"\\u12\"]", "{\"a\"}", "{1:2}",      "{\"a\":}",  "\v1"}) {
    CAPTURE(text);
    CHECK_THAT(refusal(text), ContainsSubstring("not valid JSON"));
    if (!text.empty()) {
      CHECK_THAT(refusal(text), ContainsSubstring("at byte"));
    }
  }
}

TEST_CASE("a number beyond a double is refused rather than infinite") {
  CHECK_FALSE(refusal("1e400").empty());
  CHECK_FALSE(refusal("-1e400").empty());
  CHECK(refusal("1e308").empty());
}

TEST_CASE("NUL is refused raw, escaped and in keys") {
  CHECK_THAT(refusal("\"a\0b\""s), ContainsSubstring("NUL"));
  CHECK_THAT(refusal(R"({"a":"x\u0000y"})"), ContainsSubstring("NUL"));
  CHECK_THAT(refusal(R"({"a\u0000":1})"), ContainsSubstring("NUL"));
  CHECK_FALSE(refusal("1\0"s).empty());
}

TEST_CASE("a key twice in one object is refused, in two objects it is not") {
  CHECK_THAT(refusal(R"({"a":1,"b":2,"a":3})"), ContainsSubstring("duplicate key \"a\""));
  CHECK_THAT(refusal(R"({"a":1,"\u0061":3})"), ContainsSubstring("duplicate key"));
  CHECK(refusal(R"({"a":{"a":1}})").empty());
}

TEST_CASE("only valid UTF-8 gets in") {
  for (const std::string_view bytes :
       {"\xff", "\xc0\x80", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80",
        "\xf8\x88\x80\x80\x80"}) {
    CAPTURE(bytes);
    CHECK_FALSE(refusal("\"" + std::string(bytes) + "\"").empty());
    CHECK_FALSE(refusal("{\"" + std::string(bytes) + "\":1}").empty());
  }
  CHECK(refusal("\"\xf0\x9f\x98\x80\"").empty());
}

TEST_CASE("half a surrogate pair is refused, a whole one is one character") {
  CHECK_FALSE(refusal(R"("\ud83d")").empty());
  CHECK_FALSE(refusal(R"("\ude00")").empty());
  CHECK_FALSE(refusal(R"("\ud83dx")").empty());
  CHECK(Json::parse(R"("\ud83d\ude00")").text() == "\xf0\x9f\x98\x80");
}

TEST_CASE("nesting ends at 64, however deep the text goes") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(refusal(nested(64)).empty());
  CHECK_THAT(refusal(nested(65)), ContainsSubstring("nested deeper than 64"));
  CHECK_FALSE(refusal(std::string(1'000'000, '[')).empty());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) {
    objects += "{\"a\":";
  }
  CHECK_THAT(refusal(objects), ContainsSubstring("nested deeper than 64"));
}

TEST_CASE("the writer escapes what JSON must escape") {
  JsonWriter out;
  out.beginObject().member(std::string("a\"b"), std::string("x\n\t\x01\\/\"\0y", 9)).endObject();
  CHECK(out.view() == R"({"a\"b":"x\n\t\u0001\\/\"\u0000y"})");
}

TEST_CASE("the writer finds what it must escape at every place of a text of every length") {
  for (std::size_t size = 0; size < 30; ++size) {
    const std::string plain =
        std::string("\xc3\xa4 plain text, \x7f of two words and more").substr(0, size);
    JsonWriter out;
    out.beginArray().value(plain).endArray();
    CHECK(out.view() == "[\"" + plain + "\"]");
    for (std::size_t at = 0; at < size; ++at) {
      for (const auto& [c, escaped] :
           {std::pair('"', "\\\""), {'\\', "\\\\"}, {'\n', "\\n"}, {'\x1f', "\\u001F"}}) {
        std::string text = plain;
        text[at] = c;
        JsonWriter one;
        one.beginObject().member(text, text).endObject();
        const std::string printed =
            "\"" + plain.substr(0, at) + escaped + plain.substr(at + 1) + "\"";
        CHECK(one.view() == "{" + printed + ":" + printed + "}");
      }
    }
  }
}

TEST_CASE("the writer puts commas between members and values, and nowhere else") {
  JsonWriter out;
  out.beginObject().key("a").beginArray().endArray().key("b").beginObject().endObject();
  out.key("c").beginArray().value(1).value("[").value("{").value(":").beginArray().value(2.5);
  out.endArray().value("x\ny").null().endArray().member("d", false).endObject();
  CHECK(out.view() == R"({"a":[],"b":{},"c":[1,"[","{",":",[2.5],"x\ny",null],"d":false})");
}

TEST_CASE("the writer takes a text of any length") {
  JsonWriter out;
  std::string expected = "[";
  out.beginArray();
  for (std::size_t size = 1; size < 3'000'000; size = size * 3 + 1) {
    const std::string text(size, 'x');
    out.value(text);
    expected += (size == 1 ? "\"" : ",\"") + text + "\"";
  }
  out.endArray();
  CHECK(out.view() == expected + "]");
  CHECK(out.take() == expected + "]");
  CHECK(out.beginArray().value(7).endArray().take() == "[7]");
}

TEST_CASE("the writer prints decimals given as text and starts anew after take") {
  JsonWriter out;
  out.beginArray().raw("9.99").value(true).null().value(std::int64_t{-1}).endArray();
  CHECK(out.take() == "[9.99,true,null,-1]");
  out.beginObject().endObject();
  CHECK(out.take() == "{}");
}

TEST_CASE("doubles are printed so that they read back the same") {
  for (const double value : {0.1, 1e308, -2.5e-10, 1.0 / 3.0, 5e-324}) {
    CHECK(Json::parse(Json(value).dump()).number() == value);
  }
}

TEST_CASE("a number keeps the digits it was written with") {
  CHECK(Json::parse("9.990000000000000001").numberText() == "9.990000000000000001");
  CHECK(Json::parse("1e3").numberText() == "1e3");
  CHECK(Json::parse("-7").numberText() == "-7");
  CHECK(Json(2.5).numberText() == "2.5");
}
