// What a client says about a video: the members of a JSON body, or the fields of a form read as
// one.
#pragma once
#include "api/body_fields.h"
#include "catalog/video_draft.h"

namespace reeld::api {

/// Throws INVALID with everything that is wrong, types and rules alike.
catalog::VideoDraft readDraft(const Json& body);
/// Absent and null leave a member as it is; a price named null takes it away.
catalog::VideoChange readChange(const Json& body);

}  // namespace reeld::api
