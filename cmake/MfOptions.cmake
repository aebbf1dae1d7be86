# The standard, the warnings and the Qt hygiene that every target of ours gets.

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
endif()

option(MF_WERROR "Treat warnings as errors (CI)" OFF)
option(MF_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(MF_BENCH "Build what tests/bench/run.sh measures with" OFF)
set(MF_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined or thread")

# What ccache finds must not depend on where the checkout lies; the files that a compilation read come from the
# compiler's own list of them, and what a large file holds is looked at once (precompiled headers have 200 MB).
find_program(MF_CCACHE ccache)
if(MF_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 CCACHE_INODECACHE=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${MF_CCACHE})
endif()

add_library(mf_options INTERFACE)
target_compile_features(mf_options INTERFACE cxx_std_20)
target_include_directories(mf_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(mf_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${MF_WERROR}>:-Werror>)
target_compile_definitions(mf_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_FOREACH QT_USE_QSTRINGBUILDER
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
if(MF_SANITIZE)
    # The linker gets it too; frame pointers make the reports readable.
    target_compile_options(mf_options INTERFACE -fsanitize=${MF_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all
        # GCC's own words: with a sanitizer, this warning has false positives.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(mf_options INTERFACE -fsanitize=${MF_SANITIZE})
endif()
if(MF_FUZZ)
    target_compile_options(mf_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# mf_library(NAME SOURCE…): the static library mf_NAME of core/NAME.
function(mf_library name)
    add_library(mf_${name} STATIC ${ARGN})
    target_link_libraries(mf_${name} PUBLIC mf_options)
    set_target_properties(mf_${name} PROPERTIES AUTOMOC OFF)
endfunction()

# moc 6.4 cannot parse the C++20 parts of the standard library; without the compiler's
# predefined macros it skips them, and our classes need none of them.
set(CMAKE_AUTOMOC_COMPILER_PREDEFINES OFF)
