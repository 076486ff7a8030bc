# Sourced by the checks of modules. declarations: "module dependency visibility", a line each, from the CMakeLists.txt below
# src; a module without dependencies has a line with itself.
declarations() {
  find src -name CMakeLists.txt -exec cat {} + | sed 's/#.*//' | tr '\n()' '   ' | sed 's/batchai_module /\n&/g' |
    sed -n 's/^batchai_module //p' | sed 's/ add_[a-z_]* .*\| target_[a-z_]* .*\| set[a-z_]* .*\| if .*\| foreach .*\| file .*//' |
    awk '{ print $1, $1, "PUBLIC"; keyword = ""
           for (i = 2; i <= NF; i++)
             if ($i ~ /^[A-Z]+$/) keyword = $i
             else if (keyword == "PUBLIC" || keyword == "PRIVATE") print $1, $i, keyword }'
}
