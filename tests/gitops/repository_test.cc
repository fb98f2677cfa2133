// The repository around a folder, and which sources are this repository.
#include "world.h"

namespace plumbline::gitops {
namespace {

TEST(Repository, FoundUpwardsWithItsRemotes) {
  kustomize::MemoryFileSystem fs(
      {{"/r/.git/config",
        "[core]\n\tbare = false\n\turl = no\n[remote \"origin\"]\n\turl = "
        "git@github.com:o/app.git\n"
        "\tfetch = x\n[remote \"up\"]\n  url = \"https://h/o/up\"\n[branch \"url\"]\n\turl = no\n"},
       {"/r/a/b/c.yaml", ""},
       {"/w/.git", "gitdir: /r/.git/worktrees/w\n"},
       {"/r/.git/worktrees/w/commondir", "../..\n"},
       {"/w/x/y.yaml", ""},
       {"/s/.git", "nonsense\n"},
       {"/big/.git/config", "[remote \"x\"]\nurl = y\n" + std::string(2u << 20, '#')},
       {"/plain/x/y.yaml", ""}});
  std::vector<std::string> remotes = {"git@github.com:o/app.git", "https://h/o/up"};
  Repository inner = FindRepository(fs, "/r/a/b");
  EXPECT_EQ(inner.root, "/r");
  EXPECT_EQ(inner.remotes, remotes);
  Repository worktree = FindRepository(fs, "/w/x");
  EXPECT_EQ(worktree.root, "/w");
  EXPECT_EQ(worktree.remotes, remotes);
  EXPECT_EQ(FindRepository(fs, "/s").root, "/s");
  EXPECT_TRUE(FindRepository(fs, "/big").remotes.empty());
  Repository none = FindRepository(fs, "/plain/x");
  EXPECT_EQ(none.root, "/plain/x");
  EXPECT_TRUE(none.remotes.empty());
}

std::string Application(const std::string& url, const std::string& path) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n"
         "  source: {repoURL: '" +
         url + "', path: '" + path + "'}\n";
}

TEST(Sources, ComparedByTheNameOfTheRepository) {
  const struct {
    const char *url, *path, *shown;
  } cases[] = {
      {"https://github.com/o/App", "d", "Application/a o.yaml:5 /r/d | directory\n"},
      {"ssh://git@other.host:22/fork/app.git/", "d", "Application/a o.yaml:5 /r/d | directory\n"},
      {"https://github.com/o/other", "d",
       "not Application/a o.yaml:5: 'https://github.com/o/other' is another repository\n"},
      {"https://github.com/o/app", "none",
       "fault o.yaml:5: Application/a deploys 'none', which is not in the repository\n"},
      {"https://github.com/o/app", "../outside",
       "fault o.yaml:5: Application/a deploys '../outside', which is not in the repository\n"},
      {"https://github.com/o/app", "/d",
       "fault o.yaml:5: Application/a deploys '/d', which is not in the repository\n"},
  };
  for (const auto& c : cases) {
    auto w = FollowText(Application(c.url, c.path), {{"/r/d/x.yaml", ""}, {"/outside/x.yaml", ""}},
                        {"git@github.com:o/app.git"});
    EXPECT_EQ(w->Shown(), c.shown);
  }
}

TEST(Sources, WithoutRemotesThePathDecides) {
  auto w = FollowText(Application("https://h/o/x", "d"), {{"/r/d/x.yaml", ""}});
  EXPECT_EQ(w->Shown(), "Application/a o.yaml:5 /r/d | directory\n");
  w = FollowText(Application("https://h/o/x", "none"), {{"/r/d/x.yaml", ""}});
  EXPECT_EQ(w->Shown(),
            "not Application/a o.yaml:5: there is no 'none' in the scanned repository\n");
  // The whole tree is nobody's guess.
  w = FollowText(Application("https://h/o/x", "."), {{"/r/d/x.yaml", ""}});
  EXPECT_EQ(w->Shown(),
            "not Application/a o.yaml:5: all of a source that may be another repository than the "
            "scanned one\n");
}

TEST(Sources, ATreeOfSeveralRepositories) {
  World w({{"/r/one/apps/a.yaml", Application("https://h/o/one", "d")},
           {"/r/one/d/x.yaml", ""},
           {"/r/two/d/x.yaml", ""}});
  w.Read("one/apps/a.yaml");
  w.Follow();
  EXPECT_EQ(w.Shown(), "Application/a one/apps/a.yaml:5 /r/one/d | directory\n");
}

}  // namespace
}  // namespace plumbline::gitops
