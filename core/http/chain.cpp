#include "http/chain.h"

#include "base/error.h"

#include <algorithm>
#include <string>

namespace reeld::http {

Chain::Chain(std::span<Interceptor* const> ordered, const Route* route) {
  for (Interceptor* interceptor : ordered) {
    if (!interceptor->covers(route)) {
      continue;
    }
    const std::size_t size = interceptor->scratchSize();
    if (size > Interceptor::MaxScratch) {
      throw Error(ErrorCode::Invalid, "interceptor " + std::string(interceptor->name()) +
                                          " asks for more than 256 bytes of scratch");
    }
    links_.push_back({interceptor, scratch_size_, size});
    // Rounded up, so that every link's bytes are aligned for any type.
    scratch_size_ += (size + 15) / 16 * 16;
  }
}

void ChainRun::begin(const Chain& chain) {
  chain_ = &chain;
  depth_ = 0;
  scratch_.assign(chain.scratchSize(), std::byte{0});
}

bool ChainRun::request(Interception& interception) noexcept {
  const auto links = chain_->links();
  for (current_ = 0; current_ < links.size(); ++current_) {
    depth_ = current_ + 1;
    if (links[current_].interceptor->onRequest(interception) == Verdict::Responded) {
      return false;
    }
  }
  return true;
}

void ChainRun::response(Interception& interception) noexcept {
  for (current_ = 0; current_ < depth_; ++current_) {
    chain_->links()[current_].interceptor->onResponse(interception);
  }
}

void ChainRun::complete(Interception& interception) noexcept {
  while (depth_ > 0) {
    current_ = --depth_;
    chain_->links()[current_].interceptor->onComplete(interception);
  }
}

std::span<std::byte> ChainRun::scratch() noexcept {
  const auto& link = chain_->links()[current_];
  return std::span(scratch_).subspan(link.scratch_at, link.scratch_size);
}

}  // namespace reeld::http
