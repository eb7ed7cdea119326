#include "http/chain.h"

#include "base/error.h"

#include <algorithm>
#include <string>

namespace reeld::http {

Chain::Chain(std::span<const ChainPlace> ordered, const Route* route) {
  const RouteGroup group = route == nullptr ? RouteGroup::Unmatched : route->group;
  for (const ChainPlace& at : ordered) {
    Interceptor& interceptor = *at.interceptor;
    if ((at.groups & bitOf(group)) == 0 || !interceptor.covers(route)) {
      continue;
    }
    const std::size_t size = interceptor.scratchSize();
    if (size > Interceptor::MaxScratch) {
      throw Error(ErrorCode::Invalid, "interceptor " + std::string(interceptor.name()) +
                                          " asks for more than 256 bytes of scratch");
    }
    const Link link{&interceptor, members_.size(), scratch_size_, size};
    const Interceptor::Phases phases = interceptor.phases();
    if (phases.request) {
      requests_.push_back(link);
    }
    if (phases.response) {
      responses_.push_back(link);
    }
    if (phases.complete) {
      completions_.push_back(link);
    }
    members_.push_back(&interceptor);
    // Rounded up, so that every link's bytes are aligned for any type.
    scratch_size_ += (size + 15) / 16 * 16;
  }
  std::reverse(completions_.begin(), completions_.end());
}

void ChainRun::begin(const Chain& chain) {
  chain_ = &chain;
  depth_ = 0;
  is_refused_ = false;
  scratch_.assign(chain.scratchSize(), std::byte{0});
}

bool ChainRun::request(Interception& interception) noexcept {
  for (const Chain::Link& link : chain_->requests()) {
    current_ = &link;
    if (link.interceptor->onRequest(interception) == Verdict::Responded) {
      depth_ = link.place + 1;
      is_refused_ = true;
      return false;
    }
  }
  depth_ = chain_->members().size();
  return true;
}

void ChainRun::response(Interception& interception) noexcept {
  for (const Chain::Link& link : chain_->responses()) {
    if (link.place >= depth_) {
      return;
    }
    current_ = &link;
    link.interceptor->onResponse(interception);
  }
}

void ChainRun::complete(Interception& interception) noexcept {
  const std::size_t depth = depth_;
  depth_ = 0;
  for (const Chain::Link& link : chain_->completions()) {
    if (link.place < depth) {
      current_ = &link;
      link.interceptor->onComplete(interception);
    }
  }
}

std::span<std::byte> ChainRun::scratch() noexcept {
  return std::span(scratch_).subspan(current_->scratch_at, current_->scratch_size);
}

}  // namespace reeld::http
