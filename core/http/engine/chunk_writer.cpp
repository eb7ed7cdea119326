#include "http/engine/chunk_writer.h"

#include <array>
#include <charconv>

namespace reeld::http::engine {

void writeChunk(std::string& head, Reply& reply) {
  if (!std::holds_alternative<std::string>(reply.body)) {
    reply.body = std::string();
  }
  std::string& piece = std::get<std::string>(reply.body);
  if (!piece.empty()) {
    constexpr int Hexadecimal = 16;
    std::array<char, 16> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), Hexadecimal).ptr;
    head.append(digits.data(), end).append("\r\n");
    piece.append("\r\n");
  }
  if (!reply.has_more) {
    piece.append("0\r\n\r\n");
  }
}

}  // namespace reeld::http::engine
