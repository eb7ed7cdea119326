// FFmpeg counts references with atomics that the sanitizer cannot see, because Debian's libraries
// are not instrumented: every buffer freed on another thread than it was last used on looks like a
// race. What is raced for in our own code has no frame of these libraries in its report.
extern "C" const char* __tsan_default_suppressions();  // NOLINT: the runtime's own name
extern "C" const char* __tsan_default_suppressions() {
  return "race:libavutil.so\nrace:libavcodec.so\nrace:libavfilter.so\nrace:libavformat.so\n"
         "race:libx264.so\nrace:libdav1d.so\n";
}
