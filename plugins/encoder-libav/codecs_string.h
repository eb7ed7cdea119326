// The CODECS attribute of a rendition (RFC 6381): profile, constraints and level as the encoder
// really wrote them into its sequence parameter set. Pure.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace reeld::libav {

/// `avc1.PPCCLL` from extradata with start codes (Annex B); empty if there is no parameter set in
/// it.
std::string avcCodec(std::span<const std::uint8_t> extradata);

/// AAC-LC, the only audio this encoder writes.
inline constexpr const char* AacCodec = "mp4a.40.2";

}  // namespace reeld::libav
