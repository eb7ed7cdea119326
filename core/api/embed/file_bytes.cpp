// Runs while reeld is built: writes files into one C++ source, so that they travel inside the
// daemon. Each becomes an entry of the table that api/viewer.cpp serves.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

constexpr const char* Usage = "usage: file-bytes OUTPUT.cpp FILE...\n";
constexpr std::string_view Delimiter = "embedded_file";

std::string nameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// The text as a raw literal, in pieces that every compiler takes.
void writeLiteral(std::ostream& out, std::string_view text) {
  constexpr std::size_t Piece = 32768;
  for (std::size_t at = 0; at < text.size(); at += Piece) {
    out << "R\"" << Delimiter << '(' << text.substr(at, Piece) << ')' << Delimiter << "\"\n";
  }
}

/// The text of one file as an array of its own: a view of a literal this long would have its length
/// counted by the compiler, which gives up.
bool writeArray(std::ostream& out, const std::string& path, int number) {
  std::ifstream input(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(input), {}};
  // A carriage return would be lost in a raw literal, a NUL may end it.
  if (!input || text.empty() || text.find('\r') != std::string::npos ||
      text.find('\0') != std::string::npos || text.find(Delimiter) != std::string::npos) {
    std::cerr << path << ": cannot be read, or not as text\n";
    return false;
  }
  out << "constexpr char File" << number << "[] =\n";
  writeLiteral(out, text);
  out << ";\n";
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << Usage;
    return 2;
  }
  std::ofstream output(argv[1], std::ios::binary);
  output << "// Made by core/api/embed/file_bytes.cpp.\n#include \"api/viewer_files.h\"\n\n"
            "namespace reeld::api {\nnamespace {\n\n";
  for (int i = 2; i < argc; ++i) {
    if (!writeArray(output, argv[i], i)) {
      return 1;
    }
  }
  output << "\n}  // namespace\n\nstd::span<const ViewerFile> viewerFiles() {\n"
            "  static constexpr ViewerFile Files[] = {\n";
  for (int i = 2; i < argc; ++i) {
    output << "    {\"" << nameOf(argv[i]) << "\", {File" << i << ", sizeof File" << i
           << " - 1}},\n";
  }
  output << "  };\n  return Files;\n}\n\n}  // namespace reeld::api\n";
  return output.flush() ? 0 : 1;
}
