/* Kind reeld.storage/1: keys to immutable objects. Every function is [any]: many threads use a
 * storage at once, a reader or writer belongs to one thread at a time.
 *
 * Keys are validated by the host: parts joined by '/', none of them empty, "." or "..", at most 255
 * bytes each and 1024 in all, no NUL. To the storage they mean nothing. No key is a folder of
 * another one.
 */
#ifndef REELD_KIND_STORAGE_H
#define REELD_KIND_STORAGE_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_STORAGE "reeld.storage/1"

typedef struct {
  uint32_t struct_size, zero;
  uint64_t size;       /* bytes; in a hint: what will be written, 0 = unknown */
  int64_t modified_ms; /* epoch ms */
  reeld_str key;
  reeld_str etag;         /* without quotes; differs whenever the bytes differ */
  reeld_str content_type; /* may be empty: the host knows by key */
} reeld_object;

typedef struct {
  void* ctx;
  int32_t (*object)(void* ctx, const reeld_object*); /* 0 = no more wanted */
} reeld_object_sink;

typedef struct { /* filled in by open(); the host calls release() once, whatever read() said */
  void* impl;
  int64_t (*read)(void* impl, void* buffer, size_t size,
                  reeld_error*); /* bytes, 0 = end, -status */
  void (*release)(void* impl);
} reeld_reader;

typedef struct { /* filled in by create(); the host calls release() once, also after commit() */
  void* impl;
  reeld_status (*write)(void* impl, reeld_bytes,
                        reeld_error*); /* all of it; EXHAUSTED: disk full */
  /* Durable and visible under its key when OK, replacing what was there in one step; the sink (may
   * be NULL) gets the object. Nothing is visible before; release() without it discards. */
  reeld_status (*commit)(void* impl, const reeld_object_sink*, reeld_error*);
  void (*release)(void* impl);
} reeld_writer;

typedef struct {
  uint32_t struct_size, zero;
  /* NOT_FOUND, or the object to the sink. */
  reeld_status (*stat)(void* self, const reeld_call*, reeld_str key, const reeld_object_sink*,
                       reeld_error*);
  /* Bytes from offset on; length 0 = to the end. An offset beyond the end reads 0 bytes. */
  reeld_status (*open)(void* self, const reeld_call*, reeld_str key, uint64_t offset,
                       uint64_t length, reeld_reader*, reeld_error*);
  /* hint has at least the key. */
  reeld_status (*create)(void* self, const reeld_call*, const reeld_object* hint, reeld_writer*,
                         reeld_error*);
  /* OK also if there is no such key. Readers and descriptors that are open stay good. */
  reeld_status (*remove)(void* self, const reeld_call*, reeld_str key, reeld_error*);
  /* Keys that begin with prefix (text, not a folder) and are greater than `after`, in byte order,
   * until the sink returns 0. */
  reeld_status (*list)(void* self, const reeld_call*, reeld_str prefix, reeld_str after,
                       const reeld_object_sink*, reeld_error*);
  /* optional: a read-only descriptor of the whole object for sendfile; the host closes it. */
  reeld_status (*open_fd)(void* self, const reeld_call*, reeld_str key, int32_t* fd, reeld_error*);
  /* optional: a URL that serves the object for ttl_ms without further rights. */
  reeld_status (*presign)(void* self, const reeld_call*, reeld_str key, int64_t ttl_ms,
                          const reeld_sink* url, reeld_error*);
  /* optional: take a finished spool file as the object without copying it (a link on the same file
   * system). fd stays the host's, as does the file's own name. UNSUPPORTED = the host writes it
   * through create(). Afterwards nobody writes to the file any more. */
  reeld_status (*adopt)(void* self, const reeld_call*, const reeld_object* hint, int32_t fd,
                        const reeld_object_sink*, reeld_error*);
} reeld_storage;

#ifdef __cplusplus
}
#endif
#endif
