# Parsing Qt and the standard library took about half of the time of a build from nothing; here they are parsed four
# times in all: for the engine, for the window, and for the tests of each, as a precompiled header is good only for
# files with the same definitions.
#
# A file still includes what it uses: MF_PCH=OFF shows what it forgot (tests/soak.sh includes).

function(mf_precompiled name)
    set(nothing ${CMAKE_CURRENT_BINARY_DIR}/mf_pch_${name}.cpp) # a target needs a source
    if(NOT EXISTS ${nothing})
        file(WRITE ${nothing} "")
    endif()
    add_library(mf_pch_${name} OBJECT ${nothing})
    target_link_libraries(mf_pch_${name} PRIVATE mf_options ${ARGN})
    target_precompile_headers(mf_pch_${name} PRIVATE <cmake/precompiled/${name}.h>) # the same text in every checkout
    # ccache knows the headers by their content, not by the time at which they were written.
    target_compile_options(mf_pch_${name} PRIVATE $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
endfunction()

# All programs and libraries below the folder use it; the tests among them the one for tests.
function(mf_use_precompiled folder name)
    get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(taken ${target} PRECOMPILE_HEADERS_REUSE_FROM)
        if(taken OR NOT type MATCHES "^(EXECUTABLE|STATIC_LIBRARY)$")
            continue()
        endif()
        if(target MATCHES "^test_")
            target_precompile_headers(${target} REUSE_FROM mf_pch_${name}_test)
        else()
            target_precompile_headers(${target} REUSE_FROM mf_pch_${name})
        endif()
    endforeach()
    get_property(folders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
        mf_use_precompiled(${below} ${name})
    endforeach()
endfunction()

mf_precompiled(core Qt6::Core)
if(MF_UI)
    mf_precompiled(ui Qt6::Widgets)
    mf_use_precompiled(ui ui)
    mf_use_precompiled(app/desktop ui)
endif()
if(MF_TESTS)
    # Two folders of the test's own, for QFINDTESTDATA, which nothing here uses: with them a header fits one test only.
    set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS QT_TESTLIB_LIB)
    mf_precompiled(core_test mf_test_options Qt6::Core Qt6::Test)
    if(MF_UI)
        mf_precompiled(ui_test mf_test_options Qt6::Widgets Qt6::Test)
        mf_use_precompiled(tests/ui ui)
    endif()
    mf_use_precompiled(tests core)
endif()
mf_use_precompiled(core core)
mf_use_precompiled(app core)
