#include "tally.h"

#include "event_fields.h"

#include <charconv>
#include <stdexcept>

namespace analytics_rollup {

namespace {

std::int64_t userOf(const reeld::sdk::Event& event) {
  const std::string_view text = event.userId();
  std::int64_t user = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), user);
  if (failure != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument("it has no user");
  }
  return user;
}

/// One up for the word of a reaction, or one down.
void addReaction(Counters& counters, std::string_view word, std::int64_t by) {
  if (word == "LIKE") {
    counters[Counter::Likes] += by;
  } else if (word == "DISLIKE") {
    counters[Counter::Dislikes] += by;
  }
}

/// The amounts of an order, or of what was paid back of it.
Counters amounts(const EventFields& fields, std::int64_t sign) {
  Counters counters;
  counters[Counter::Sales] = sign * fields.number("amount_minor");
  counters[Counter::Creator] = sign * fields.number("creator_minor");
  counters[Counter::Platform] = sign * fields.number("platform_minor");
  return counters;
}

}  // namespace

void Tally::add(const reeld::sdk::Event& event) {
  const std::string_view type = event.type();
  const bool is_order = type == "order.paid" || type == "order.refunded";
  if (!is_order && type != "video.viewed" && type != "video.reacted" && type != "video.watched") {
    return;
  }
  const EventFields fields(event.json());
  if (is_order && !fields.maybeNumber("video")) {
    return;  // a subscription: no sale of a video
  }
  Where where{fields.number(is_order ? "creator" : "creator_id"),
              fields.number(is_order ? "video" : "video_id"), dayOf(event.timeMs())};
  Counters counters;
  if (type == "video.viewed") {
    // A view that could not be written at once is one of the day on which it was played.
    where.day = dayOf(fields.maybeNumber("viewed_at").value_or(event.timeMs()));
    counters[Counter::Views] = 1;
    const std::int64_t user = userOf(event);
    for (const Subject& subject :
         {Subject{}, Subject{Scope::Creator, where.creator}, Subject{Scope::Video, where.video}}) {
      viewers_.insert({where.day, subject, user});
    }
  } else if (type == "video.reacted") {
    addReaction(counters, fields.text("from"), -1);
    addReaction(counters, fields.text("to"), 1);
  } else if (type == "video.watched") {
    counters[Counter::WatchedMs] = fields.number("watched_ms");
  } else {
    counters = amounts(fields, type == "order.paid" ? 1 : -1);
    counters[type == "order.paid" ? Counter::Orders : Counter::Refunds] = 1;
  }
  count(where, counters);
}

void Tally::count(const Where& where, const Counters& counters) {
  totals_[{Subject{}, where.day}] += counters;
  totals_[{Subject{Scope::Creator, where.creator}, where.day}] += counters;
  videos_[{where.creator, where.day, where.video}] += counters;
}

}  // namespace analytics_rollup
