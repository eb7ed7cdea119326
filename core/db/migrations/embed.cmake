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
  math(EXPR number "1${CMAKE_MATCH_1} - 10000")  # 0008 is no octal number
  if(NOT number EQUAL expected)
    message(FATAL_ERROR "${file}: expected migration number ${expected}")
  endif()
  math(EXPR expected "${expected} + 1")
  # As bytes, not as a string: CMake's lists would eat semicolons and brackets. In pieces of 16 bytes,
  # because \x takes as many digits as follow it.
  file(READ ${file} hex HEX)
  set(sixteen "................................")
  string(REGEX REPLACE "(${sixteen})" "\\1\n" lines "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" lines "${lines}")
  string(REGEX REPLACE "([^\n]+)" "     \"\\1\"" pieces "${lines}")
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
