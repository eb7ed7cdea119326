// Runs one encoder plugin on one file, the way a worker does but without its sandbox, and prints
// what it tells: what the encode bench measures, and a developer's first look at a clip.
//
//   encode_once probe PLUGIN FILE
//   encode_once run PLUGIN FILE OUTPUT_DIR [SPEC.json]
//       without SPEC: 480p, 720p and 1080p of the source, or "audio", at the defaults
//   options: --heights 480,720,1080  --preset P  --crf N  --segment-seconds N  --cancel-after-ms N
//   --log
//
// Writes master.m3u8 and an index.m3u8 per rung beside the segments. Exit 0, or 1 + the plugin's
// status.
#include "plugin_host.h"

#include <chrono>
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using reeld::bench::Outcome;
using reeld::bench::PluginHost;
using reeld::bench::Segment;

struct Command {
  /// One task makes every rung.
  reeld::processing::LadderSettings ladder{.copy = false};
  std::vector<std::string> words;
  int cancel_after_ms = -1;
  bool log = false;
};

Command parse(const std::vector<std::string>& arguments) {
  Command command;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == arguments.size()) {
        throw std::runtime_error(word + " needs a value");
      }
      return arguments[++i];
    };
    if (word == "--heights") {
      command.ladder.rungs.clear();
      std::istringstream list(value());
      for (std::string part; std::getline(list, part, ',');) {
        command.ladder.rungs.push_back(std::stoi(part));
      }
    } else if (word == "--preset") {
      command.ladder.preset = value();
    } else if (word == "--crf") {
      command.ladder.crf = std::stod(value());
    } else if (word == "--segment-seconds") {
      command.ladder.segment_seconds = std::stoi(value());
    } else if (word == "--cancel-after-ms") {
      command.cancel_after_ms = std::stoi(value());
    } else if (word == "--copy") {
      command.ladder.copy = true;
    } else if (word == "--log") {
      command.log = true;
    } else {
      command.words.push_back(word);
    }
  }
  return command;
}

void print(const Segment& segment) {
  std::cout << "segment " << segment.path << " start_us=" << segment.start_us
            << " duration_us=" << segment.duration_us << " bytes=" << segment.bytes
            << " frames=" << segment.frames << " after_ms=" << segment.after.count() << '\n';
}

Outcome run(const PluginHost& host, const Command& command, const std::string& spec) {
  using Clock = std::chrono::steady_clock;
  std::atomic<std::int32_t> cancel{0};
  Clock::time_point cancelled_at;
  std::thread canceller;
  if (command.cancel_after_ms >= 0) {
    canceller = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(command.cancel_after_ms));
      cancelled_at = Clock::now();
      cancel = 1;
    });
  }
  Outcome outcome = host.run(spec, command.words[2], command.words[3], &cancel, print);
  if (canceller.joinable()) {
    const Clock::time_point ended = Clock::now();
    canceller.join();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(ended - cancelled_at);
    std::cout << "ended " << ms.count() << " ms after the cancel flag\n";
  }
  return outcome;
}

/// The top rung copied, then the others encoded with the sound that came of it.
Outcome runWithCopy(const PluginHost& host, const Command& command, const std::string& facts) {
  const auto tasks = reeld::bench::copyTasksFor(facts, command.ladder);
  const std::string& folder = command.words[3];
  Outcome outcome = run(host, command, tasks.copy);
  if (outcome.status == REELD_OK) {
    reeld::bench::writePlaylists(folder, outcome);
    outcome =
        host.runWithSound(tasks.others, command.words[2], folder + "/sound/part_000.aac", folder);
  }
  return outcome;
}

int work(const Command& command) {
  const std::vector<std::string>& words = command.words;
  const bool probing = words.size() == 3 && words[0] == "probe";
  const bool running = (words.size() == 4 || words.size() == 5) && words[0] == "run";
  if (!probing && !running) {
    throw std::runtime_error(
        "usage: encode_once probe PLUGIN FILE | run PLUGIN FILE OUTPUT_DIR [--copy | SPEC.json]");
  }
  const PluginHost host(words[1], command.log);
  Outcome outcome;
  if (words.size() < 5) {
    outcome = host.probe(words[2]);
    std::cout << outcome.facts << '\n';
  }
  if (running && command.ladder.copy && outcome.status == REELD_OK) {
    outcome = runWithCopy(host, command, outcome.facts);
    if (outcome.status == REELD_OK) {
      reeld::bench::writePlaylists(words[3], outcome);
    }
  } else if (running && outcome.status == REELD_OK) {
    const std::string spec = words.size() == 5
                                 ? reeld::bench::readFile(words[4])
                                 : reeld::bench::specFor(outcome.facts, command.ladder);
    std::cout << spec << '\n';
    outcome = run(host, command, spec);
    if (outcome.status == REELD_OK) {
      reeld::bench::writePlaylists(words[3], outcome);
    }
  }
  if (outcome.status != REELD_OK) {
    std::cout << "status " << outcome.status << ": " << outcome.message << '\n';
    return 1 + outcome.status;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return work(parse({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << "encode_once: " << error.what() << '\n';
    return 1;
  }
}
