# Writes the migrations of a folder into one C++ source: cmake -DFOLDER=… -DOUT=… -P embed.cmake
# Files are NNNN_name.sql; numbers ascend without a gap, so that none is forgotten in a merge.
file(GLOB files ${FOLDER}/*.sql)
list(SORT files)
set(entries "")
set(expected 1)
foreach(file IN LISTS files)
  get_filename_component(base ${file} NAME_WE)
  if(NOT base MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
  endif()
  set(name ${CMAKE_MATCH_2})
  string(REGEX REPLACE "^0*" "" number ${CMAKE_MATCH_1})
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: expected migration number ${expected}")
  endif()
  math(EXPR expected "${expected} + 1")
  # As bytes, not as a string: CMake's lists would eat semicolons and brackets.
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  # Short pieces: a literal may have 64 KiB, and \x takes as many digits as follow.
  string(REGEX REPLACE "((\\\\x..)(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?)" "\"\\1\"\n" pieces "${escaped}")
  string(APPEND entries "    {${number}, \"${name}\",\n${pieces}},\n")
endforeach()
file(WRITE ${OUT} "// Made by core/db/migrations/embed.cmake.
#include \"db/migrate.h\"

namespace reeld::db {

const std::vector<Migration>& embeddedMigrations() {
  static const std::vector<Migration> all = {
${entries}  };
  return all;
}

}  // namespace reeld::db
")
