// Forms as JSON objects of strings: what a browser or an OAuth client sends is then read by the
// same functions as a JSON body. Files are not for this: api/v1/uploads.cpp streams them.
#pragma once
#include "base/json.h"
#include "http/exchange.h"

namespace reeld::api {

/// The collected body as a form, by its content type (application/x-www-form-urlencoded or
/// multipart/form-data); nothing for any other. Throws INVALID with a violation for a malformed
/// one.
std::optional<Json> readForm(const http::Exchange& exchange);

/// Adds a field; throws INVALID for one that is there, that is too long, or no UTF-8 without NUL.
void addFormField(Json& form, const std::string& name, std::string value);

}  // namespace reeld::api
