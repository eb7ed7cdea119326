// Domain names beyond ASCII (IDNA 2008 with the mappings of UTS #46): "bücher.example" for people
// is "xn--bcher-kva.example" for machines. libidn2 behind domain_name.cpp. Whether anything answers
// there is nobody's question here.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// As machines take it: A-labels, in lower case. Nothing for what is no domain name.
std::optional<std::string> asciiDomain(std::string_view domain);
/// As people read it: U-labels, in lower case; one spelling for all that asciiDomain() makes the
/// same of. Nothing for what is no domain name.
std::optional<std::string> readableDomain(std::string_view domain);

}  // namespace reeld
