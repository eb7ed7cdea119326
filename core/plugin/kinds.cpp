// Per kind: the size of its first release and the functions that may not be NULL. A required
// function stays required for ever and no other ever becomes so.
#include "plugin/kinds.h"

#include <reeld/kind/analytics.h>
#include <reeld/kind/auth.h>
#include <reeld/kind/encoder.h>
#include <reeld/kind/interceptor.h>
#include <reeld/kind/notifier.h>
#include <reeld/kind/payment.h>
#include <reeld/kind/report.h>
#include <reeld/kind/routes.h>
#include <reeld/kind/storage.h>
#include <reeld/kind/subscription.h>

#include <array>
#include <cstring>
#include <span>
#include <string>

namespace reeld::plugin {
namespace {

struct Function {
  const char* name;
  std::size_t offset;
};

struct Kind {
  std::string_view id;
  std::size_t size;  ///< of the table's first release
  std::span<const Function> required;
};

constexpr std::array StorageRequired = {
    Function{"stat", offsetof(reeld_storage, stat)},
    Function{"open", offsetof(reeld_storage, open)},
    Function{"create", offsetof(reeld_storage, create)},
    Function{"remove", offsetof(reeld_storage, remove)},
    Function{"list", offsetof(reeld_storage, list)},
};
constexpr std::array EncoderRequired = {
    Function{"probe", offsetof(reeld_encoder, probe)},
    Function{"run", offsetof(reeld_encoder, run)},
};

constexpr std::array AnalyticsRequired = {Function{"consume", offsetof(reeld_analytics, consume)}};
constexpr std::array ReportRequired = {Function{"report", offsetof(reeld_report, report)}};
constexpr std::array RoutesRequired = {Function{"handle", offsetof(reeld_routes, handle)}};
constexpr std::array PaymentRequired = {
    Function{"charge", offsetof(reeld_payment, charge)},
    Function{"refund", offsetof(reeld_payment, refund)},
    Function{"webhook", offsetof(reeld_payment, webhook)},
};
constexpr std::array SubscriptionRequired = {
    Function{"plans", offsetof(reeld_subscription, plans)},
    Function{"quote", offsetof(reeld_subscription, quote)},
};
constexpr std::array NotifierRequired = {Function{"send", offsetof(reeld_notifier, send)}};

template <class Table, class Last>
constexpr std::size_t sizeUpTo(std::size_t offset_of_last, Last Table::*) {
  return offset_of_last + sizeof(Last);
}

const std::array Kinds = {
    Kind{REELD_AUTH, sizeUpTo(offsetof(reeld_auth, verify), &reeld_auth::verify), {}},
    Kind{REELD_STORAGE, sizeUpTo(offsetof(reeld_storage, adopt), &reeld_storage::adopt),
         StorageRequired},
    Kind{REELD_ENCODER, sizeUpTo(offsetof(reeld_encoder, run), &reeld_encoder::run),
         EncoderRequired},
    Kind{REELD_NOTIFIER, sizeUpTo(offsetof(reeld_notifier, send), &reeld_notifier::send),
         NotifierRequired},
    Kind{REELD_INTERCEPTOR,
         sizeUpTo(offsetof(reeld_interceptor, covers), &reeld_interceptor::covers),
         {}},
    Kind{REELD_REPORT, sizeUpTo(offsetof(reeld_report, report), &reeld_report::report),
         ReportRequired},
    Kind{REELD_ROUTES, sizeUpTo(offsetof(reeld_routes, handle), &reeld_routes::handle),
         RoutesRequired},
    Kind{REELD_ANALYTICS, sizeUpTo(offsetof(reeld_analytics, consume), &reeld_analytics::consume),
         AnalyticsRequired},
    Kind{REELD_PAYMENT, sizeUpTo(offsetof(reeld_payment, lookup), &reeld_payment::lookup),
         PaymentRequired},
    Kind{REELD_SUBSCRIPTION,
         sizeUpTo(offsetof(reeld_subscription, quote), &reeld_subscription::quote),
         SubscriptionRequired},
};

const Kind* find(std::string_view id) {
  for (const Kind& kind : Kinds) {
    if (kind.id == id) {
      return &kind;
    }
  }
  return nullptr;
}

bool isNull(const void* table, std::size_t offset) {
  const void* function = nullptr;
  std::memcpy(&function, static_cast<const char*>(table) + offset, sizeof function);
  return function == nullptr;
}

Refusal missing(std::string_view kind, const std::string& what) {
  return {std::string(kind) + " lacks " + what,
          "report it to the plugin's author: the SDK says what a kind requires"};
}

/// An auth provider answers "who is this?", or keeps records for the host, or both.
std::optional<Refusal> refuseAuth(const reeld_auth& table) {
  if ((table.enroll == nullptr) != (table.verify == nullptr)) {
    return missing(REELD_AUTH, table.enroll == nullptr ? "enroll()" : "verify()");
  }
  if (table.authenticate == nullptr && table.enroll == nullptr) {
    return missing(REELD_AUTH, "authenticate(), or enroll() and verify()");
  }
  return std::nullopt;
}

/// Who pauses a reply goes on with it, and takes its state back.
std::optional<Refusal> refuseRoutes(const reeld_routes& table) {
  if (REELD_HAS(&table, drop) && (table.more == nullptr) != (table.drop == nullptr)) {
    return missing(REELD_ROUTES, table.more == nullptr ? "more()" : "drop()");
  }
  return std::nullopt;
}

std::optional<Refusal> refuseInterceptor(const reeld_interceptor& table) {
  if (table.on_request == nullptr && table.on_response == nullptr && table.on_complete == nullptr) {
    return missing(REELD_INTERCEPTOR, "on_request(), on_response() and on_complete()");
  }
  if (table.scratch_size > REELD_MAX_SCRATCH) {
    return Refusal{"asks for " + std::to_string(table.scratch_size) + " bytes of scratch, " +
                       std::to_string(REELD_MAX_SCRATCH) + " are the most",
                   "report it to the plugin's author"};
  }
  return std::nullopt;
}

}  // namespace

bool knownKind(std::string_view kind) { return find(kind) != nullptr; }

std::optional<Refusal> refuseTable(std::string_view id, const void* table) {
  const Kind* kind = find(id);
  if (table == nullptr) {
    return missing(id, "its table");
  }
  std::uint32_t size = 0;  // every table begins with struct_size
  std::memcpy(&size, table, sizeof size);
  if (kind == nullptr || size < kind->size) {
    return missing(id, "part of its table (struct_size " + std::to_string(size) + ")");
  }
  for (const Function& function : kind->required) {
    if (isNull(table, function.offset)) {
      return missing(id, std::string(function.name) + "()");
    }
  }
  if (id == REELD_INTERCEPTOR) {
    return refuseInterceptor(*static_cast<const reeld_interceptor*>(table));
  }
  if (id == REELD_ROUTES) {
    return refuseRoutes(*static_cast<const reeld_routes*>(table));
  }
  return id == REELD_AUTH ? refuseAuth(*static_cast<const reeld_auth*>(table)) : std::nullopt;
}

}  // namespace reeld::plugin
