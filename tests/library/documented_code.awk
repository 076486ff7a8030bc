# Makes C++ out of the code blocks of a page: programs as they are, other blocks as bodies of functions.
BEGIN {
  print "#include <batchai/batchai.hpp>\n#include <fstream>\n#include <future>\n#include <iostream>\n#include <thread>"
  print "extern const std::string tenant, client_id, secret, subscription, password;"
  print "extern const batchai::files::ShareClient share;"
  print "extern const batchai::ClusterCreateParameters parameters;"
  print "extern const batchai::JobCreateParameters job_parameters;"
}
/^```cpp$/ { inside = 1; begins = 1; next }
/^```$/ { if (inside && wrapped) print "}\n}"; inside = 0; next }
inside && begins {
  wrapped = !/^#include/
  if (wrapped) printf "void block_%d(const batchai::Client& client) {\n{\n", ++blocks
  printf "#line %d \"%s\"\n", NR, FILENAME
  begins = 0
}
inside
END { if (!blocks) { print FILENAME ": no code found" > "/dev/stderr"; exit 1 } }
