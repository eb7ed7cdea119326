// Lists of routes and of commands, gathered from those who have some.
#pragma once
#include <algorithm>
#include <iterator>
#include <utility>

namespace reeld::app::daemon {

template <class List>
void append(List& list, List more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

}  // namespace reeld::app::daemon
