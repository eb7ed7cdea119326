// The subset of JSON Schema: what is checked, what a fault says, which defaults come in.
#include "base/json_schema.h"

#include "base/suggestion.h"
#include "catch.h"

using namespace reeld;

namespace {

std::string faults(const std::string& schema, const std::string& value) {
  std::string text;
  for (const auto& violation : JsonSchema(Json::parse(schema)).check(Json::parse(value))) {
    text += (text.empty() ? "" : "; ") + violation.pointer + " " + violation.message;
  }
  return text;
}

std::string schemaFault(const std::string& schema) {
  try {
    JsonSchema{Json::parse(schema)};
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct SchemaRow {
  std::string schema, value, expected;
};

}  // namespace

TEST_CASE("a value is held against every word of its schema") {
  const std::vector<SchemaRow> rows = {
      {R"({"type":"string"})", R"("a")", ""},
      {R"({"type":"string"})", "1", "/ must be a string (got 1)"},
      {R"({"type":["string","null"]})", "null", ""},
      {R"({"type":["string","null"]})", "true", "/ must be a string or null (got true)"},
      {R"({"type":"integer"})", "2.0", ""},
      {R"({"type":"integer"})", "2.5", "/ must be an integer (got 2.5)"},
      {R"({"type":"number"})", "2", ""},
      {R"({"minimum":1})", "0", "/ must be at least 1 (got 0)"},
      {R"({"maximum":1.5})", "2", "/ must be at most 1.5 (got 2)"},
      {R"({"exclusiveMinimum":0})", "0", "/ must be more than 0 (got 0)"},
      {R"({"exclusiveMaximum":9})", "9", "/ must be less than 9 (got 9)"},
      {R"({"minLength":2})", R"("ä")", "/ must have at least 2 characters"},
      {R"({"maxLength":2})", R"("äöü")", "/ must have at most 2 characters"},
      {R"({"maxLength":3})", R"("äöü")", ""},
      {R"({"pattern":"^[a-z]+$"})", R"("A")", "/ must match ^[a-z]+$ (got \"A\")"},
      {R"({"enum":["slow","fast"]})", R"("fsat")",
       "/ must be \"slow\" or \"fast\" (got \"fsat\") (did you mean \"fast\"?)"},
      {R"({"const":7})", "7.0", ""},
      {R"({"items":{"type":"integer"},"maxItems":2})", R"([1,"x",3])",
       "/ must have at most 2 items; /1 must be an integer (got \"x\")"},
      {R"({"minItems":1})", "[]", "/ must have at least 1 items"},
      {R"({"uniqueItems":true})", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]", "/1 is there twice"},
      {R"({"properties":{"a/b":{"type":"boolean"}}})", R"({"a/b":1})",
       "/a~1b must be true or false (got 1)"},
      {R"({"required":["x"],"properties":{"x":{}}})", "{}", "/x is required"},
      {R"({"properties":{"listen":{}},"additionalProperties":false})", R"({"listne":1})",
       "/listne is not a known key (did you mean \"listen\"?)"},
      {R"({"additionalProperties":{"type":"integer"}})", R"({"a":1,"b":"c"})",
       "/b must be an integer (got \"c\")"},
      {R"({"properties":{"p":{"type":"string","writeOnly":true,"pattern":"^.{8,}$"}}})",
       R"({"p":"short"})", "/p must match ^.{8,}$"},
      {"true", "[1]", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.schema, row.value);
    CHECK(faults(row.schema, row.value) == row.expected);
  }
}

TEST_CASE("a long text cannot exhaust the stack of the pattern matcher") {
  CHECK(faults(R"({"pattern":"(a|b)*"})", '"' + std::string(200'000, 'a') + '"') ==
        "/ must match (a|b)*");
}

TEST_CASE("a schema with a word that is not checked is refused") {
  CHECK(schemaFault(R"({"requierd":["a"]})") == "/requierd: is not a word this reeld checks");
  CHECK(schemaFault(R"({"oneOf":[]})") == "/oneOf: is not a word this reeld checks");
  CHECK(schemaFault(R"({"type":"text"})") ==
        "/type: must name a type: null, boolean, integer, number, string, array or object");
  CHECK(schemaFault(R"({"properties":{"a":{"minimum":"1"},"b":3}})") ==
        "/properties/a/minimum: must be a number; /properties/b: a schema must be an object");
  CHECK(schemaFault(R"({"pattern":"("})") == "/pattern: is not a regular expression");
  CHECK(schemaFault(R"({"title":"t","x-ui":1,"description":"d","examples":[1]})").empty());
}

TEST_CASE("defaults come in at every depth and never replace what is given") {
  const JsonSchema schema(Json::parse(R"({"type":"object","properties":{
    "a":{"default":1},"b":{"properties":{"c":{"default":[1]}}},"d":{},
    "e":{"items":{"properties":{"f":{"default":"x"}}}}}})"));
  CHECK(schema.withDefaults(Json()).dump() == R"({"a":1,"b":{"c":[1]}})");
  CHECK(schema.withDefaults(Json::parse(R"({"a":null,"e":[{},{"f":"y"}]})")).dump() ==
        R"({"a":null,"e":[{"f":"x"},{"f":"y"}],"b":{"c":[1]}})");
  CHECK(JsonSchema(Json::parse(R"({"type":"string"})")).withDefaults(Json()).isNull());
}

TEST_CASE("a text without a type becomes what the schema wants in its place") {
  const JsonSchema schema(Json::parse(R"({"type":"object","properties":{
    "text":{"type":"string"},"count":{"type":"integer"},"share":{"type":"number"},
    "flag":{"type":"boolean"},"either":{"type":["string","integer"]},"maybe":{"type":["integer","null"]},
    "level":{"enum":["1","2"]},"any":{},"a/b":{"properties":{"deep":{"type":"string"}}},
    "names":{"type":"array","items":{"type":"string"}},"numbers":{"type":"array","items":{"type":"integer"}},
    "bare":{"type":"array"}},"additionalProperties":{"type":"string"}})"));
  struct Case {
    std::string pointer, text, guess, expected;  // guess: as YAML would take it
  };
  for (const Case& one : std::vector<Case>{
           {"/text", "123", "123", "\"123\""},
           {"/text", "true", "true", "\"true\""},
           {"/text", "", "null", "\"\""},
           {"/text", "~", "null", "\"~\""},
           {"/text", "007", "7", "\"007\""},
           {"/text", "1.50", "1.5", "\"1.50\""},
           {"/count", "123", "123", "123"},
           {"/count", "many", "\"many\"", "\"many\""},
           {"/share", "1", "1", "1"},
           {"/flag", "true", "true", "true"},
           {"/either", "123", "123", "123"},
           {"/maybe", "", "null", "null"},
           {"/level", "2", "2", "\"2\""},
           {"/any", "2", "2", "2"},
           {"/a~1b/deep", "5", "5", "\"5\""},
           {"/other", "5", "5", "\"5\""},
           {"/names", "a, 7 ,b", "\"a, 7 ,b\"", R"(["a","7","b"])"},
           {"/names", "7", "7", R"(["7"])"},
           {"/names", "", "null", "[]"},
           {"/numbers", "1,2", "\"1,2\"", "[1,2]"},
           {"/bare", "1,x", "\"1,x\"", R"([1,"x"])"},
       }) {
    CAPTURE(one.pointer, one.text);
    const std::string name = one.pointer == "/a~1b/deep" ? "a/b" : one.pointer.substr(1);
    Json guess = Json::parse(one.guess);
    Json value{Json::Object{}};
    value.set(name, name == "a/b" ? Json(Json::Object{{"deep", guess}}) : guess);
    const Json typed = schema.typed(value, {{one.pointer, one.text}});
    const Json* found = typed.find(name);
    CHECK((name == "a/b" ? found->find("deep") : found)->dump() == one.expected);
  }
  // What leads nowhere is left to the check.
  const Json value = Json::parse(R"({"text":1})");
  CHECK(schema.typed(value, {{"/text/below", "1"}, {"/gone", "1"}}).dump() == value.dump());
}

TEST_CASE("members marked writeOnly are named, to be masked") {
  const JsonSchema schema(Json::parse(
      R"({"properties":{"a":{"writeOnly":true},"b":{"properties":{"c":{"writeOnly":true}}}}})"));
  CHECK(schema.secrets() == std::vector<std::string>{"/a", "/b/c"});
}

TEST_CASE("a mistyped word finds its neighbour, a foreign one finds none") {
  const std::vector<std::string> words = {"listen", "admin_listen", "threads"};
  CHECK(closest("lisetn", words) == "listen");
  CHECK(closest("thread", words) == "threads");
  CHECK(closest("colour", words).empty());
  CHECK(closest(std::string(500, 'l'), words).empty());
  CHECK(editDistance("ab", "ba") == 1);
}
