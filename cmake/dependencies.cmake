# Libraries from Debian packages (scripts/setup.sh installs them). Static archives where Debian ships them: start-up
# costs less than with shared ones.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt 9 REQUIRED) # headers; src/support/fmt_library.cc is its compiled part
find_package(Boost 1.74 REQUIRED)
find_package(tl-expected REQUIRED)
if(PLUMBLINE_TESTS OR PLUMBLINE_FUZZ)
  find_package(GTest REQUIRED)
endif()

# pl_archive(NAME FILE DEPS…): an imported static library plumbline::NAME.
function(pl_archive name file)
  find_library(PL_ARCHIVE_${name} ${file} REQUIRED)
  add_library(plumbline::${name} STATIC IMPORTED GLOBAL)
  set_target_properties(plumbline::${name} PROPERTIES IMPORTED_LOCATION ${PL_ARCHIVE_${name}})
  target_link_libraries(plumbline::${name} INTERFACE ${ARGN})
endfunction()
pl_archive(yaml_cpp libyaml-cpp.a)
pl_archive(re2 libre2.a Threads::Threads)

pl_archive(utf8proc libutf8proc.a)
pl_archive(crypto libcrypto.a Threads::Threads ${CMAKE_DL_LIBS})
pl_archive(z libz.a)

# For plumbline-fetch alone, which is linked dynamically.
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2)
pkg_check_modules(libcurl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(libarchive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(libcrypto REQUIRED IMPORTED_TARGET libcrypto)
