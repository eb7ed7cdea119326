// Proves that an encoding is whole before anybody is told that it is ready: every rung is there,
// its segments are contiguous and on the one grid, frames and durations add up, and the stored
// objects are those of their rows. The first half is pure; the second asks storage.
#pragma once
#include "processing/encoding.h"
#include "processing/ladder.h"
#include "processing/report.h"
#include "storage/storage.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace reeld::processing {

/// More sentences nobody reads.
inline constexpr std::size_t EnoughProblems = 10;

/// Sentences of what is wrong with the rows of a whole encoding; empty = nothing.
std::vector<std::string> checkRows(const Plan& plan, const std::vector<Rendition>& renditions);

/// The same of sound beside that of the title: it is cut where `of_title`, a rendition of it, is.
std::vector<std::string> checkAlternate(const Rendition& of_title, const Rendition& alternate);

/// The same of what one task made, held against its own report. It may have made nothing: then the
/// title ended before its range.
std::vector<std::string> checkReport(const std::vector<Rendition>& made, const Report& report);

/// Sentences of what is wrong with the stored objects as far as their sizes tell: enough for bytes
/// that were read while they were published.
std::vector<std::string> checkObjects(storage::Storage& storage,
                                      const std::vector<Rendition>& renditions);

/// The same, and every byte is read: it must be the one that was published, of a sound segment.
/// Takes as long as storage takes to read the whole encoding.
std::vector<std::string> checkBytes(storage::Storage& storage,
                                    const std::vector<Rendition>& renditions);

/// Sets the frame rate, and the bandwidths from the segments as they lie in storage: peak over
/// segments of at least half the target, and average.
void measure(const Plan& plan, std::vector<Rendition>& renditions);

/// Of the first rendition.
std::int64_t durationMs(const std::vector<Rendition>& renditions);

}  // namespace reeld::processing
