#include "playback/subtitles.h"

#include "playback/media.h"
#include "playback/xml_text.h"

#include <algorithm>
#include <charconv>

namespace reeld::playback {

namespace {

constexpr std::int64_t PieceUs = 60'000'000;

std::string path(const Subtitles& subtitles) {
  return "subtitles/" + std::to_string(subtitles.number) + "/";
}

const char* yesOrNo(bool is_so) { return is_so ? "YES" : "NO"; }

std::string role(const char* value) {
  return std::string("<Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"") + value + "\"/>";
}

std::optional<std::size_t> plainNumber(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool canonical = digits == "0" || (!digits.empty() && digits.front() != '0');
  const bool good = error == std::errc() && end == digits.data() + digits.size() && canonical;
  return good ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string listedSubtitles(const std::vector<Subtitles>& all, const std::string& base) {
  std::string text;
  for (const Subtitles& one : all) {
    text += "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=" + quoted(one.name);
    text += one.language.empty() ? "" : ",LANGUAGE=" + quoted(one.language);
    text += std::string(",DEFAULT=") + yesOrNo(one.is_default) +
            ",AUTOSELECT=YES,FORCED=" + yesOrNo(one.is_forced);
    text += one.for_hearing_impaired
                ? ",CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"
                  "public.accessibility.describes-music-and-sound\""
                : "";
    text += ",URI=" + quoted(base + path(one) + "index.m3u8") + "\n";
  }
  return text;
}

std::string dashSubtitles(const Subtitles& one, int id) {
  std::string text =
      "<AdaptationSet id=\"" + std::to_string(id) + "\" contentType=\"text\" mimeType=\"text/vtt\"";
  text += one.language.empty() ? "" : " lang=\"" + escaped(one.language) + "\"";
  text += "><Label>" + escaped(one.name) + "</Label>";
  text += role(one.is_forced              ? "forced-subtitle"
               : one.for_hearing_impaired ? "caption"
                                          : "subtitle");
  text += one.is_default ? role("main") : "";
  return text + "<Representation id=\"subtitles-" + std::to_string(one.number) +
         "\" bandwidth=\"1000\"><BaseURL>" + path(one) +
         "all.vtt</BaseURL></Representation></AdaptationSet>\n";
}

const Subtitles* findSubtitles(const Media& media, std::string_view text) noexcept {
  const auto number = plainNumber(text);
  const auto found =
      std::find_if(media.subtitles.begin(), media.subtitles.end(), [&](const Subtitles& one) {
        return number && one.number == static_cast<std::int64_t>(*number);
      });
  return found != media.subtitles.end() ? &*found : nullptr;
}

std::vector<SubtitlePiece> subtitlePieces(const Media& media) {
  std::vector<SubtitlePiece> pieces;
  std::int64_t at = 0;
  if (media.renditions.empty()) {
    return pieces;
  }
  for (const std::int64_t duration : media.renditions.front().segment_us) {
    if (pieces.empty() || pieces.back().to_us - pieces.back().from_us >= PieceUs) {
      pieces.push_back({at, at});
    }
    at += duration;
    pieces.back().to_us = at;
  }
  return pieces;
}

std::string subtitlePlaylist(const Media& media) {
  std::vector<ListedSegment> listed;
  std::int64_t longest_us = 0;
  for (const SubtitlePiece& piece : subtitlePieces(media)) {
    const std::int64_t duration_us = piece.to_us - piece.from_us;
    listed.push_back({std::to_string(listed.size()) + ".vtt", duration_us});
    longest_us = std::max(longest_us, duration_us);
  }
  // Subtitles alone may have another target than the pictures' (RFC 8216, section 6.2.4).
  const auto target = static_cast<int>((longest_us + 999'999) / 1'000'000);
  return mediaPlaylist(target, listed, media.complete);
}

std::optional<std::size_t> subtitlePieceNumber(std::string_view name, std::size_t pieces) {
  constexpr std::string_view End = ".vtt";
  if (!name.ends_with(End)) {
    return std::nullopt;
  }
  const auto number = plainNumber(name.substr(0, name.size() - End.size()));
  return number && *number < pieces ? number : std::nullopt;
}

}  // namespace reeld::playback
