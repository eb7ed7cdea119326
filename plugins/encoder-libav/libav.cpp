// Handles and return codes; see libav.h.
#include "libav.h"

#include <cerrno>
#include <new>

namespace reeld::libav {

FramePtr newFrame() {
  FramePtr frame(av_frame_alloc());
  if (!frame) {
    throw std::bad_alloc();
  }
  return frame;
}

PacketPtr newPacket() {
  PacketPtr packet(av_packet_alloc());
  if (!packet) {
    throw std::bad_alloc();
  }
  return packet;
}

FramePtr shareFrame(const AVFrame& frame) {
  FramePtr copy(av_frame_clone(&frame));
  if (!copy) {
    throw std::bad_alloc();
  }
  return copy;
}

PacketPtr takePacket(AVPacket& packet) {
  PacketPtr taken = newPacket();
  av_packet_move_ref(taken.get(), &packet);
  return taken;
}

Options::~Options() { av_dict_free(&dictionary_); }

Options& Options::set(const char* key, const std::string& value) {
  check(av_dict_set(&dictionary_, key, value.c_str(), 0), key);
  return *this;
}

Options& Options::set(const char* key, std::int64_t value) {
  check(av_dict_set_int(&dictionary_, key, value, 0), key);
  return *this;
}

void Options::requireAllTaken(const char* by) const {
  const AVDictionaryEntry* left = av_dict_get(dictionary_, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  if (left != nullptr) {
    throw Failure(REELD_INTERNAL,
                  std::string(by) + " has no option " + left->key +
                      " (is this another FFmpeg than the one reeld was built with?)");
  }
}

std::string errorText(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

int check(int result, std::string_view what) {
  if (result >= 0) {
    return result;
  }
  if (result == AVERROR(ENOMEM)) {
    throw std::bad_alloc();
  }
  const reeld_status status = result == AVERROR(ENOSPC) ? REELD_EXHAUSTED : REELD_INTERNAL;
  throw Failure(status, std::string(what) + ": " + errorText(result));
}

}  // namespace reeld::libav
