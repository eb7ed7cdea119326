// reeld.encoder/1 for a C++ class that has
//   std::string probe(Call, int fd)                       the JSON of reeld/kind/encoder.h
//   void run(Call, const reeld_job& job, JobSink)         throws Failure
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/encoder.h>

namespace reeld::sdk {

/// What a running job tells the host, from run()'s thread.
class JobSink {
 public:
  explicit JobSink(const reeld_job_sink* raw) noexcept : raw_(raw) {}
  void progress(uint32_t permille) const { raw_->progress(raw_->ctx, permille); }
  void segment(reeld_segment segment) const {
    segment.struct_size = sizeof segment;
    raw_->segment(raw_->ctx, &segment);
  }
  void artifact(std::string_view kind, std::string_view path) const {
    raw_->artifact(raw_->ctx, abi(kind), abi(path));
  }

 private:
  const reeld_job_sink* raw_;
};

namespace detail {

template <class P>
constexpr bool offersEncoder() {
  return requires {
    &P::probe;
    &P::run;
  };
}

template <class P>
inline constexpr reeld_encoder encoder_table = [] {
  reeld_encoder table{};
  table.struct_size = sizeof table;
  table.probe = [](void* self, const reeld_call* call, int32_t fd, const reeld_sink* json,
                   reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      const std::string facts = static_cast<P*>(self)->probe(Call(call), fd);
      json->value(json->ctx, abiBytes(facts), 0);
      return REELD_OK;
    });
  };
  table.run = [](void* self, const reeld_call* call, const reeld_job* job,
                 const reeld_job_sink* sink, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      static_cast<P*>(self)->run(Call(call), *job, JobSink(sink));
      return REELD_OK;
    });
  };
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
