// reeld.routes/1 for a C++ class that has
//   void handle(Call, const Request&, Reply&)      throws Failure for what is answered as an error
// and, optionally, `static constexpr uint32_t max_body` (64 KiB without it) and
// `static constexpr auto methods = "GET, POST"` (all without it) and
// `static constexpr bool at_mount_alone = true` (nothing is below the mount).
#pragma once
#include <reeld/cpp/contain.hpp>
#include <reeld/kind/routes.h>

#include <initializer_list>
#include <memory>
#include <vector>

namespace reeld::sdk {

/// Views that are good until handle() returns.
class Request {
 public:
  explicit Request(const reeld_message* raw) noexcept : raw_(raw) {}
  std::string_view method() const noexcept { return view(raw_->method); }
  std::string_view path() const noexcept { return view(raw_->path); }  ///< below the mount
  std::string_view query() const noexcept { return view(raw_->query); }
  std::string_view body() const noexcept { return view(raw_->body); }
  /// Empty if there is none of that name.
  std::string_view header(std::string_view lower_name) const noexcept {
    for (size_t i = 0; i < raw_->headers.count; ++i) {
      if (isSame(view(raw_->headers.items[i].key), lower_name))
        return view(raw_->headers.items[i].value);
    }
    return {};
  }

 private:
  static bool isSame(std::string_view name, std::string_view lower) noexcept {
    if (name.size() != lower.size())
      return false;
    for (size_t i = 0; i < name.size(); ++i) {
      const char c =
          name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
      if (c != lower[i])
        return false;
    }
    return true;
  }
  const reeld_message* raw_;
};

class Reply;

/// The rest of a long answer, made as fast as the client takes it. Goes when the answer is over.
class Rest {
 public:
  virtual ~Rest() = default;
  /// Writes the next piece, at most 1 MiB; false with the last one. Throws: the answer is cut off.
  virtual bool more(Call, Reply&) = 0;
};

/// The answer, at once or piece by piece; each function throws what the host refuses.
class Reply {
 public:
  explicit Reply(const reeld_reply_sink* raw) noexcept : raw_(raw) {}
  using Headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  void send(uint32_t status, std::string_view content_type, std::string_view body,
            Headers headers = {}) {
    begin(status, content_type, headers);
    write(body);
    end();
  }
  void begin(uint32_t status, std::string_view content_type, Headers headers = {}) {
    std::vector<reeld_pair> pairs = {{abi("content-type"), abi(content_type)}};
    for (const auto& [name, value] : headers)
      pairs.push_back({abi(name), abi(value)});
    reeld_message head{};
    head.struct_size = sizeof head;
    head.status = status;
    head.headers = {pairs.data(), pairs.size()};
    demand(raw_->begin(raw_->ctx, &head));
  }
  void write(std::string_view piece) { demand(raw_->write(raw_->ctx, abiBytes(piece))); }
  void end() { demand(raw_->end(raw_->ctx)); }
  /// Instead of end(): what was written goes out, and then what the rest brings.
  void endWith(std::unique_ptr<Rest> rest) {
    pause(rest.get());
    rest.release();  // the host hands it to drop()
  }
  /// The same state as before: `more` of the table is the only caller.
  void pause(Rest* rest) { demand(raw_->pause(raw_->ctx, rest)); }

 private:
  static void demand(reeld_status status) {
    if (status != REELD_OK)
      throw Failure(status, "the host does not take the reply");
  }
  const reeld_reply_sink* raw_;
};

namespace detail {

template <class P>
constexpr bool offersRoutes() {
  return requires { &P::handle; };
}

template <class P>
inline constexpr reeld_routes routes_table = [] {
  reeld_routes table{};
  table.struct_size = sizeof table;
  table.max_body = 64 * 1024;
  if constexpr (requires { P::max_body; })
    table.max_body = P::max_body;
  if constexpr (requires { P::methods; })
    table.methods = P::methods;
  if constexpr (requires { P::at_mount_alone; })
    table.flags = P::at_mount_alone ? REELD_AT_MOUNT_ALONE : 0;
  table.handle = [](void* self, const reeld_call* call, const reeld_message* message,
                    const reeld_reply_sink* sink, reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      Reply reply(sink);
      static_cast<P*>(self)->handle(Call(call), Request(message), reply);
      return REELD_OK;
    });
  };
  table.more = [](void*, const reeld_call* call, void* state, const reeld_reply_sink* sink,
                  reeld_error* error) noexcept -> reeld_status {
    return contain(error, [&]() -> reeld_status {
      Reply reply(sink);
      auto* rest = static_cast<Rest*>(state);
      rest->more(Call(call), reply) ? reply.pause(rest) : reply.end();
      return REELD_OK;
    });
  };
  table.drop = [](void*, void* state) noexcept { delete static_cast<Rest*>(state); };
  return table;
}();

}  // namespace detail
}  // namespace reeld::sdk
