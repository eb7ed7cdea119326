/* A library, but no plugin. */
extern int reeld_plugin_something_else(void);
int reeld_plugin_something_else(void) { return 1; }
