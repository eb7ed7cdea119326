// Answers about one video's processing for administrators and for the catalogue: is everything a
// player needs there (verify), and why is it in the state it is in (why).
#pragma once
#include "base/json.h"
#include "catalog/completion.h"
#include "db/database.h"
#include "processing/encoding.h"
#include "processing/job.h"
#include "processing/ladder.h"
#include "storage/storage.h"

#include <functional>
#include <string>
#include <vector>

namespace reeld::processing {

class VideoInspection final : public catalog::Completion {
 public:
  VideoInspection(db::Database& database, storage::Storage& storage)
      : database_(database), storage_(storage) {}

  /// For PROCESSING -> READY by hand: what was made, if it is complete and whole.
  std::variant<catalog::Finished, std::string> verify(const catalog::Video& video) override;

  /// A closer look at what is whole as far as its bytes tell (DecodeCheck::check); sentences of
  /// what is wrong. What it throws passes.
  using Closer = std::function<std::vector<std::string>(const std::vector<Rendition>&)>;

  /// {"id":n,"ok":bool,"encoding":n|null,"renditions":n,"segments":n,"bytes":n,"decoded":bool,
  /// "problems":[s]}. Looks at every stored object of the encoding that plays, or else the newest;
  /// "decoded": `closer` looked as well. Throws NOT_FOUND.
  Json verify(catalog::VideoId id, const Closer& closer = {});
  /// {"id":n,"title":s,"state":s,"damaged":bool,"playable":bool,"deleted":bool,"steps":[s]}: the
  /// way so far, in sentences. Throws NOT_FOUND.
  Json why(catalog::VideoId id);

 private:
  struct Found;
  Found inspect(const Encoding& encoding);
  catalog::Video find(catalog::VideoId id);

  db::Database& database_;
  storage::Storage& storage_;
};

/// {"id","kind","video_id","state","attempt","max_attempts","crashes","losses","progress_permille","locked_by",
/// "last_error","run_at","created_at","finished_at"}
Json toJson(const Job& job);

}  // namespace reeld::processing
