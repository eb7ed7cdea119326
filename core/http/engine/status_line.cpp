#include "http/engine/status_line.h"

#include <array>
#include <charconv>
#include <ctime>

namespace reeld::http::engine {

namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr std::array<Phrase, 42> Phrases = {{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {425, "Too Early"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

void appendNumber(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view reasonPhrase(int status) noexcept {
  for (const auto& phrase : Phrases) {
    if (phrase.status == status) {
      return phrase.text;
    }
  }
  return "Unknown";
}

void writeHead(std::string& out, const Reply& reply, std::string_view date, bool keep_alive,
               int minor_version) {
  out.append("HTTP/1.1 ");
  appendNumber(out, static_cast<std::uint64_t>(reply.status));
  out.append(" ")
      .append(reasonPhrase(reply.status))
      .append("\r\nDate: ")
      .append(date)
      .append("\r\n");
  out.append(reply.fields);
  if (reply.has_more) {
    out.append(minor_version > 0 ? "Transfer-Encoding: chunked\r\n" : "");
  } else if (!isBodiless(reply.status)) {
    out.append("Content-Length: ");
    appendNumber(out, reply.bodySize());
    out.append("\r\n");
  }
  if (!keep_alive) {
    out.append("Connection: close\r\n");
  } else if (minor_version == 0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

std::string httpDate(std::int64_t epoch_seconds) {
  // strftime would follow the locale.
  constexpr std::string_view Days = "SunMonTueWedThuFriSat";
  constexpr std::string_view Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto time = static_cast<std::time_t>(epoch_seconds);
  std::tm utc{};
  gmtime_r(&time, &utc);
  const auto two = [](int number) {
    return std::string{static_cast<char>('0' + number / 10 % 10),
                       static_cast<char>('0' + number % 10)};
  };
  std::string text(Days.substr(static_cast<std::size_t>(utc.tm_wday) * 3, 3));
  text.append(", ").append(two(utc.tm_mday)).append(" ");
  text.append(Months.substr(static_cast<std::size_t>(utc.tm_mon) * 3, 3)).append(" ");
  text.append(std::to_string(utc.tm_year + 1900)).append(" ").append(two(utc.tm_hour)).append(":");
  text.append(two(utc.tm_min)).append(":").append(two(utc.tm_sec)).append(" GMT");
  return text;
}

}  // namespace reeld::http::engine
