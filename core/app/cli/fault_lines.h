// How a program of ours says what is wrong: one line for each fault, each with the program's name.
#pragma once
#include <string>
#include <vector>

namespace reeld::app::cli {

/// The faults of an error's text, one by one: a line that begins with a blank goes on with the one
/// before it ("...\n       -> remedy").
std::vector<std::string> faultLines(const std::string& text);

/// "reeld: fault\n" for each.
std::string printedFaults(const std::string& program, const std::string& text);

}  // namespace reeld::app::cli
