#include "storage/counted.h"

#include "base/error.h"

#include <array>

namespace reeld::storage {

namespace {

enum Operation { Stat, Open, Create, Commit, Remove, List, OpenFd, Adopt };
constexpr std::array<const char*, 8> Names = {"stat",   "open", "create",  "commit",
                                              "remove", "list", "open_fd", "adopt"};

class Tally {
 public:
  Tally(std::string backend, Metrics& metrics) : backend_(std::move(backend)), metrics_(metrics) {
    for (std::size_t i = 0; i < Names.size(); ++i) {
      good_[i] = &counter(static_cast<Operation>(i), "ok");
    }
  }

  template <class Work>
  auto run(Operation operation, Work&& work) {
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        good_[operation]->add();
      } else {
        auto result = work();
        good_[operation]->add();
        return result;
      }
    } catch (const Error& error) {
      counter(operation, std::string(word(error.code()))).add();
      throw;
    }
  }

 private:
  Counter& counter(Operation operation, const std::string& outcome) {
    return metrics_.counter(
        "reeld_storage_operations_total", "operations of the storage, by what came of them",
        {{"backend", backend_}, {"op", Names[operation]}, {"outcome", outcome}});
  }

  const std::string backend_;
  Metrics& metrics_;
  std::array<Counter*, Names.size()> good_{};
};

class CountedWriter final : public Writer {
 public:
  CountedWriter(std::unique_ptr<Writer> writer, Tally& tally)
      : writer_(std::move(writer)), tally_(tally) {}

  void write(std::string_view bytes) override { writer_->write(bytes); }
  Object commit() override {
    return tally_.run(Commit, [&] { return writer_->commit(); });
  }

 private:
  std::unique_ptr<Writer> writer_;
  Tally& tally_;
};

class CountedStorage final : public Storage {
 public:
  CountedStorage(std::unique_ptr<Storage> storage, std::string backend, Metrics& metrics)
      : storage_(std::move(storage)), tally_(std::move(backend), metrics) {}

  std::optional<Object> stat(const std::string& key) override {
    return tally_.run(Stat, [&] { return storage_->stat(key); });
  }
  std::unique_ptr<Reader> open(const std::string& key, std::uint64_t offset,
                               std::uint64_t length) override {
    return tally_.run(Open, [&] { return storage_->open(key, offset, length); });
  }
  std::unique_ptr<Writer> create(const Object& hint) override {
    return std::make_unique<CountedWriter>(
        tally_.run(Create, [&] { return storage_->create(hint); }), tally_);
  }
  void remove(const std::string& key) override {
    tally_.run(Remove, [&] { storage_->remove(key); });
  }
  void list(const std::string& prefix, const std::string& after,
            const std::function<bool(const Object&)>& visit) override {
    tally_.run(List, [&] { storage_->list(prefix, after, visit); });
  }
  int openFd(const std::string& key) override {
    return tally_.run(OpenFd, [&] { return storage_->openFd(key); });
  }
  Object adopt(const Object& hint, int fd) override {
    return tally_.run(Adopt, [&] { return storage_->adopt(hint, fd); });
  }

 private:
  std::unique_ptr<Storage> storage_;
  Tally tally_;
};

}  // namespace

std::unique_ptr<Storage> counted(std::unique_ptr<Storage> storage, std::string backend,
                                 Metrics& metrics) {
  return std::make_unique<CountedStorage>(std::move(storage), std::move(backend), metrics);
}

}  // namespace reeld::storage
