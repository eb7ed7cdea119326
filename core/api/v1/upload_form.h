// What the head of a request tells of a form around a file.
#pragma once
#include "http/exchange.h"

#include <cstdint>
#include <optional>
#include <string>

namespace reeld::api::v1 {

bool isForm(const http::Exchange& exchange);

/// The boundary of the form's parts. Throws INVALID if it names none.
std::string formBoundary(const http::Exchange& exchange);

/// The length of a body as it is reserved; nothing for -1, which is chunked.
std::optional<std::uint64_t> knownLength(std::int64_t length);

/// What a file within a form of this length can have at most, if `most` is what it may have:
/// fields and boundaries around a file of the largest size do not make it too large.
std::optional<std::uint64_t> lengthWithin(std::int64_t form_length, std::uint64_t most);

}  // namespace reeld::api::v1
