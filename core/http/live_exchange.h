// One request on its way through http: the engine's Call, the Exchange that handlers see and the
// Interception that interceptors see, over the same bytes. Holds state; what is done with it is
// decided in dispatch.cpp. Reused for request after request of a loop.
#pragma once
#include "http/chain_set.h"
#include "http/engine/call.h"
#include "http/exchange.h"
#include "http/interceptor.h"
#include "http/interceptor_refusal.h"
#include "http/live_settings.h"
#include "http/router.h"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reeld::http {

class Dispatch;

class LiveExchange final : public engine::Call, public Exchange, public Interception {
 public:
  explicit LiveExchange(Dispatch& dispatch);

  // engine::Call, all of it handed to the dispatch.
  engine::Step onHead() noexcept override;
  engine::Step onBody() noexcept override;
  engine::Step run() noexcept override;
  bool openUpload() noexcept override;
  bool writeUpload(std::span<const char> bytes) noexcept override;
  void finishUpload() noexcept override;
  void dropUpload() noexcept override;
  bool nextPiece() noexcept override;
  void refuse(const engine::Refusal& refusal) noexcept override;
  void completed(engine::Outcome outcome) noexcept override;

  // Exchange
  Method method() const noexcept override { return method_; }
  std::string_view path() const noexcept override;
  std::string_view query() const noexcept override { return head.query(); }
  std::string_view header(std::string_view lower_name) const noexcept override {
    return head.find(lower_name);
  }
  std::vector<std::pair<std::string_view, std::string_view>> allHeaders() const override;
  std::string_view routeParameter(std::string_view name) const noexcept override;
  std::string_view routePattern() const noexcept override;
  std::string_view requestId() const noexcept override {
    return {request_id_.data(), request_id_size_};
  }
  std::string_view peer() const noexcept override { return peer_text_; }
  std::string_view scheme() const noexcept override { return https_ ? "https" : "http"; }
  std::string_view host() const noexcept override {
    return forwarded_host_.empty() ? head.host() : std::string_view(forwarded_host_);
  }
  std::string_view body() const noexcept override { return Call::body; }
  std::string_view contentType() const noexcept override;
  std::string siteOrigin() const override;
  bool isCrossSite() const noexcept override;
  Caller& caller() noexcept override { return caller_; }
  void addHeader(std::string name, std::string value) override;

  // Interception
  const Exchange& exchange() const noexcept override { return *this; }
  std::string_view methodText() const noexcept override { return head.method(); }
  std::string_view endpoint() const noexcept override;
  std::string_view userId() const noexcept override { return {user_text_.data(), user_text_size_}; }
  RouteGroup group() const noexcept override {
    return route() == nullptr ? RouteGroup::Unmatched : route()->group;
  }
  int status() const noexcept override { return sealed_ ? reply.status : 0; }
  bool isRefused() const noexcept override { return chain_.isRefused(); }
  std::uint64_t bytesIn() const noexcept override { return bytes_in; }
  std::uint64_t bytesOut() const noexcept override { return bytes_out; }
  EpochMs startedMs() const noexcept override { return started_ms_; }
  std::int64_t startedUs() const noexcept override { return started_us; }
  std::int64_t elapsedUs() const noexcept override;
  std::span<std::byte> scratch() noexcept override { return chain_.scratch(); }
  void respond(int status_code, std::string_view problem,
               std::uint32_t retry_after_ms) noexcept override;
  void setHeader(std::string_view name, std::string_view value) noexcept override;

 private:
  friend class Dispatch;

  void reset();
  void noteUser() noexcept;
  /// Whether a part of the path is or may be a token: a secret parameter, or a word too long for
  /// any other, as in a link that was mistyped into another route.
  bool isHidden(std::size_t parameter) const noexcept;
  void addStandingHeaders();
  const Route* route() const noexcept {
    return match_.entry == nullptr ? nullptr : match_.entry->route;
  }
  /// The route's, or where the method is missing one of the same path.
  const Router::Entry* entryOfPath() const noexcept;
  std::string_view surface() const noexcept { return surfaceOf(path()); }

  Dispatch& dispatch_;
  const Live* live_ = nullptr;        ///< the settings this exchange started with
  const ChainSet* chains_ = nullptr;  ///< the same of interceptors
  Method method_ = Method::Get;
  bool method_known_ = false;
  bool started_ = false;  ///< onHead() ran: it has an id, a peer and a path
  bool sealed_ = false;   ///< reply is complete, on_response has run
  bool https_ = false;
  bool decoded_ = false;  ///< path() is decoded_path_, not the bytes of the head
  Router::Match match_;
  ChainRun chain_;
  InterceptorRefusal refused_;
  HashWork hash_work_;  ///< what run() has left to do on the hash thread
  Caller caller_;
  std::vector<Header> extra_;
  std::string fields_;  ///< that interceptors set, as lines; never beyond its first capacity
  std::array<char, 20> user_text_{};
  std::size_t user_text_size_ = 0;
  std::array<char, 64> request_id_{};
  std::size_t request_id_size_ = 0;
  EpochMs started_ms_ = 0;
  std::string peer_text_;
  std::string forwarded_host_;
  std::string decoded_path_;
  mutable std::string endpoint_;
  mutable std::string content_type_;
  std::unique_ptr<BodySink> sink_;
  std::shared_ptr<PieceSource> rest_;  ///< of the answer's body
};

}  // namespace reeld::http
