// Storyboards as answers, whoever asked and however he proved that he may; and their routes behind
// a grant: storyboard/index.vtt and storyboard/sheet_NNN.jpg.
#pragma once
#include "api/media_answers.h"
#include "http/route.h"
#include "playback/playback.h"

#include <memory>
#include <optional>
#include <string_view>

namespace reeld::api {

/// A storyboard is made after everything else: media that was read without one is read once more
/// where storage is in reach.
class StoryboardAnswers {
 public:
  /// Both outlive this.
  StoryboardAnswers(playback::Playback& playback, MediaFiles& files)
      : playback_(playback), files_(files) {}

  /// Nothing if it is out of reach, or there is none.
  std::optional<http::Response> text(const playback::Media& media, Reach reach,
                                     const playback::SheetAddress& address,
                                     const char* cache_control) const;
  std::optional<http::Response> sheet(std::string_view name, const playback::Media& media,
                                      Reach reach, const char* cache_control) const;

 private:
  std::shared_ptr<const playback::Media> reread(const playback::Media& media, Reach reach) const;

  playback::Playback& playback_;
  MediaFiles& files_;
};

http::Routes storyboardRoutes(playback::Playback& playback, MediaFiles& files);

}  // namespace reeld::api
