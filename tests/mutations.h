// Mutation fuzzing of one parser inside a unit test: good and nearly good inputs are bent by a
// seeded generator, the same ones in every run. Each input lies in a buffer of exactly its size, so
// the address sanitizer sees every byte read beyond it. The seed is printed before the first input;
// REELD_FUZZ_SEED chooses another, REELD_FUZZ_INPUTS how many.
#pragma once
#include "catch.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::test {

/// What a parser reads: whole inputs to begin with, and words that mean something in its language.
struct Language {
  const char* name;
  std::vector<std::string> seeds;
  std::vector<std::string> words;
};

inline std::uint64_t numberFromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutations {
 public:
  static constexpr std::size_t MaxSize = 4096;

  Mutations(const Language& language, std::uint64_t seed) : language_(language), random_(seed) {}

  /// A number below `end`. The generator's own output is the same with every library, a
  /// distribution's is not.
  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  std::string next() {
    std::string text = pick(language_.seeds);
    for (std::size_t left = 1 + below(6); left > 0; --left) {
      bend(text);
    }
    text.resize(std::min(text.size(), MaxSize));
    return text;
  }

 private:
  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  void bend(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t size = below(std::min<std::size_t>(text.size() - at, 32) + 1);
    switch (below(9)) {
      case 0:
        if (at < text.size()) {
          text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        }
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
      case 3:
        text.insert(at, pick(language_.words));
        break;
      case 4:
        text.replace(at, size, pick(language_.words));
        break;
      case 5:
        text.erase(at, size);
        break;
      case 6:
        text.insert(at, std::string(text, at, size));
        break;
      case 7:
        text.resize(at);
        break;
      default: {
        const std::string& other = pick(language_.seeds);
        text.replace(at, text.size() - at, other, below(other.size() + 1), other.npos);
      }
    }
  }

  const Language& language_;
  std::mt19937_64 random_;
};

inline std::string readable(std::string_view input) {
  std::ostringstream out;
  for (const char c : input) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      out << c;
    } else {
      constexpr const char* Digits = "0123456789abcdef";
      out << "\\x" << Digits[(c >> 4) & 15] << Digits[c & 15];
    }
  }
  return out.str();
}

/// Runs `broken(input, mutations)` on every input. It says which invariant does not hold, or
/// nullptr; whatever it lets through as an exception fails the test as well.
template <class Invariants>
void fuzz(const Language& language, Invariants broken) {
  const std::uint64_t seed = numberFromEnvironment("REELD_FUZZ_SEED", 20'260'101);
  const std::uint64_t inputs = numberFromEnvironment("REELD_FUZZ_INPUTS", 50'000);
  std::cout << "fuzz " << language.name << ": REELD_FUZZ_SEED=" << seed << ", " << inputs
            << " inputs" << std::endl;
  Mutations mutations(language, seed);
  for (std::uint64_t number = 0; number < inputs; ++number) {
    const std::string text = mutations.next();
    const auto exact = std::make_unique<char[]>(text.size());
    std::copy(text.begin(), text.end(), exact.get());
    std::string complaint;
    try {
      const char* found = broken(std::string_view(exact.get(), text.size()), mutations);
      complaint = found == nullptr ? "" : found;
    } catch (const std::exception& error) {
      complaint = std::string("it throws: ") + error.what();
    }
    if (!complaint.empty()) {
      FAIL(language.name << ", input " << number << " of seed " << seed << ": " << complaint << "\n"
                         << readable(text));
    }
  }
}

/// Whether `part` lies in `whole`; an empty view may be anywhere.
inline bool liesIn(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace reeld::test
