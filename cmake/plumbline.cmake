# Helpers shared by every folder's CMakeLists.txt, and the flags of the whole project.

add_library(plumbline_flags INTERFACE)
target_compile_options(plumbline_flags INTERFACE -Wall -Wextra -Wshadow=local -Wno-missing-field-initializers)
if(PLUMBLINE_WERROR)
  target_compile_options(plumbline_flags INTERFACE -Werror)
endif()
target_include_directories(plumbline_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)

# pl_library(NAME SOURCES a.cc … DEPS plumbline_x re2::re2 …): the static library plumbline_NAME.
function(pl_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(plumbline_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(plumbline_${name} PUBLIC plumbline_flags ${ARG_DEPS})
endfunction()

# pl_test(NAME SOURCES a_test.cc … DEPS plumbline_x …): a GoogleTest executable, one ctest test a case.
function(pl_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE plumbline_flags ${ARG_DEPS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PLUMBLINE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}. WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                       PROPERTIES TIMEOUT 300)
endfunction()
