// See still_image.h.
#include "still_image.h"

#include "fd_reader.h"
#include "graph.h"
#include "jpeg.h"
#include "still_head.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

namespace reeld::libav {
namespace {

constexpr std::int64_t MostImageBytes = 32 << 20;

/// Before the decoder sees it: what it refuses for its size it calls broken.
void requireSize(const StillHead& head, std::int64_t max_pixels) {
  // Divided, because the product of what a hostile file claims need not fit.
  if (head.width == 0 || head.height <= max_pixels / head.width) {
    return;
  }
  const std::string side =
      std::to_string(static_cast<std::int64_t>(std::sqrt(static_cast<double>(max_pixels))));
  invalid("the picture is too large: it has " + std::to_string(head.width) + " x " +
          std::to_string(head.height) + " pixels; at most " + std::to_string(max_pixels) +
          " are taken, such as " + side + " x " + side);
}

PacketPtr wholeFile(int fd) {
  FdReader file(fd);
  if (file.size() == 0) {
    invalid("the file is empty");
  }
  if (file.size() > MostImageBytes) {
    invalid("the picture is too large");
  }
  PacketPtr packet = newPacket();
  check(av_new_packet(packet.get(), static_cast<int>(file.size())), "reading a picture");
  if (avio_read(file.io(), packet->data, packet->size) != packet->size) {
    invalid("the file cannot be read");
  }
  return packet;
}

CodecPtr openImageDecoder(const char* name, std::int64_t max_pixels) {
  const AVCodec* codec = avcodec_find_decoder_by_name(name);
  if (codec == nullptr) {
    throw Failure(REELD_UNSUPPORTED, std::string("this FFmpeg has no decoder called ") + name);
  }
  CodecPtr decoder(avcodec_alloc_context3(codec));
  if (!decoder) {
    throw std::bad_alloc();
  }
  decoder->thread_count = 1;
  // The decoder counts the padding of its rows as well, so a little more than what was allowed.
  decoder->max_pixels = max_pixels + max_pixels / 16;
  // What the decoder finds broken is refused: a poster that is half grey helps nobody.
  decoder->err_recognition = AV_EF_EXPLODE;
  check(avcodec_open2(decoder.get(), codec, nullptr), "opening the decoder of a picture");
  return decoder;
}

/// EXIF numbers the eight ways a camera can have been held.
Orientation orientationOfCamera(const AVFrame& frame) {
  constexpr std::array<Orientation, 9> Ways = {{{0, false},
                                                {0, false},
                                                {0, true},
                                                {180, false},
                                                {180, true},
                                                {90, true},
                                                {90, false},
                                                {270, true},
                                                {270, false}}};
  const AVDictionaryEntry* entry = av_dict_get(frame.metadata, "Orientation", nullptr, 0);
  const long way = entry == nullptr ? 1 : std::strtol(entry->value, nullptr, 10);
  return way >= 1 && way <= 8 ? Ways[static_cast<std::size_t>(way)] : Ways[1];
}

int even(double side) { return std::max(2, static_cast<int>(std::lround(side / 2)) * 2); }

}  // namespace

StillImage readStillImage(int fd, std::int64_t max_pixels) {
  const PacketPtr packet = wholeFile(fd);
  const auto head = readStillHead({packet->data, static_cast<std::size_t>(packet->size)});
  if (!head) {
    invalid("this is no JPEG, PNG or WebP picture");
  }
  requireSize(*head, max_pixels);
  const CodecPtr decoder = openImageDecoder(head->decoder, max_pixels);
  StillImage image{newFrame(), {}};
  packet->flags |= AV_PKT_FLAG_KEY;
  const bool decoded = avcodec_send_packet(decoder.get(), packet.get()) >= 0 &&
                       avcodec_send_packet(decoder.get(), nullptr) >= 0 &&
                       avcodec_receive_frame(decoder.get(), image.frame.get()) >= 0 &&
                       image.frame->width > 0 && image.frame->height > 0;
  if (!decoded) {
    invalid("the picture is damaged, or of a kind that is not supported");
  }
  image.orientation = orientationOfCamera(*image.frame);
  return image;
}

std::vector<std::uint8_t> uprightJpeg(StillImage& image, int most_side) {
  AVFrame& frame = *image.frame;
  double width = frame.width;
  double height = frame.height;
  if (image.orientation.swapsSides()) {
    std::swap(width, height);
  }
  const double fit = std::min(1.0, most_side / std::max(width, height));
  const Size size{even(width * fit), even(height * fit)};
  Graph graph({size}, image.orientation, {1, 1}, 1);
  std::vector<std::uint8_t> jpeg;
  const auto keep = [&](SlotRun, std::vector<FramePtr>& frames) {
    jpeg = encodeJpeg(*frames.front(), size.width, size.height);
  };
  frame.pts = 0;
  frame.sample_aspect_ratio = {1, 1};
  const Picture picture = pictureOf(frame, {1, 1});
  graph.filter(frame, picture, {0, 1}, keep);
  graph.finish(keep);
  if (jpeg.empty()) {
    throw Failure(REELD_INTERNAL, "no picture came out of the filters");
  }
  return jpeg;
}

}  // namespace reeld::libav
