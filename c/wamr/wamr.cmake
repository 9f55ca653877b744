# WAMR for bare metal, with as-rill's platform layer and the binding of the host to it: the target `rill_wamr`.
# Included by ../CMakeLists.txt where RILL_WAMR_DIR names WAMR's source.
set(core ${RILL_WAMR_DIR}/core)
if(NOT EXISTS ${core}/iwasm/include/wasm_export.h)
  message(FATAL_ERROR "RILL_WAMR_DIR: ${RILL_WAMR_DIR} has no core/iwasm/include/wasm_export.h; name the folder of "
                      "WAMR 2.4.3's source that holds core/")
endif()

# What calls a native function, by core. As WAMR names them in its own build.
set(ARCH_X86_64 em64.s)
set(ARCH_X86_32 ia32.s)
set(ARCH_THUMB thumb.s)
set(ARCH_RISCV32_ILP32 riscv.S)
set(ARCH_XTENSA xtensa.s)
if(NOT DEFINED ARCH_${RILL_WAMR_TARGET})
  message(FATAL_ERROR "RILL_WAMR_TARGET: `${RILL_WAMR_TARGET}` is none of X86_64, X86_32, THUMB, RISCV32_ILP32, XTENSA")
endif()
if(NOT RILL_WAMR_INTERPRETER MATCHES "^(classic|fast)$")
  message(FATAL_ERROR "RILL_WAMR_INTERPRETER: `${RILL_WAMR_INTERPRETER}` is neither classic nor fast")
endif()
if(NOT RILL_WAMR_LOADER MATCHES "^(full|mini)$")
  message(FATAL_ERROR "RILL_WAMR_LOADER: `${RILL_WAMR_LOADER}` is neither full nor mini")
endif()
enable_language(ASM)

list(TRANSFORM WAMR_SOURCES PREPEND ${core}/)
list(TRANSFORM WAMR_INCLUDES PREPEND ${core}/)
set(loader wasm_loader.c)
if(RILL_WAMR_LOADER STREQUAL mini)
  set(loader wasm_mini_loader.c)
endif()
set(theirs
  ${WAMR_SOURCES}
  ${core}/iwasm/interpreter/${loader}
  ${core}/iwasm/common/arch/invokeNative_${ARCH_${RILL_WAMR_TARGET}}
  ${CMAKE_CURRENT_LIST_DIR}/../platform/rill_platform.c
  ${CMAKE_CURRENT_LIST_DIR}/../platform/rill_interp_${RILL_WAMR_INTERPRETER}.c
)
add_library(rill_wamr_core OBJECT ${theirs})
target_include_directories(rill_wamr_core PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../platform ${WAMR_INCLUDES})
target_compile_definitions(rill_wamr_core PRIVATE
  ${WAMR_DEFINITIONS}
  BUILD_TARGET_${RILL_WAMR_TARGET}
  BUILD_TARGET="${RILL_WAMR_TARGET}"
  WASM_ENABLE_FAST_INTERP=$<STREQUAL:${RILL_WAMR_INTERPRETER},fast>
  WASM_ENABLE_MINI_LOADER=$<STREQUAL:${RILL_WAMR_LOADER},mini>
)
set_target_properties(rill_wamr_core PROPERTIES C_STANDARD 99 C_EXTENSIONS ON)
# WAMR is not ours to mend: its warnings are off. What a firmware does not use of it is left out section by section,
# functions that nothing here defines among it.
target_compile_options(rill_wamr_core PRIVATE -ffunction-sections -fdata-sections $<$<COMPILE_LANGUAGE:C>:-w>)

add_library(rill_wamr STATIC
  ${RILL_WAMR_SOURCES}
  ${RILL_WAMR_IMAGE_SOURCES}
  ${RILL_WAMR_BINDINGS_SOURCES}
  $<TARGET_OBJECTS:rill_wamr_core>
)
add_library(rill::wamr ALIAS rill_wamr)
set_target_properties(rill_wamr PROPERTIES EXPORT_NAME wamr)
if(has_more)
  target_sources(rill_wamr PRIVATE ${RILL_WAMR_MORE_SOURCES})
endif()
target_link_libraries(rill_wamr PUBLIC rill_host m)
target_link_options(rill_wamr INTERFACE -Wl,--gc-sections)
target_include_directories(rill_wamr SYSTEM PUBLIC
  $<BUILD_INTERFACE:${core}/iwasm/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/rill/wamr>
)
install(DIRECTORY ${core}/iwasm/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rill/wamr FILES_MATCHING PATTERN "*.h")
