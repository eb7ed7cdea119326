// What a video is found by: the words of its title and description, and its tags, as rows of
// video_terms. Written in the transaction of the change; the same on both engines, because neither
// full-text index of theirs reads as the other's.
#pragma once
#include "catalog/video_draft.h"
#include "db/database.h"

#include <set>
#include <string>
#include <string_view>

namespace reeld::catalog {

/// The term of a tag; no word begins like it.
std::string tagTerm(std::string_view tag);

/// The term of a word: the word, or so much of a very long one as is kept.
std::string keptTerm(std::string word);

/// Title first, so that a description of any length hides none of its words.
std::set<std::string> termsOf(const VideoDraft& draft);

/// Brings the video's terms and the key of its title's place up to date.
void indexVideo(db::Session& session, VideoId id, const VideoDraft& draft);

/// Videos whose terms follow older rules: indexes up to `most` of them, says how many. 0 = done.
std::int64_t indexOldVideos(db::Session& session, std::int64_t most);

}  // namespace reeld::catalog
