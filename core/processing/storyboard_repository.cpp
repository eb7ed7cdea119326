#include "processing/storyboard_repository.h"

namespace reeld::processing {

namespace {

const db::Statement InsertStoryboard{R"(
  INSERT INTO storyboards (encoding_id, tile_width, tile_height, sheet_columns, sheet_rows, step,
                           pictures, note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))"};

const db::Statement InsertSheet{R"(
  INSERT INTO storyboard_sheets (encoding_id, number, bytes, storage_key)
  VALUES ($1, $2, $3, $4))"};

const db::Statement StoryboardsOf{R"(
  SELECT tile_width, tile_height, sheet_columns, sheet_rows, step, pictures, note
  FROM storyboards WHERE encoding_id = $1)"};

const db::Statement SheetsOf{R"(
  SELECT bytes, storage_key FROM storyboard_sheets WHERE encoding_id = $1 ORDER BY number)"};

const db::Statement DropSheets{"DELETE FROM storyboard_sheets WHERE encoding_id = $1"};
const db::Statement DropStoryboard{"DELETE FROM storyboards WHERE encoding_id = $1"};

}  // namespace

void putStoryboard(db::Session& session, EncodingId encoding, const Storyboard& board) {
  dropStoryboard(session, encoding);
  session.execute(InsertStoryboard, encoding, board.tile_width, board.tile_height, board.columns,
                  board.rows, board.step, board.pictures, board.note);
  std::int64_t number = 0;
  for (const StoryboardSheet& sheet : board.sheets) {
    session.execute(InsertSheet, encoding, number++, sheet.bytes, sheet.storage_key);
  }
}

std::optional<Storyboard> storyboardOf(db::Session& session, EncodingId encoding) {
  const auto row = session.find(StoryboardsOf, encoding);
  if (!row) {
    return std::nullopt;
  }
  Storyboard board;
  board.tile_width = row->integer(0);
  board.tile_height = row->integer(1);
  board.columns = row->integer(2);
  board.rows = row->integer(3);
  board.step = row->integer(4);
  board.pictures = row->integer(5);
  board.note = row->text(6);
  for (const db::Row& sheet : session.query(SheetsOf, encoding)) {
    board.sheets.push_back({sheet.integer(0), sheet.text(1)});
  }
  return board;
}

void dropStoryboard(db::Session& session, EncodingId encoding) {
  session.execute(DropSheets, encoding);
  session.execute(DropStoryboard, encoding);
}

}  // namespace reeld::processing
