# The C host as a component of ESP-IDF: what the component's Kconfig chose.
include(${CMAKE_CURRENT_LIST_DIR}/../parts.cmake)
idf_component_register(SRCS ${rill_sources} INCLUDE_DIRS ${rill_folders})
# IDF asks twice what a component needs, the first time without making a library of it. A switch is the same in every
# file that includes the headers, those of other components among them.
if(NOT CMAKE_BUILD_EARLY_EXPANSION)
  target_compile_definitions(${COMPONENT_LIB} PUBLIC ${rill_switches})
endif()
