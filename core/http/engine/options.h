// Every limit and timeout of the engine, with its default. The configuration fills it; the engine
// reads it once at start.
#pragma once
#include <chrono>
#include <cstddef>

namespace reeld::http::engine {

struct Options {
  unsigned loops = 0;               ///< event loops; 0 = one per core
  unsigned workers = 8;             ///< threads of the Worker lane
  unsigned io_threads = 4;          ///< write upload pieces, read cold files
  std::size_t worker_queue = 1024;  ///< beyond it 503
  std::size_t hash_queue = 32;      ///< beyond it 503; the Hash lane has one thread

  std::size_t max_connections = 16384;  ///< lowered to what RLIMIT_NOFILE allows
  std::size_t max_per_address = 256;    ///< IPv6 by /64; not for loopback and trusted proxies
  std::size_t max_uploads = 1024;       ///< at once; each may hold one piece of memory

  std::size_t max_collected = 256 * 1024 * 1024;  ///< memory of all collected bodies together
  std::size_t other_descriptors = 4608;  ///< kept for what is no connection: open files, database

  std::size_t max_head = 16 * 1024;
  std::size_t max_target = 8 * 1024;
  std::size_t max_fields = 100;

  std::chrono::milliseconds head_timeout{10'000};  ///< total, from the first byte
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds write_timeout{30'000};  ///< since the peer last took a byte
  std::chrono::milliseconds linger_timeout{2'000};
  std::chrono::milliseconds body_window{10'000};  ///< the body's rate is looked at this often
  std::size_t body_min_rate = 1024;               ///< bytes per second

  std::size_t upload_piece = 256 * 1024;
  std::size_t linger_bytes = 16 * 1024 * 1024;
  std::size_t burst = 1024 * 1024;  ///< bytes of one connection before the next has its turn
  std::size_t send_buffer =
      0;  ///< SO_SNDBUF of file answers; 0 = 256 KiB when near, else the kernel's
};

}  // namespace reeld::http::engine
