# reeld_add_plugin(<name> SOURCES files... [LINK libs...] [NO_SANITIZE]): <build>/plugins/<name>.so.
# A MODULE without prefix that exports reeld_plugin_abi1 alone, resolves every symbol at load and is
# never unmapped; in it REELD_PLUGIN_VERSION is the project's version. NO_SANITIZE keeps a plugin plain
# in sanitizer builds, because the process that opens it is plain.
function(reeld_add_plugin name)
  cmake_parse_arguments(ARG "NO_SANITIZE" "OUTPUT_DIRECTORY" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
  endif()
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE reeld::sdk ${ARG_LINK})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY}
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${map})
  target_compile_definitions(${name} PRIVATE REELD_PLUGIN_VERSION="${PROJECT_VERSION}")
  # A plugin's project may be C alone, or C++ alone.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(C IN_LIST languages)
    target_compile_features(${name} PRIVATE c_std_11)
  endif()
  if(CXX IN_LIST languages)
    target_compile_features(${name} PRIVATE cxx_std_20)
  endif()
  target_link_options(${name} PRIVATE -Wl,-z,nodelete,-z,defs,-z,now
                      -Wl,--version-script=${map})
  # The house's own functions exist in the source tree, not in an installed SDK.
  if(COMMAND reeld_unity)
    reeld_unity(${name})
  endif()
  if(COMMAND reeld_warnings)
    reeld_warnings(${name})
  endif()
  if(COMMAND reeld_sanitize AND NOT ARG_NO_SANITIZE)
    reeld_sanitize(${name})
  endif()
endfunction()
