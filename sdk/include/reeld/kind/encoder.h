/* Kind reeld.encoder/1: describe a source, run one encoding task.
 *
 * An encoder is only ever opened in a reeld-worker process of its own, one call per process, with
 * no network and no file system but the descriptors it is handed. Both functions are [any] and
 * block; they look at reeld_cancelled(call) at least every 100 ms.
 *
 * PROBE answers one JSON object:
 *   {"format":str, "duration_ms":int, "size_bytes":int,
 *    "video": null | {"stream":int, "codec":str, "profile":str,
 *        "width":int, "height":int                    as coded,
 *        "display_width":int, "display_height":int    after rotation and sample aspect ratio,
 *        "rotation":0|90|180|270, "mirrored":bool, "sar":[num,den],
 *        "fps":[num,den] the constant-rate grid, "frames":int estimate on that grid, "vfr":bool,
 *        "pixel_format":str, "bit_depth":int, "hdr":"none"|"pq"|"hlg", "interlaced":bool,
 *        "start_us":int,
 *        "seekable":bool               a task may begin in mid-title: it finds its frames by time,
 *        "key_frames":[int],           rising, on that grid; empty if unknown
 *        "copyable":[int]},   bytes of the pictures from each key frame to the next; empty, or
 *                             left out, if they cannot be played as they are
 *    "audio": [{"stream":int, "codec":str, "channels":int, "sample_rate":int,
 *        "language":str        as the file says it, "ger" or "de-AT" or "",
 *        "title":str, "default":bool,
 *        "commentary":bool, "describes_video":bool,   what it is for, as far as the file says;
 *        "clear_speech":bool}],                       each may be left out, for false
 *    "undecodable_audio": [{"stream":int, "codec":str, "language":str, "title":str}],   or left out
 *    "subtitles": [{"stream":int, "codec":str, "language":str, "title":str, "default":bool,
 *        "forced":bool, "hearing_impaired":bool, "text":bool}]}     text: not pictures of text
 * A source it cannot use is INVALID with a sentence its owner understands.
 *
 * RUN gets a task as JSON in reeld_job.spec:
 *   {"fps":[num,den], "segment_frames":int, "first_segment":int, "segment_count":int|null,
 *    "frames":int of the whole title as probed, "starts":[int], "seek":bool, "decode_all":bool,
 *    "rungs":[{"name":"480p", "width":int, "height":int, "crf":num, "maxrate":int bits/s,
 *        "bufsize":int bits, "profile":"main"|"high", "copy":bool}],
 *    "preset":str, "threads":int,
 *    "audio": null | {"stream":int, "bitrate":int, "sample_rate":48000, "channels":2,
 *        "ready_from":int, "beside":int},
 *    "sound_parts":[int], "formats":["hls-ts"], "poster":bool, "beginning_apart":bool,
 *    "limits":{"max_pixels":int, "max_duration_ms":int, "max_gap_ms":int, "max_streams":int}}
 * segment_count null = to the end. A task makes the segments of its range and no others, at the
 * same boundaries as any other task of the title; one whose range lies beyond the title's end makes
 * none and succeeds. seek: the source was probed as seekable, so the task may jump to its first
 * frame. audio.ready_from: the sound is not the source's but in the input "sound", the part that
 * begins with that segment. A source without video has the one rung {"name":"audio"}, and fps
 * [25,1] is its grid. The input is named "source". Below the output directory it writes
 * <rung>/segment_000.ts, 001, ... (numbered on the whole title's grid, three digits or more) and:
 *   artifact "poster": poster.jpg, if asked for and there is a picture
 *   artifact "report": report.json, last:
 *     {"frames":int, "duration_us":int, "decode_errors":int, "damaged":bool,
 *      "refused":str of a copy alone, if it is refused,
 *      "renditions":[{"name":str, "width":int, "height":int, "codecs":"avc1.640028,mp4a.40.2",
 *          "fps":[n,d], "bandwidth":int peak bits/s, "average_bandwidth":int, "frames":int,
 *          "segments":int}]}
 *
 * beginning_apart: another task makes the first segment of the smallest rung, too, and it may be
 * that one's which is played; the one after it says that what counts packets starts anew.
 *
 * starts: the first frame of each of the title's segments, rising from 0, where they are not
 * equally long; the last one ends with "frames", however much is decoded, and segment_frames is the
 * longest one's. Sound then comes in the input "sound" always.
 *
 * A task may copy instead of encode, of a source that was probed as copyable: its one rung says
 * "copy":true, and starts are key frames of the source. It makes that rung's segments of the
 * source's own pictures, with sound that it encodes as ever; and sound_parts, if they are named, as
 * below. Where it finds the source other than it was probed (a picture in no slot of the grid,
 * twice or missing, parameters that change, a segment that does not decode by itself) it stops and
 * succeeds with a report that has "refused":str, why; what it made is thrown away and the source
 * encoded. "decode_all":true: no other task decodes the pictures, so this one does, to see that
 * they decode.
 *
 * A task may make the title's sound instead, for tasks that get it as "sound":
 *   {"sound_parts":[int, ...], ...} with fps, segment_frames, frames, audio and limits as above,
 * and no rungs. The numbers are the parts' first segments, rising from 0; the last part goes to the
 * end. Sound is encoded once from its start, with silence up to "frames" where there is none. Each
 * part is sink.segment()ed as soon as it is complete: rendition "sound", format "aac", index the
 * part's first segment, path sound/part_000.aac: packets of AAC-LC in ADTS, from the first that
 * begins in that segment (of part 0, from the priming packet) to the last before the next part's.
 * Report as above, without renditions.
 *
 * A task may take subtitles out instead, those that probing called text:
 *   {"subtitles":{"streams":[int], "most_cues":int, "most_bytes":int}, "fps", "audio" and "limits"
 *    as above}
 * It reads the source once and writes, as the artifact "subtitles" each, subtitles/stream_3.vtt for
 * a stream that shows anything: WebVTT in UTF-8, times counted from where the title's pictures and
 * sound are counted from, no text that could be taken for the start of another cue, no more cues
 * and bytes than that. Its report.json, last:
 *   {"subtitles":[{"stream":int, "decoded":bool, "cues":int, "dropped":int, "decode_errors":int}]}
 * A stream that cannot be decoded is "decoded":false, and no failure.
 *
 * A task may make one more track of sound of a title, beside the one its pictures have:
 *   {"rungs":[{"name":str}], "audio":{..., "beside":int}, "frames":int, "first_segment":int, ...}
 * with fps, segment_frames, starts and limits as above. audio.beside is the stream that is heard
 * with the pictures: the title begins where it begins with that one, and the track is laid on its
 * time line. frames is what the title really has: the track ends with it, sound beyond is cut off,
 * silence fills what is missing in front, within and at the end. It makes the segments from
 * first_segment on, of sound alone, cut where the title is; a last one in which no packet begins is
 * left out. A track of which less than half decodes is INVALID, whatever was made of it before.
 *
 * A task may be about a picture instead:
 *   {"still":{"most_side":int}, "limits":{"max_pixels":int}}
 * The input "source" is a still image of a stranger's (JPEG, PNG, WebP). It writes the artifact
 * "poster": poster.jpg, the picture upright, no side longer than most_side, and nothing else. What
 * is no such picture is INVALID with a sentence for whoever sent it; an encoder that has no
 * decoders for pictures answers UNSUPPORTED.
 *
 * A task may make a sheet of a storyboard instead:
 *   {"storyboard":{"tile_width":int, "tile_height":int, "columns":int}, "limits":{...}}
 * Each input, whatever its name, is a segment that an encoder made. The first picture of each,
 * which a player can show by itself, is scaled to a tile of that many pixels (both even); tiles are
 * laid out in the order of the inputs, row by row, in one JPEG as wide as its tiles, with no more
 * rows than they fill: the artifact "storyboard", storyboard.jpg. An input without such a picture
 * leaves its place black; if none has one, it is INVALID. Its report.json, last:
 *   {"tiles":[{"name":str of the input, "decoded":bool}]}
 *
 * A task may decode what an encoder made, to see that it plays:
 *   {"decode":true, "threads":int, "limits":{...}}
 * Each input, whatever its name, is a segment, or another file a player can play by itself. Every
 * picture and all sound of it is decoded, and damage is counted that a player would conceal. It
 * writes the artifact "report": report.json, and nothing else:
 *   {"files":[{"name":str of the input, "frames":int pictures, "samples":int of sound per channel,
 *       "errors":int places that do not decode, "refused":str, if it cannot be read at all}]}
 */
