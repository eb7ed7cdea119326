/* Sets one header on every answer. Plain C: no wrapper, no library.
 *   plugins: {frames: {use: header-rule, config: "X-Frame-Options: DENY"}}
 *   interceptors: [frames] */
#include <reeld/kind/interceptor.h>

#include <stdlib.h>
#include <string.h>

typedef struct {
  reeld_str name, value;
  char line[256];
} rule;

/* The host has held it against our schema: "NAME: VALUE", in the quotes of JSON. */
static reeld_status create(const reeld_host* host, reeld_str config, void** self,
                           reeld_error* error) {
  (void)host, (void)error;
  rule* r = calloc(1, sizeof *r);
  if (r == NULL)
    return REELD_EXHAUSTED;
  memcpy(r->line, config.data + 1, config.size - 2);
  const size_t colon = (size_t)(strchr(r->line, ':') - r->line);
  r->name = (reeld_str){r->line, colon};
  r->value = (reeld_str){r->line + colon + 2, strlen(r->line + colon + 2)};
  *self = r;
  return REELD_OK;
}
static void on_response(void* self, reeld_exchange* x) {
  const rule* r = self;
  x->api->set_header(x, r->name, r->value);
}
static const char schema[] =
    "{\"type\":\"string\",\"pattern\":\"^[A-Za-z-]{1,60}: [A-Za-z0-9 ;,=:/.*-]{1,160}$\"}";
static const reeld_interceptor table = {.struct_size = sizeof table, .on_response = on_response};
static const reeld_interface offers[] = {{REELD_INTERCEPTOR, &table}, {NULL, NULL}};
static const reeld_plugin plugin = {.struct_size = sizeof plugin,
                                    .abi_major = REELD_ABI_MAJOR,
                                    .id = "org.example.header-rule",
                                    .version = "1.0.0",
                                    .interfaces = offers,
                                    .create = create,
                                    .destroy = free,
                                    .config_schema = schema};
const reeld_plugin* reeld_plugin_abi1(void) { return &plugin; }
