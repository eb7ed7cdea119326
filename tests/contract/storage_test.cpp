// reeld.storage/1 of every bundled storage: what goes in comes out, whole or not at all, under many
// threads. What is special to files is in storage_disk_test.cpp.
#include "storage_held.h"

#include <algorithm>
#include <thread>

using namespace reeld;
using namespace reeld::test;

namespace {

template <class Body>
void onEach(Body&& body) {
  for (const std::string& name : StorageHeld::names()) {
    DYNAMIC_SECTION(name) {
      const StorageHeld held(name);
      body(held);
    }
  }
}

std::string pattern(std::size_t size, char seed = 'a') {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>(seed + static_cast<char>(i % 23));
  }
  return text;
}

}  // namespace

TEST_CASE("what is put is got, in whole and in ranges") {
  onEach([](const StorageHeld& held) {
    const std::string bytes = pattern(100'000);
    Stored stored;
    REQUIRE(held.put("videos/1/a.ts", bytes, &stored) == REELD_OK);
    CHECK(stored.key == "videos/1/a.ts");
    CHECK(stored.size == bytes.size());
    CHECK_FALSE(stored.etag.empty());
    CHECK(held.get("videos/1/a.ts") == bytes);
    CHECK(held.get("videos/1/a.ts", 10, 5) == bytes.substr(10, 5));
    CHECK(held.get("videos/1/a.ts", 99'990, 100) == bytes.substr(99'990));
    CHECK(held.get("videos/1/a.ts", 99'999) == bytes.substr(99'999));
    CHECK(held.get("videos/1/a.ts", 100'000) == "");
    CHECK(held.get("videos/1/a.ts", 1 << 30) == "");
  });
}

TEST_CASE("an object may be empty") {
  onEach([](const StorageHeld& held) {
    REQUIRE(held.put("empty", "") == REELD_OK);
    CHECK(held.get("empty") == "");
    CHECK(held.stat("empty")->size == 0);
  });
}

TEST_CASE("stat tells size, time and an etag that is the one of the commit") {
  onEach([](const StorageHeld& held) {
    Stored stored;
    REQUIRE(held.put("a/b", "12345", &stored) == REELD_OK);
    const auto found = held.stat("a/b");
    REQUIRE(found);
    CHECK(found->size == 5);
    CHECK(found->etag == stored.etag);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    CHECK(std::abs(now - found->modified_ms) < 60'000);
  });
}

TEST_CASE("a missing key is missing for every function, and removing it is fine") {
  onEach([](const StorageHeld& held) {
    REQUIRE(held.put("a/b", "x") == REELD_OK);
    for (const std::string key : {"nothing", "a", "a/b/c", "a/c"}) {
      CAPTURE(key);
      CHECK_FALSE(held.stat(key));
      CHECK_FALSE(held.get(key));
      CHECK(held.openFd(key) == -1);
      CHECK(held.remove(key) == REELD_OK);
    }
    CHECK(held.get("a/b") == "x");
  });
}

TEST_CASE("an object that was removed is gone, and open readers keep it") {
  onEach([](const StorageHeld& held) {
    const std::string bytes = pattern(5000);
    REQUIRE(held.put("a/b/c", bytes) == REELD_OK);
    reeld_reader reader{};
    reeld_error error = plugin::blankError();
    REQUIRE(held.storage.open(held.self, &held.call, plugin::abi("a/b/c"), 0, 0, &reader, &error) ==
            REELD_OK);
    CHECK(held.remove("a/b/c") == REELD_OK);
    CHECK_FALSE(held.stat("a/b/c"));
    std::string again(bytes.size(), '\0');
    CHECK(reader.read(reader.impl, again.data(), again.size(), &error) ==
          static_cast<std::int64_t>(bytes.size()));
    CHECK(again == bytes);
    reader.release(reader.impl);
    // Its folders may be gone too: a new object under them is no problem.
    CHECK(held.put("a/b/d", "x") == REELD_OK);
  });
}

TEST_CASE("nothing is visible before commit, and nothing stays without it") {
  onEach([](const StorageHeld& held) {
    reeld_writer writer{};
    reeld_error error = plugin::blankError();
    REQUIRE(held.begin("x/y", writer) == REELD_OK);
    REQUIRE(writer.write(writer.impl, plugin::abiBytes("half"), &error) == REELD_OK);
    CHECK_FALSE(held.stat("x/y"));
    CHECK(held.list("").empty());
    writer.release(writer.impl);
    CHECK_FALSE(held.stat("x/y"));
    CHECK(held.list("").empty());
  });
}

TEST_CASE("overwriting shows the old object or the new one and never a mixture") {
  onEach([](const StorageHeld& held) {
    const std::string one = pattern(64'000, 'a');
    const std::string two = pattern(80'000, 'A');
    REQUIRE(held.put("k", one) == REELD_OK);
    const std::string first_etag = held.stat("k")->etag;
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
      readers.emplace_back([&] {
        while (!done) {
          const auto bytes = held.get("k");
          wrong += !bytes || (*bytes != one && *bytes != two);
        }
      });
    }
    for (int i = 0; i < 40; ++i) {
      wrong += held.put("k", i % 2 == 0 ? two : one) != REELD_OK;
    }
    done = true;
    readers.clear();
    CHECK(wrong == 0);
    CHECK(held.stat("k")->etag != first_etag);
    CHECK(held.list("") == std::vector<std::string>{"k"});
  });
}

TEST_CASE("keys are listed in byte order, by text prefix, page by page") {
  onEach([](const StorageHeld& held) {
    // '-' and '.' sort before '/', digits after it: what a walk through folders gets wrong.
    std::vector<std::string> keys = {"a",       "a-b",     "a.b/x", "a0",        "ab/c/d", "ab/c0",
                                     "ab/c-/e", "ab0/c",   "b/1/z", "b/10/z",    "b/2/z",  "b-1/z",
                                     "B/x",     "b/1.5/z", "ba",    "\xc3\xa9/x"};
    keys.erase(keys.begin());  // "a" would be a folder of nothing here; "ab" stands for it
    for (const std::string& key : keys) {
      REQUIRE(held.put(key, key) == REELD_OK);
    }
    std::sort(keys.begin(), keys.end(), [](const std::string& x, const std::string& y) {
      return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end(),
                                          [](unsigned char p, unsigned char q) { return p < q; });
    });
    CHECK(held.list("") == keys);

    std::vector<std::string> paged;
    for (std::string after;;) {
      const auto page = held.list("", after, 3);
      paged.insert(paged.end(), page.begin(), page.end());
      if (page.size() < 3) {
        break;
      }
      after = page.back();
    }
    CHECK(paged == keys);

    for (const std::string prefix : {"a", "ab/", "b/1", "b/1/", "b", "nothing", "ab/c"}) {
      CAPTURE(prefix);
      std::vector<std::string> expected;
      for (const std::string& key : keys) {
        if (key.starts_with(prefix)) {
          expected.push_back(key);
        }
      }
      CHECK(held.list(prefix) == expected);
    }
    CHECK(held.list("b/", "b/10/y") == std::vector<std::string>{"b/10/z", "b/2/z"});
    CHECK(held.list("b/", "b/2/z").empty());
  });
}

TEST_CASE("a cursor in the middle of any folder continues exactly there") {
  onEach([](const StorageHeld& held) {
    std::vector<std::string> keys;
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j) {
        keys.push_back("v" + std::to_string(i) + "/s" + std::to_string(j) + "/x.ts");
        keys.push_back("v" + std::to_string(i) + "/s" + std::to_string(j) + ".txt");
        REQUIRE(held.put(keys[keys.size() - 1], "1") == REELD_OK);
        REQUIRE(held.put(keys[keys.size() - 2], "1") == REELD_OK);
      }
    }
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::vector<std::string> rest(keys.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                          keys.end());
      CHECK(held.list("", keys[i]) == rest);
      CHECK(held.list("", keys[i] + "!").size() == rest.size());
    }
  });
}

TEST_CASE("a descriptor gives the same bytes as a reader") {
  onEach([](const StorageHeld& held) {
    if (held.storage.open_fd == nullptr) {
      return;
    }
    const std::string bytes = pattern(10'000);
    REQUIRE(held.put("a", bytes) == REELD_OK);
    const int fd = held.openFd("a");
    REQUIRE(fd >= 0);
    std::string read(bytes.size(), '\0');
    CHECK(::pread(fd, read.data(), read.size(), 0) == static_cast<ssize_t>(bytes.size()));
    CHECK(read == bytes);
    CHECK(::write(fd, "x", 1) == -1);
    ::close(fd);
  });
}

TEST_CASE("64 threads put, get, list and remove at once") {
  onEach([](const StorageHeld& held) {
    std::atomic<int> wrong{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 64; ++t) {
      threads.emplace_back([&, t] {
        // Neighbours share folders, so that one prunes what the other is about to use.
        const std::string folder = "f" + std::to_string(t % 4) + "/g";
        for (int i = 0; i < 10; ++i) {
          const std::string key = folder + "/" + std::to_string(t) + "-" + std::to_string(i);
          const std::string bytes = pattern(200 + static_cast<std::size_t>(t));
          wrong += held.put(key, bytes) != REELD_OK;
          wrong += held.get(key) != bytes;
          const auto listed = held.list(folder + "/" + std::to_string(t) + "-");
          wrong += std::find(listed.begin(), listed.end(), key) == listed.end();
          wrong += held.remove(key) != REELD_OK;
          wrong += held.stat(key).has_value();
        }
      });
    }
    threads.clear();
    CHECK(wrong == 0);
    CHECK(held.list("").empty());
  });
}

TEST_CASE("keys that are no keys are refused") {
  onEach([](const StorageHeld& held) {
    for (const std::string& key :
         {std::string("/etc/passwd"), std::string("../x"), std::string("a/../../x"),
          std::string(""), std::string("a//b"), std::string("a/"), std::string("./a"),
          std::string("a\0b", 3), std::string(2000, 'x'), std::string(300, 'y'),
          std::string("..")}) {
      CAPTURE(key);
      CHECK(held.put(key, "x") == REELD_INVALID);
    }
    CHECK(held.list("").empty());
  });
}
