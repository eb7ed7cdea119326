#include "plugin/adapters/storage_objects.h"

namespace reeld::plugin::adapters {

void refuseWrite(Error failure) {
  if (failure.code() == ErrorCode::Exhausted && failure.reason().empty() &&
      failure.retryAfterMs() == 0) {
    throw std::move(failure).reason("storage-full");
  }
  throw failure;
}

storage::Object owned(const reeld_object& raw) {
  return {std::string(view(raw.key)), raw.size, raw.modified_ms, std::string(view(raw.etag)),
          std::string(view(raw.content_type))};
}

ReaderAdapter::~ReaderAdapter() {
  if (raw_.release != nullptr) {
    raw_.release(raw_.impl);
  }
}

std::size_t ReaderAdapter::read(char* buffer, std::size_t size) {
  reeld_error error = blankError();
  const std::int64_t count = raw_.read(raw_.impl, buffer, size, &error);
  if (count < 0) {
    throw errorOf(instance_.name(), static_cast<reeld_status>(-count), error);
  }
  if (static_cast<std::uint64_t>(count) > size) {
    throw Error(ErrorCode::Internal,
                "plugin \"" + instance_.name() + "\" says that it read more than was asked for");
  }
  return static_cast<std::size_t>(count);
}

WriterAdapter::~WriterAdapter() {
  if (raw_.release != nullptr) {
    raw_.release(raw_.impl);
  }
}

void WriterAdapter::write(std::string_view bytes) {
  reeld_error error = blankError();
  const reeld_status status = raw_.write(raw_.impl, abiBytes(bytes), &error);
  if (status != REELD_OK) {
    refuseWrite(errorOf(instance_.name(), status, error));
  }
  written_ += bytes.size();
}

storage::Object WriterAdapter::commit() {
  reeld_error error = blankError();
  Kept kept;
  const reeld_status status = raw_.commit(raw_.impl, &kept.sink, &error);
  if (status != REELD_OK) {
    refuseWrite(errorOf(instance_.name(), status, error));
  }
  if (!kept.object || kept.object->size != written_) {
    throw Error(ErrorCode::Corrupt, "plugin \"" + instance_.name() + "\" was given " +
                                        std::to_string(written_) + " bytes as " + key_ +
                                        " and kept another number");
  }
  return std::move(*kept.object);
}

}  // namespace reeld::plugin::adapters
