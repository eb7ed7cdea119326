# Warnings, ccache and precompiled headers, as functions; every target of ours goes through them.
find_program(REELD_CCACHE ccache)
if(REELD_CCACHE)
  # The sloppiness is what ccache asks for with precompiled headers, and that the language of messages does
  # not matter; below the base directory paths count from where the compiler runs, so that a checkout or a
  # package build elsewhere finds the same objects.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime,locale
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${REELD_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

set_property(GLOBAL PROPERTY JOB_POOLS link=1)
set(CMAKE_JOB_POOL_LINK link)

# GCC 12 at -O1 and above sees ghosts in inlined std::string and std::variant (GCC bugs 105329, 105562,
# 105651), so these five are left to the dev preset, which does not inline that far.
set(REELD_GHOSTS -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
    -Wno-stringop-overread)

function(reeld_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                         $<$<BOOL:${REELD_WERROR}>:-Werror>)
  target_compile_options(${target} PRIVATE "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release,Sanitize>>:${REELD_GHOSTS}>")
endfunction()

function(reeld_sanitize target)
  if(REELD_SANITIZE)
    # GCC 12 sees uninitialised members in std::regex once it instruments them.
    target_compile_options(${target} PRIVATE -fsanitize=${REELD_SANITIZE} -Wno-maybe-uninitialized)
    target_link_options(${target} PRIVATE -fsanitize=${REELD_SANITIZE})
  endif()
endfunction()

# With REELD_UNITY the sources of a target are compiled thirty at a time, one after the other in one file: what
# they include is read once. It asks of neighbours that their unnamed namespaces share no name.
function(reeld_unity target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${REELD_UNITY} UNITY_BUILD_BATCH_SIZE 30)
  if(REELD_UNITY)
    # A source that is included passes for a header, of which GCC warns if a class of it has members of
    # unnamed types. For real headers the dev preset keeps the warning.
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# reeld_generated(<target> <file>): a source that the build writes. It is compiled by itself, so that none
# waits for the tool that writes it.
function(reeld_generated target file)
  set_source_files_properties(${file} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${file})
endfunction()

# reeld_folder(<folder> [LINK libs...] [PCH headers...]): the library of one folder of core/.
# LINK is also its list of permitted neighbours; core/LAYERS says the same to the check.
function(reeld_folder folder)
  cmake_parse_arguments(ARG "" "" "LINK;PCH" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
  add_library(reeld_${name} STATIC ${sources} ${headers})
  set_target_properties(reeld_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(reeld_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core)
  target_link_libraries(reeld_${name} PUBLIC ${ARG_LINK})
  # One precompiled header for all folders that add nothing to it: each would take as long as two of their files.
  if(TARGET reeld_base AND NOT ARG_PCH AND NOT name STREQUAL base)
    target_precompile_headers(reeld_${name} REUSE_FROM reeld_base)
  else()
    target_precompile_headers(reeld_${name} PRIVATE <chrono> <functional> <memory> <optional> <string>
                              <string_view> <unordered_map> <vector> ${ARG_PCH})
  endif()
  target_compile_options(reeld_${name} PRIVATE -fpch-preprocess)
  reeld_unity(reeld_${name})
  reeld_warnings(reeld_${name})
  reeld_sanitize(reeld_${name})
endfunction()

# reeld_program(<name> SOURCES ... LINK ...): an executable of ours, put into <build>/bin.
function(reeld_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  reeld_unity(${name})
  reeld_warnings(${name})
  reeld_sanitize(${name})
endfunction()

# reeld_embed(<target> <file> <function>): a text file as std::string_view reeld::config::<function>(),
# compiled into the target; a change of the file is a change of the program.
function(reeld_embed target file function)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} REELD_EMBEDDED_TEXT)
  set(REELD_EMBEDDED_FUNCTION ${function})
  set(source ${PROJECT_BINARY_DIR}/embedded/${function}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include <string_view>
namespace reeld::config {
std::string_view @REELD_EMBEDDED_FUNCTION@();
std::string_view @REELD_EMBEDDED_FUNCTION@() {
  return R"embedded(@REELD_EMBEDDED_TEXT@)embedded";
}
}  // namespace reeld::config
]])
  reeld_generated(${target} ${source})
endfunction()
