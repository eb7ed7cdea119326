/* Speaks only a major that this host does not know. */
extern const void* reeld_plugin_abi2(void);
const void* reeld_plugin_abi2(void) { return 0; }
