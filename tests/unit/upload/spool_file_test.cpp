// A spool file has no name, keeps every byte and knows their hash.
#include "upload/spool_file.h"

#include "base/error.h"
#include "catch.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace reeld;
using namespace reeld::upload;

namespace {

struct Folder {
  std::string path = std::filesystem::temp_directory_path() / "reeld-spool-XXXXXX";
  Folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("what is appended is in the file, with its hash") {
  Folder folder;
  SpoolFile file(folder.path);
  const std::string bytes = randomBytes(300'000);
  file.append(std::span(bytes).first(1));
  file.append(std::span(bytes).subspan(1, 262'144));
  file.append(std::span(bytes).subspan(262'145));
  CHECK(file.size() == bytes.size());
  CHECK(file.finish() == sha256(bytes));
  std::string read(bytes.size(), '\0');
  REQUIRE(::pread(file.fd(), read.data(), read.size(), 0) == static_cast<ssize_t>(read.size()));
  CHECK(read == bytes);
}

TEST_CASE("a spool file has no name that a crash could leave behind") {
  Folder folder;
  SpoolFile file(folder.path);
  file.append(std::string_view("bytes"));
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("a missing spool folder is an error that names it") {
  try {
    SpoolFile file("/no/such/spool");
    FAIL("was made");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("/no/such/spool") != std::string::npos);
  }
}
