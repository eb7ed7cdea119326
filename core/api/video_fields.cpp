#include "api/video_fields.h"

namespace reeld::api {

catalog::VideoDraft readDraft(const Json& body) {
  BodyFields fields(body);
  catalog::VideoDraft draft;
  draft.title = fields.requiredText("title");
  draft.description = fields.text("description");
  draft.category = fields.text("category").value_or(draft.category);
  draft.tags = fields.texts("tags").value_or(draft.tags);
  draft.is_paid = fields.flag("is_paid").value_or(false);
  draft.price_minor = fields.price("price").minor;
  fields.refuse(catalog::faults(draft));
  fields.check();
  return draft;
}

catalog::VideoChange readChange(const Json& body) {
  BodyFields fields(body);
  const auto price = fields.price("price");
  catalog::VideoChange change{.title = fields.text("title"),
                              .description = fields.text("description"),
                              .category = fields.text("category"),
                              .tags = fields.texts("tags"),
                              .is_paid = fields.flag("is_paid"),
                              .sets_price = price.named,
                              .price_minor = price.minor};
  fields.check();
  return change;
}

}  // namespace reeld::api
