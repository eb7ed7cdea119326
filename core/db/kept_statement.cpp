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

/// Appends each row it is shown.
class RowsExtraction final : public Poco::Data::AbstractExtraction {
 public:
  RowsExtraction(const Cells& cells, Rows& rows) : cells_(cells), rows_(rows) {}

  std::size_t numOfColumnsHandled() const override { return cells_.columnCount(); }
  std::size_t numOfRowsHandled() const override { return 0; }
  std::size_t numOfRowsAllowed() const override { return 0; }
  std::size_t extract(std::size_t) override {
    const std::size_t count = cells_.columnCount();
    std::vector<Value> columns;
    columns.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      columns.push_back(cells_.cell(i));
    rows_.emplace_back(std::move(columns));
    return 1;
  }
  Poco::Data::AbstractPreparation::Ptr createPreparation(PreparatorPtr&, std::size_t) override {
    throw Poco::NotImplementedException("rows are not prepared for bulk extraction");
  }

 private:
  const Cells& cells_;
  Rows& rows_;
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
