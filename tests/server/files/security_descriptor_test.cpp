#include "server/files/disk/security_descriptor.hpp"

#include <gtest/gtest.h>

namespace batchai::server::files::test {
namespace {

TEST(SecurityDescriptor, IsTheSameAfterwardsInEitherForm) {
  for (const char* sddl :
       {"O:SYG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1301bf;;;AU)(A;;0x1200a9;;;BU)", "O:BAG:SY", "D:NO_ACCESS_CONTROL",
        "D:", "D:PAI(A;OICIIO;0x10000000;;;CO)", "G:WDD:ARAI(D;ID;FW;;;AN)S:PAI(AU;SAFA;FR;;;WD)", "S:(ML;;0x1;;;HI)",
        "O:S-1-5-21-1-2-3-4294967295", ""}) {
    const auto bytes = descriptor_from_sddl(sddl);
    ASSERT_TRUE(bytes) << sddl;
    EXPECT_EQ(sddl_from_descriptor(*bytes), sddl);
  }
}

TEST(SecurityDescriptor, ReadsAllNamesOfRights) {
  EXPECT_EQ(sddl_from_descriptor(*descriptor_from_sddl("D:(A;;RPWPCCDCLCSWRCWDWOGA;;;S-1-0-0)")),
            "D:(A;;0x100e003f;;;S-1-0-0)");
}

TEST(SecurityDescriptor, IsNotMadeOfAnythingElse) {
  for (const char* sddl : {"x", "O:", "O:XXG:SY", "O:S-1-", "O:S-1-5-x", "D:(A;;FA;;;SY", "D:(A;;FA;;)",
                           "D:(Q;;FA;;;SY)", "D:(A;XX;FA;;;SY)", "D:(A;;0xzz;;;SY)", "D:(A;;FA;guid;;SY)",
                           "D:(A;;FA;;;SY)x", "Z:SY", "O:S-1-5-4294967296-4294967296"}) {
    EXPECT_FALSE(descriptor_from_sddl(sddl)) << sddl;
  }
}

TEST(SecurityDescriptor, ThatIsCutOrPointsOutsideIsRefused) {
  const std::string whole = *descriptor_from_sddl("O:SYG:BAD:(A;;FA;;;SY)S:(AU;SA;FA;;;WD)");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(sddl_from_descriptor(std::string_view(whole).substr(0, size))) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\xff', '\x7f', '\0'}) {
      std::string changed = whole;
      changed[at] = byte;
      sddl_from_descriptor(changed);  // has to come back
    }
  }
}

}  // namespace
}  // namespace batchai::server::files::test
