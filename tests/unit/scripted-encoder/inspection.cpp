#include "inspection.h"

#include "task.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace scripted {

namespace {

reeld_status answer(const reeld_sink* sink, const std::string& json) {
  sink->value(sink->ctx, {reinterpret_cast<const uint8_t*>(json.data()), json.size()}, 0);
  return REELD_OK;
}

}  // namespace

reeld_status inspect(void*, const reeld_call*, int32_t fd, const reeld_sink* sink,
                     reeld_error* error) {
  char first[16] = {};
  if (pread(fd, first, sizeof first - 1, 0) <= 0) {
    return fail(error, REELD_INVALID, "the file is empty");
  }
  if (std::strncmp(first, "crash", 5) == 0) {
    std::abort();
  }
  if (std::strncmp(first, "text", 4) == 0) {
    return fail(error, REELD_INVALID, "the file is no video: it cannot be recognised");
  }
  if (std::strncmp(first, "talk", 4) == 0) {
    // Two tracks in streams that the text names, and one of pictures: "talk 3 10".
    int one = 0;
    int other = 0;
    std::sscanf(first, "talk %d %d", &one, &other);
    const auto track = [](int stream, const char* language, const char* text) {
      return R"({"stream":)" + std::to_string(stream) + R"(,"codec":"subrip","language":")" +
             language + R"(","text":)" + text + "}";
    };
    const std::string json =
        R"({"format":"mov","duration_ms":12000,"size_bytes":4,"video":{"stream":0,)"
        R"("codec":"h264","display_width":640,"display_height":360,"fps":[25,1],"frames":300},)"
        R"("audio":[],"subtitles":[)" +
        track(one, "ger", "true") + "," + track(8, "eng", "false") + "," +
        track(other, "eng", "true") + "]}";
    return answer(sink, json);
  }
  if (std::strncmp(first, "long", 4) == 0) {
    const std::string json =
        R"({"format":"mov","duration_ms":80000,"size_bytes":4,"video":{"stream":0,)"
        R"("codec":"h264","display_width":640,"display_height":360,"fps":[25,1],"frames":2000,)"
        R"("seekable":true,"key_frames":[0,250,500,750,1000,1250,1500,1750]},)"
        R"("audio":[{"stream":1,"default":true}],"subtitles":[]})";
    return answer(sink, json);
  }
  if (std::strncmp(first, "voices", 6) == 0) {
    const std::string json =
        R"({"format":"mov","duration_ms":12000,"size_bytes":4,"video":{"stream":0,"codec":"h264",)"
        R"("display_width":640,"display_height":360,"fps":[25,1],"frames":300},"audio":[)"
        R"({"stream":1,"language":"eng","default":true},{"stream":2,"language":"ger"},)"
        R"({"stream":3,"language":"fra"}],"subtitles":[]})";
    return answer(sink, json);
  }
  if (std::strncmp(first, "copy", 4) == 0) {
    std::string keys;
    std::string sizes;
    for (int key = 0; key < 2000; key += 100) {
      keys += (keys.empty() ? "" : ",") + std::to_string(key);
      sizes += (sizes.empty() ? "" : ",") + std::string("250000");
    }
    const std::string json =
        R"({"format":"mov","duration_ms":80000,"size_bytes":4,"video":{"stream":0,)"
        R"("codec":"h264","display_width":640,"display_height":360,"fps":[25,1],"frames":2000,)"
        R"("seekable":true,"key_frames":[)" +
        keys + R"(],"copyable":[)" + sizes +
        R"(]},"audio":[{"stream":1,"default":true}],"subtitles":[]})";
    return answer(sink, json);
  }
  const std::string json =
      R"({"format":"mov","duration_ms":12000,"size_bytes":4,"video":{"stream":0,"codec":"h264",)"
      R"("display_width":640,"display_height":360,"fps":[25,1],"frames":300},"audio":[],"subtitles":[]})";
  return answer(sink, json);
}

}  // namespace scripted
