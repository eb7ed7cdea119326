// Depth first in configured order; a cycle is the path back to where it was entered.
#include "plugin/start_order.h"

#include "base/error.h"

#include <algorithm>

namespace reeld::plugin {
namespace {

enum class Mark { New, OnPath, Done };

class Ordering {
 public:
  explicit Ordering(const std::vector<OrderedInstance>& instances)
      : instances_(instances), marks_(instances.size(), Mark::New) {}

  std::vector<std::size_t> all() {
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      visit(i);
    }
    return std::move(order_);
  }

 private:
  void visit(std::size_t i) {
    if (marks_[i] == Mark::Done) {
      return;
    }
    if (marks_[i] == Mark::OnPath) {
      throw cycle(i);
    }
    marks_[i] = Mark::OnPath;
    path_.push_back(i);
    for (std::size_t other = 0; other < instances_.size(); ++other) {
      const auto& after = instances_[i].after;
      // Two instances of one plugin do not wait for each other.
      if (instances_[other].id != instances_[i].id &&
          std::find(after.begin(), after.end(), instances_[other].id) != after.end()) {
        visit(other);
      }
    }
    path_.pop_back();
    marks_[i] = Mark::Done;
    order_.push_back(i);
  }

  Error cycle(std::size_t entry) const {
    std::string text = "plugins wait for each other:";
    for (auto i = std::find(path_.begin(), path_.end(), entry); i != path_.end(); ++i) {
      text += " \"" + instances_[*i].name + "\" (" + instances_[*i].id + ") after";
    }
    text += " \"" + instances_[entry].name + "\"\n       -> remove one of these instances";
    return {ErrorCode::Invalid, text};
  }

  const std::vector<OrderedInstance>& instances_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> path_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<std::size_t> startOrder(const std::vector<OrderedInstance>& instances) {
  return Ordering(instances).all();
}

}  // namespace reeld::plugin
