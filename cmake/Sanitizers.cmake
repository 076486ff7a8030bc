# BATCHAI_SANITIZE: empty, "address;undefined" or "thread". BATCHAI_COVERAGE: line coverage for gcov.
set(BATCHAI_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")
option(BATCHAI_COVERAGE "Instrument for gcov" OFF)

if(BATCHAI_SANITIZE)
  list(JOIN BATCHAI_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${sanitizers})
  if("thread" IN_LIST BATCHAI_SANITIZE)
    add_compile_options(-Wno-tsan)  # Boost.Asio's fences, which the sanitizer does not follow
  endif()
endif()

if(BATCHAI_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
