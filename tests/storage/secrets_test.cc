#include "storage/secrets.h"

#include <gmock/gmock.h>

#include "storage/program.h"
#include "tests/support/database.h"
#include "tests/support/program.h"

namespace loyalty::storage {
namespace {

using ::testing::HasSubstr;

class SecretsTest : public ::testing::TestWithParam<Engine> {
 protected:
  SecretsTest() {
    Transaction transaction(session());
    InsertSecret(session(), one_.all.front(), test::kStart);
    transaction.Commit();
  }
  Session& session() { return database_.session(); }

  // With a second one, which makes what is new, or does not yet.
  static Secrets Two(unsigned char second, KeyId current) {
    Secrets two = test::TestSecrets();
    two.all.push_back({2, SecretKey{second}});
    two.current = current;
    return two;
  }

  test::TestDatabase database_{GetParam()};
  const Secrets one_ = test::TestSecrets();
};
INSTANTIATE_TEST_SUITE_P(Engines, SecretsTest, test::kBothEngines, test::EngineName);

TEST_P(SecretsTest, OneThatIsNewIsNotedBeforeItMakesAnything) {
  EXPECT_TRUE(CheckSecrets(session(), Two(7, 1))) << "reading needs no note";
  EXPECT_EQ(ReadSecrets(session()).size(), 1U);
  EXPECT_TRUE(NoteSecrets(session(), Two(7, 1), test::kStart));
  EXPECT_TRUE(NoteSecrets(session(), Two(7, 2), test::kStart)) << "and is current later";
  const auto noted = ReadSecrets(session());
  ASSERT_EQ(noted.size(), 2U);
  EXPECT_EQ(noted[1].id, 2);
  EXPECT_EQ(noted[1].key_check, KeyCheck(SecretKey{7}));
}

TEST_P(SecretsTest, AServerThatLacksOneOrHasAnotherUnderItsIdIsRefused) {
  ASSERT_TRUE(NoteSecrets(session(), Two(7, 2), test::kStart));
  for (const Secrets& wrong : {one_, Two(8, 2)})
    for (const Status& refused : {CheckSecrets(session(), wrong), NoteSecrets(session(), wrong, test::kStart)}) {
      ASSERT_FALSE(refused);
      EXPECT_THAT(refused.error().message, HasSubstr("chain key 2"));
    }
  Secrets without_first = Two(7, 2);
  without_first.all.erase(without_first.all.begin());
  EXPECT_THAT(CheckSecrets(session(), without_first).error().message, HasSubstr("chain key 1"));
}

// What is looked up by its hash is looked up under the oldest.
TEST_P(SecretsTest, NoneComesBeforeTheOldest) {
  const Secrets later{{{1, SecretKey{7}}, {2, one_.all.front().key}}, 2};
  session().Run("UPDATE secrets SET id = 2");
  EXPECT_THAT(CheckSecrets(session(), later).error().message, HasSubstr("higher id"));
}

TEST_P(SecretsTest, ADatabaseThatNamesNoneIsRefused) {
  session().Run("DELETE FROM secrets");
  EXPECT_FALSE(CheckSecrets(session(), one_));
  EXPECT_FALSE(NoteSecrets(session(), one_, test::kStart));
}

}  // namespace
}  // namespace loyalty::storage
