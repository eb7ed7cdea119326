#include "db/kept_statement.h"

#include <Poco/Data/AbstractBinder.h>
#include <Poco/Data/AbstractBinding.h>
#include <Poco/Data/AbstractExtraction.h>
#include <Poco/Exception.h>

namespace reeld::db {

namespace {

/// Binds all values of the call in progress, each by its own type.
class ValuesBinding final : public Poco::Data::AbstractBinding {
 public:
  ValuesBinding(Cells& cells, const std::vector<Value>* const& values, std::size_t count)
      : cells_(cells), values_(values), count_(count) {}

  std::size_t numOfColumnsHandled() const override { return count_; }
  std::size_t numOfRowsHandled() const override { return 1; }
  /// Always: the statement rewinds only to bindings that are ready.
  bool canBind() const override { return true; }
  void reset() override {}
  void bind(std::size_t position) override {
    Poco::Data::AbstractBinder& binder = *getBinder();
    for (const Value& value : *values_) {
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        binder.bind(position, *number);
      } else if (const auto* text = std::get_if<std::string>(&value)) {
        cells_.bindText(position, *text);
      } else {
        binder.bind(position, Poco::NULL_GENERIC);
      }
      ++position;
    }
  }

 private:
  Cells& cells_;
  const std::vector<Value>* const& values_;
  std::size_t count_;
};

/// The answer so far: the statement's own values end with its next step.
class Copied final : public Answered {
 public:
  using Answered::Answered;

  void add(const Cell& cell) {
    if (const auto* text = std::get_if<std::string_view>(&cell)) {
      cells_.push_back(Place{texts_.size(), text->size()});
      texts_ += *text;
    } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      cells_.push_back(*number);
    } else {
      cells_.push_back(std::monostate{});
    }
  }
  Cell cell(std::size_t row, std::size_t column) const override {
    const Kept& kept = cells_[row * columns() + column];
    if (const auto* place = std::get_if<Place>(&kept)) {
      return std::string_view(texts_).substr(place->begin, place->size);
    }
    const auto* number = std::get_if<std::int64_t>(&kept);
    return number != nullptr ? Cell(*number) : Cell();
  }

 private:
  /// Where in the texts.
  struct Place {
    std::size_t begin;
    std::size_t size;
  };
  using Kept = std::variant<std::monostate, std::int64_t, Place>;

  std::vector<Kept> cells_;
  std::string texts_;
};

/// Appends each row it is shown.
class RowsExtraction final : public Poco::Data::AbstractExtraction {
 public:
  RowsExtraction(const Cells& cells, Rows& rows) : cells_(cells), rows_(rows) {}

  std::size_t numOfColumnsHandled() const override { return cells_.columnCount(); }
  std::size_t numOfRowsHandled() const override { return 0; }
  std::size_t numOfRowsAllowed() const override { return 0; }
  std::size_t extract(std::size_t) override {
    const std::size_t count = cells_.columnCount();
    const auto answer = rows_.empty() ? std::make_shared<Copied>(count) : answer_.lock();
    for (std::size_t i = 0; i < count; ++i)
      answer->add(cells_.cell(i));
    rows_.emplace_back(answer, rows_.size());
    answer_ = answer;
    return 1;
  }
  Poco::Data::AbstractPreparation::Ptr createPreparation(PreparatorPtr&, std::size_t) override {
    throw Poco::NotImplementedException("rows are not prepared for bulk extraction");
  }

 private:
  const Cells& cells_;
  Rows& rows_;
  std::weak_ptr<Copied> answer_;  ///< of the rows so far, which own it: no statement keeps one
};

}  // namespace

KeptStatement::KeptStatement(const Poco::Data::StatementImpl::Ptr& implementation,
                             const std::string& text, Cells& cells, std::size_t placeholders)
    : statement_(implementation) {
  Poco::Data::StatementImpl::Ptr target = implementation;
  target->add(text);
  if (placeholders > 0)
    target->addBind(new ValuesBinding(cells, values_, placeholders));
  target->addExtract(new RowsExtraction(cells, rows_));
}

Rows KeptStatement::execute(const std::vector<Value>& values) {
  values_ = &values;
  rows_.clear();
  statement_.execute();
  values_ = nullptr;
  return std::exchange(rows_, {});
}

}  // namespace reeld::db
