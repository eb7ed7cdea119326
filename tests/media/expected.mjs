// What the clips of the media folder must look like when they play: displayed size (after rotation and
// pixel shape), short sides of the rungs, sound. `exact`: the source has a constant rate, so every one of
// its frames is there once; otherwise the count is that of ffmpeg's fps filter at the rate we announce.
// `sounds`: of several tracks of sound, how many.
const hd = [480, 720, 1080];

export const expected = {
  'bbb_1080p25_h264_aac51_17s.mp4': { size: [1920, 1080], rungs: hd, audio: true, fps: 25, exact: true },
  'bbb_720p24_vp8_vorbis_30s.webm': { size: [1280, 720], rungs: [480, 720], audio: true, fps: 24, exact: true },
  'bbb_720p25_h264_aac51_5s.mp4': { size: [1280, 720], rungs: [480, 720], audio: true, fps: 25, exact: true },
  'bbb_800x640_vp9_noaudio.mp4': { size: [1138, 640], rungs: [480], audio: false, fps: 30, exact: true },
  'bbb_audio_only_aac51_12s.m4a': { audio: true },
  'tos_800x332_sar399-400_vp8_25s.webm': { size: [798, 332], rungs: [332], audio: true, fps: 24, exact: true },
  'flower_540p2997_h264_5s.mp4': { size: [960, 540], rungs: [480], audio: true, fps: 29.97 },
  'friday_480p_h264_aac_srt.mkv': { size: [640, 480], rungs: [480], audio: true, fps: 30 },
  'emu_720p_rot270_h264_5s.mp4': { size: [720, 1280], rungs: [480, 720], audio: true, fps: 29.97 },
  'phone_1080p_hevc10_hlg_rot90_vfr_editlist.mp4': { size: [1080, 1920], rungs: hd, audio: true },
  'pixel7_1080p_rot180_vfr_noaudio.mp4': { size: [1920, 1080], rungs: hd, audio: false },
  'phone_4k60_portrait_vfr_0.3s.mp4': { size: [2160, 3840], rungs: hd, audio: true },
  'hdr10_1080p_hevc10_pq_1s.mp4': { size: [1920, 1080], rungs: hd, audio: true },
  'rotate_and_reflect.mp4': { size: [720, 1080], rungs: [480, 720], audio: true },
  'sample_av1_aac.mp4': { size: [1080, 720], rungs: [480, 720], audio: true },
  'sample_srt.mkv': { size: [1080, 720], rungs: [480, 720], audio: true },
  'sample_pgs.mkv': { size: [1080, 720], rungs: [480, 720], audio: true },
  'person_768x432_10fps_noaudio_40s.mp4': { size: [768, 432], rungs: [432], audio: false, fps: 10 },
  'gen_multiaudio3_subs2_480p_12s.mkv': { size: [854, 480], rungs: [480], audio: true, sounds: 3 },
  'gen_576i25_sar64-45_mpeg2_6s.ts': { size: [1024, 576], rungs: [480], audio: true, fps: 25 },
  'gen_641x361_yuv444_4s.mp4': { size: [641, 361], rungs: [360], audio: true },
  'gen_ts_wrap_33bit_480p_8s.ts': { size: [854, 480], rungs: [480], audio: true },
  'gen_negative_start_480p.mkv': { size: [854, 480], rungs: [480], audio: true },
  'gen_vfr_240p_6s.mp4': { size: [426, 240], rungs: [240], audio: true },
};

// As above; apart because it takes minutes.
export const long = {
  'long_1080p30_h264_363s.mp4': { size: [1920, 1080], rungs: hd, audio: true, fps: 30 },
};

// What becomes of each broken clip: READY marked damaged where pictures can be decoded, else FAILED with a
// hint that says what its owner can do.
const index = /index is missing or damaged/;
const unknown = /not a video or audio file/;
const script = /playlist or a script/;

export const broken = {
  'bitflips_mdat.mp4': { status: 'READY' },
  'bitflips_moov.mp4': { status: 'FAILED', hint: /no sound that can be decoded/ },
  'bomb_16000x15000_mjpeg.mov': { status: 'FAILED', hint: /240 megapixels/ },
  'bomb_gap_100h_2frames.mkv': { status: 'READY' },
  'concat_lfi.mp4': { status: 'FAILED', hint: script },
  'empty.mp4': { status: 'FAILED', hint: /the file is empty/ },
  'hls_ssrf_playlist.mp4': { status: 'FAILED', hint: script },
  'html_renamed.mp4': { status: 'FAILED', hint: unknown },
  'moz_chunk_out_of_range.mp4': { status: 'FAILED', hint: index },
  'moz_no_timescale.mp4': { status: 'READY' },
  'moz_zero_empty_stsc.mp4': { status: 'FAILED', hint: /no picture that can be decoded/ },
  'random_renamed.mp4': { status: 'FAILED', hint: unknown },
  'text_renamed.mp4': { status: 'FAILED', hint: unknown },
  'truncated_faststart.mp4': { status: 'READY' },
  'truncated_moov_missing.mp4': { status: 'FAILED', hint: index },
};
