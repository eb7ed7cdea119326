/* A payment provider in plain C whose answer is the order's name: "paid", "declined", "checkout",
 * "away", "odd-event" (without an id), "odd-url", "odd-status"; anything else is OK and no word. */
#include "tiny.h"

#include <reeld/kind/payment.h>

#include <string.h>

static int is(reeld_str text, const char* word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}
static reeld_str str(const char* text) {
  const reeld_str made = {text, strlen(text)};
  return made;
}

static void tell(const reeld_payment_sink* sink, reeld_str order, const char* id, uint32_t type,
                 reeld_money amount) {
  reeld_payment_event event = {.struct_size = sizeof event,
                               .type = type,
                               .event_id = str(id),
                               .order_id = order,
                               .provider_ref = str("ref"),
                               .amount = amount,
                               .time_ms = 7};
  sink->event(sink->ctx, &event);
}

static reeld_status charge(void* self, const reeld_call* call, const reeld_charge* charge_,
                           const reeld_payment_sink* sink, reeld_error* error) {
  (void)self;
  const reeld_str order = charge_->order_id;
  if (call->deadline_ms == 0 || !is(charge_->idempotency_key, "key") ||
      charge_->amount.minor_units <= 0) {
    return REELD_CORRUPT;
  }
  if (is(order, "paid")) {
    tell(sink, order, "evt", REELD_PAID, charge_->amount);
    tell(sink, order, "evt-2", 77, charge_->amount);
  } else if (is(order, "declined")) {
    strcpy(error->message, "the card is empty");
    return REELD_DENIED;
  } else if (is(order, "checkout")) {
    sink->checkout(sink->ctx, str("ref"), str("https://pay.example/1"));
  } else if (is(order, "away")) {
    strcpy(error->message, "no answer");
    return REELD_UNAVAILABLE;
  } else if (is(order, "odd-event")) {
    tell(sink, order, "", REELD_PAID, charge_->amount);
  } else if (is(order, "odd-url")) {
    sink->checkout(sink->ctx, str("ref"), str("javascript:alert(1)"));
  } else if (is(order, "odd-status")) {
    return 77;
  }
  return REELD_OK;
}

static reeld_status refund(void* self, const reeld_call* call, reeld_str ref, reeld_str key,
                           reeld_money amount, reeld_error* error) {
  (void)self, (void)call, (void)key, (void)amount, (void)error;
  return is(ref, "ref") ? REELD_OK : is(ref, "later") ? REELD_TIMEOUT : REELD_NOT_FOUND;
}

static reeld_status webhook(void* self, const reeld_call* call, reeld_list headers,
                            reeld_bytes body, const reeld_payment_sink* sink, reeld_error* error) {
  (void)self, (void)call, (void)error;
  if (headers.count != 1 || !is(headers.items[0].value, "signed")) {
    return REELD_DENIED;
  }
  const reeld_money amount = {5, "EUR", 0};
  if (body.size > 0) {
    tell(sink, str("paid"), "evt", REELD_DISPUTED, amount);
  }
  return REELD_OK;
}

static const reeld_payment table = {
    .struct_size = sizeof table, .charge = charge, .refund = refund, .webhook = webhook};
static const reeld_interface offers[] = {{REELD_PAYMENT, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.reeld.test.teller",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = tiny_create,
                                    .destroy = tiny_destroy};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
