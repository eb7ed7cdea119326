# reeld_add_plugin(<name> SOURCES files... [LINK libs...] [NO_SANITIZE]): <build>/plugins/<name>.so.
# A MODULE without prefix that exports reeld_plugin_abi1 alone, resolves every symbol at load and is
# never unmapped; in it REELD_PLUGIN_VERSION is the project's version. NO_SANITIZE keeps a plugin plain
# in sanitizer builds, because the process that opens it is plain.
set(REELD_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(reeld_add_plugin name)
  cmake_parse_arguments(ARG "NO_SANITIZE" "OUTPUT_DIRECTORY" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  endif()
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE reeld::sdk ${ARG_LINK})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY}
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${REELD_PLUGIN_MAP})
  target_compile_definitions(${name} PRIVATE REELD_PLUGIN_VERSION="${PROJECT_VERSION}")
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_20)
  target_link_options(${name} PRIVATE -Wl,-z,nodelete,-z,defs,-z,now
                      -Wl,--version-script=${REELD_PLUGIN_MAP})
  # The house's own functions exist in the source tree, not in an installed SDK.
  if(COMMAND reeld_warnings)
    reeld_warnings(${name})
  endif()
  if(COMMAND reeld_sanitize AND NOT ARG_NO_SANITIZE)
    reeld_sanitize(${name})
  endif()
endfunction()
