/* Kind reeld.auth/1: who is this? Every function is [any].
 *
 * The host asks its providers in the configured order: DEFER passes on, the first other answer
 * wins, and nobody's answer is a refusal. Sessions, cookies, throttling and the audit of outcomes
 * are the host's. A provider offers authenticate(), or enroll() and verify() together, or all
 * three.
 */
#ifndef REELD_KIND_AUTH_H
#define REELD_KIND_AUTH_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_AUTH "reeld.auth/1"

enum { REELD_IDENTITY_EMAIL_VERIFIED = 1 };
typedef struct { /* the answer to "who is this?"; borrowed by the sink, which copies */
  uint32_t struct_size;
  uint32_t flags;        /* REELD_IDENTITY_... */
  reeld_str subject;     /* never changes for a person at this provider; not empty */
  reeld_str name, email; /* for people; may be empty */
  int64_t expires_at_ms; /* epoch ms after which to ask again; 0 = the host's own rule */
  reeld_list claims;     /* facts for the host's rules: {"group", "staff"} */
} reeld_identity;

typedef struct { /* what the client brought */
  uint32_t struct_size, zero;
  reeld_str scheme;     /* "password", "bearer" or "oidc-callback"; DEFER what is not yours */
  reeld_str identifier; /* the e-mail address for "password", else empty */
  reeld_str peer;       /* the client's address */
  reeld_bytes secret;   /* the password, the token, the state; never log it */
  reeld_list params;    /* the query of an oidc-callback */
} reeld_credential;

typedef struct {
  void* ctx;
  void (*identity)(void* ctx, const reeld_identity*); /* once, before OK is returned */
  void (*redirect)(void* ctx, reeld_str url, reeld_bytes state);
} reeld_auth_sink;

/* flags of reeld_auth */
enum { REELD_AUTH_CPU_BOUND = 1 }; /* calls burn CPU: the host runs them on its hashing thread */

typedef struct {
  uint32_t struct_size;
  uint32_t flags; /* REELD_AUTH_... */
  /* optional. OK after sink->identity; DENIED for a wrong secret; DEFER for what is not mine. */
  reeld_status (*authenticate)(void* self, const reeld_call*, const reeld_credential*,
                               const reeld_auth_sink*, reeld_error*);
  /* optional: redirect flows. Calls sink->redirect with the URL to send the browser to and a state
   * that comes back as the secret of an oidc-callback credential. */
  reeld_status (*begin)(void* self, const reeld_call*, reeld_str return_url, const reeld_auth_sink*,
                        reeld_error*);
  /* optional, with verify: turns a secret into a record (text, at most 1024 bytes) that the host
   * keeps. Calls `record` once. INVALID for a secret it refuses (empty, too long). */
  reeld_status (*enroll)(void* self, const reeld_call*, reeld_bytes secret,
                         const reeld_sink* record, reeld_error*);
  /* optional, with enroll: OK or DENIED; DEFER for a record not of this provider's form. When OK
   * and the record was made under weaker parameters than today's, calls `new_record` with one for
   * the same secret, which the host stores instead. */
  reeld_status (*verify)(void* self, const reeld_call*, reeld_str record, reeld_bytes secret,
                         const reeld_sink* new_record, reeld_error*);
} reeld_auth;

#ifdef __cplusplus
}
#endif
#endif
