# tree-sitter's core and its HCL grammar as one C library, from the sources that scripts/fetch-tree-sitter.sh fetches
# (pinned by hash). Fetched while configuring when they are not there yet.
set(PLUMBLINE_DEPS_DIR "${CMAKE_SOURCE_DIR}/.cache/deps" CACHE PATH "Where fetched sources are")
set(PL_TREE_SITTER ${PLUMBLINE_DEPS_DIR}/tree-sitter/tree_sitter/core/lib)
set(PL_TREE_SITTER_HCL ${PLUMBLINE_DEPS_DIR}/tree-sitter-hcl/src)
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env "PLUMBLINE_DEPS_DIR=${PLUMBLINE_DEPS_DIR}"
          ${CMAKE_SOURCE_DIR}/scripts/fetch-tree-sitter.sh
  RESULT_VARIABLE pl_fetch)
if(NOT pl_fetch EQUAL 0 AND NOT EXISTS ${PL_TREE_SITTER}/src/lib.c)
  message(FATAL_ERROR "tree-sitter's sources are missing: run scripts/fetch-tree-sitter.sh")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scripts/tree-sitter-requirements.txt)

add_library(plumbline_tree_sitter STATIC ${PL_TREE_SITTER}/src/lib.c ${PL_TREE_SITTER_HCL}/parser.c
                                         ${PL_TREE_SITTER_HCL}/scanner.c)
add_library(plumbline::tree_sitter ALIAS plumbline_tree_sitter)
target_include_directories(plumbline_tree_sitter SYSTEM PUBLIC ${PL_TREE_SITTER}/include)
target_include_directories(plumbline_tree_sitter PRIVATE ${PL_TREE_SITTER}/src ${PL_TREE_SITTER_HCL})
# Not our code: no warnings, and always optimised (the tests parse the whole corpus through it).
target_compile_options(plumbline_tree_sitter PRIVATE -w -O2)