#ifndef REELD_KIND_ENCODER_H
#define REELD_KIND_ENCODER_H
#include <reeld/plugin.h>
#ifdef __cplusplus
extern "C" {
#endif

#define REELD_ENCODER "reeld.encoder/1"

typedef struct {
  reeld_str name; /* "source", "sound" */
  int32_t fd;     /* read only, seekable, at any offset; stays the host's */
  int32_t zero;
} reeld_input;

typedef struct {
  uint32_t struct_size, zero;
  reeld_str job_id; /* for log lines */
  reeld_str spec;   /* JSON, the task, as above */
  const reeld_input* inputs;
  size_t input_count;
  int32_t output_dir_fd; /* an empty directory; write below it, openat() only */
  int32_t zero2;
} reeld_job;

typedef struct { /* a finished segment: complete, closed, never written again */
  uint32_t struct_size;
  uint32_t index;      /* on the whole title's grid */
  reeld_str rendition; /* the rung's name */
  reeld_str path;      /* relative to output_dir_fd */
  int64_t start_us;    /* on the title's time line */
  int64_t duration_us;
  uint64_t bytes, frames;
  reeld_str format; /* "hls-ts", "aac" */
} reeld_segment;

typedef struct { /* called during run(), from its thread */
  void* ctx;
  void (*progress)(void* ctx, uint32_t permille); /* never falls */
  void (*segment)(void* ctx, const reeld_segment*);
  void (*artifact)(void* ctx, reeld_str kind, reeld_str path); /* complete and closed */
} reeld_job_sink;

typedef struct {
  uint32_t struct_size, zero;
  /* Calls `json` once. */
  reeld_status (*probe)(void* self, const reeld_call*, int32_t fd, const reeld_sink* json,
                        reeld_error*);
  /* Blocks until the task is done. INVALID: the source cannot be used; CORRUPT: it can be read no
   * further and nothing of use came out; EXHAUSTED: no space left. */
  reeld_status (*run)(void* self, const reeld_call*, const reeld_job*, const reeld_job_sink*,
                      reeld_error*);
} reeld_encoder;

#ifdef __cplusplus
}
#endif
#endif
