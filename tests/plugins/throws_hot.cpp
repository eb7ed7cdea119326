// Breaks rule 4 where nobody can contain it: an exception leaves on_request().
#include <reeld/kind/interceptor.h>

#include <stdexcept>

namespace {

int nothing;

reeld_status create(const reeld_host*, reeld_str, void** self, reeld_error*) {
  *self = &nothing;
  return REELD_OK;
}
void destroy(void*) {}
int32_t onRequest(void*, reeld_exchange*) { throw std::runtime_error("lost"); }

constexpr reeld_interceptor Table = [] {
  reeld_interceptor table{};
  table.struct_size = sizeof table;
  table.on_request = &onRequest;
  return table;
}();
constexpr reeld_interface Offers[] = {{REELD_INTERCEPTOR, &Table}, {nullptr, nullptr}};
constexpr reeld_plugin Plugin = [] {
  reeld_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = REELD_ABI_MAJOR;
  plugin.id = "org.reeld.test.throws-hot";
  plugin.version = "1.0.0";
  plugin.interfaces = Offers;
  plugin.create = &create;
  plugin.destroy = &destroy;
  return plugin;
}();

}  // namespace

extern "C" const reeld_plugin* reeld_plugin_abi1() { return &Plugin; }
