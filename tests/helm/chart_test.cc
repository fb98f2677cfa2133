// Charts as they lie on disk and in archives, what they take in, and the order of what they make.
#include <gtest/gtest.h>
#include <zlib.h>

#include "helm/archive.h"
#include "helm/chart_fixture.h"

namespace plumbline::helm {
namespace {

std::string Octal(std::size_t n, std::size_t width) {
  std::string out(width - 1, '0');
  for (std::size_t i = width - 1; i-- > 0; n /= 8) out[i] = static_cast<char>('0' + n % 8);
  return out + '\0';
}

// One entry of a tar file.
std::string Entry(const std::string& name, const std::string& data, char type = '0',
                  std::size_t size = std::string::npos) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, 12, Octal(size == std::string::npos ? data.size() : size, 12));
  header[156] = type;
  header.replace(257, 5, "ustar");
  std::string body = data;
  body.resize((data.size() + 511) / 512 * 512);
  return header + body;
}

std::string Gzip(const std::string& text) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Unpacked(const std::string& tgz, std::size_t max_bytes = 1u << 20) {
  auto files = ReadTgz(tgz, max_bytes, 100);
  if (!files) return "ERROR " + files.error().message;
  std::string out;
  for (const ArchiveFile& f : *files) out += f.name + "=" + f.data + ";";
  return out;
}

TEST(Archive, HoldsFiles) {
  EXPECT_EQ(Unpacked(Gzip(Entry("c/a", "1") + Entry("c/d/", "", '5') + Entry("c/./d//b", "22"))),
            "c/a=1;c/d/b=22;");
}

TEST(Archive, HostileOnesAreRefused) {
  auto error = [](const std::string& entry) { return Unpacked(Gzip(entry)); };
  EXPECT_NE(error(Entry("c/../../x", "1")).find("leads out of it: c/../../x"), std::string::npos);
  EXPECT_NE(error(Entry("/etc/x", "1")).find("absolute path /etc/x"), std::string::npos);
  EXPECT_NE(error(Entry("c:/x", "1")).find("absolute path"), std::string::npos);
  EXPECT_NE(error(Entry("c\\..\\..\\x", "1")).find("leads out"), std::string::npos);
  EXPECT_NE(error(Entry("c/l", "", '2')).find("holds a link: c/l"), std::string::npos);
  EXPECT_NE(error(Entry("c/l", "", '1')).find("holds a link"), std::string::npos);
  EXPECT_EQ(error(Entry("c/dev", "", '3') + Entry("c/fifo", "", '6')), "");
  EXPECT_NE(error(Entry("c/a", "1", '0', 1u << 30)).find("ends too early"), std::string::npos);
  std::string many;
  for (int i = 0; i < 101; ++i) many += Entry("c/" + std::to_string(i), "");
  EXPECT_NE(error(many).find("more than 100 files"), std::string::npos);
}

TEST(Archive, BombsAndDamagedOnes) {
  std::string zeros(8u << 20, '\0');
  EXPECT_NE(Unpacked(Gzip(Entry("c/a", zeros))).find("unpacks to more than 1048576 bytes"),
            std::string::npos);
  std::string whole = Gzip(Entry("c/a", "1"));
  for (std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{10}, whole.size() / 2, whole.size() - 1})
    EXPECT_NE(Unpacked(whole.substr(0, n)).find("damaged"), std::string::npos) << n;
  EXPECT_NE(Unpacked("name: x\n").find("no gzip file"), std::string::npos);
}

TEST(Archive, IsAChartBelowAnother) {
  std::string tgz = Gzip(Entry("s/Chart.yaml", "name: s\nversion: 0.1.0\n") +
                         Entry("s/templates/a.yaml", "a: {{ .Chart.Name }}"));
  EXPECT_EQ(RenderChart({{"charts/s-0.1.0.tgz", tgz}}).text,
            "# c/charts/s/templates/a.yaml\na: s\n");
  EXPECT_NE(RenderChart({{"charts/s.tgz", "damaged"}}).error.find("damaged"), std::string::npos);
}

TEST(Chart, MetadataIsDecodedAsGoDoes) {
  constexpr std::string_view kPrefix =
      "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot "
      "unmarshal ";
  auto chart = [](std::string text) {
    return RenderChart(
        {{"Chart.yaml", std::move(text)}, {"templates/a.yaml", "v: {{ .Chart | toJson }}"}});
  };
  EXPECT_EQ(chart("NAME: 5\nversion: 1.0\nannotations: {a: true}\nkeywords: [1.50]\nx: y\n").text,
            "# 5/templates/a.yaml\nv: {\"name\":\"5\",\"version\":\"1\",\"keywords\":[\"1.5\"],"
            "\"apiVersion\":\"v1\",\"annotations\":{\"a\":\"true\"},\"IsRoot\":true}\n");
  EXPECT_EQ(chart("name: [c]\nversion: 1.0.0\n").error,
            std::string(kPrefix) + "array into Go struct field Metadata.name of type string");
  EXPECT_EQ(chart("version: 1.0.0\n").error, "validation: chart.metadata.name is required");
  EXPECT_EQ(chart("name: c\n").error, "validation: chart.metadata.version is required");
  EXPECT_EQ(chart("name: c\nversion: x\n").error,
            "validation: chart.metadata.version \"x\" is invalid");
  EXPECT_EQ(chart("name: a/b\nversion: 1.0.0\n").error,
            "validation: chart.metadata.name \"a/b\" is invalid");
  EXPECT_EQ(chart("name: c\nversion: 1.0.0\ntype: library\n").error,
            "library charts are not installable");
}

TEST(Chart, HelmignoreLeavesOut) {
  Outcome out =
      RenderChart({{".helmignore", "*.tmp\nsecret/\n"},
                   {"a.tmp", "1"},
                   {"b.txt", "2"},
                   {"secret/c.txt", "3"},
                   {"templates/a.yaml", "v: {{ (.Files.Glob \"**\").AsConfig | quote }}"}});
  EXPECT_EQ(
      out.text,
      "# c/templates/a.yaml\nv: \".helmignore: |\\n  *.tmp\\n  secret/\\nb.txt: \\\"2\\\"\"\n");
}

TEST(Chart, FilesAnswer) {
  Files files{{"f/a.txt", "x\ny\n"}, {"f/b.txt", "z"}};
  auto eval = [&](const std::string& expression) {
    Files all = files;
    all["templates/a.yaml"] = "v: {{ " + expression + " }}";
    Outcome out = RenderChart(all);
    return out.error.empty() ? out.text.substr(out.text.find("v: ") + 3) : out.error;
  };
  EXPECT_EQ(eval(".Files.Get \"f/b.txt\""), "z\n");
  EXPECT_EQ(eval(".Files.Get \"nope\" | quote"), "\"\"\n");
  EXPECT_EQ(eval(".Files.Lines \"f/a.txt\" | toJson"), "[\"x\",\"y\"]\n");
  EXPECT_EQ(eval("(.Files.Glob \"nope/*\").AsConfig"), "{}\n");
  EXPECT_EQ(eval("(.Files.Glob \"f/b*\").AsSecrets | quote"), "\"b.txt: eg==\"\n");
  EXPECT_EQ(eval(".Files.GetBytes \"f/b.txt\" | toString"), "z\n");
  EXPECT_EQ(eval("typeOf .Files"), "engine.files\n");
}

TEST(Chart, CapabilitiesAnswer) {
  RenderOptions options;
  options.kube_version = "1.29.3-gke.1";
  options.api_versions = {"x.io/v1"};
  EXPECT_EQ(
      Evaluate("print .Capabilities.KubeVersion.Version \" \" .Capabilities.KubeVersion.Minor", "",
               options),
      "v1.29.3 29");
  EXPECT_EQ(Evaluate(".Capabilities.APIVersions.Has \"x.io/v1\"", "", options), "true");
  EXPECT_EQ(Evaluate(".Capabilities.APIVersions.Has \"y.io/v1\"", "", options), "false");
  EXPECT_EQ(Evaluate("typeOf .", ""), "chartutil.Values");
  options.kube_version = "latest";
  EXPECT_EQ(Evaluate("1", "", options),
            "ERROR invalid kube version 'latest': could not parse \"latest\" as version");
}

TEST(Chart, KubeVersionAndReleaseNameAreChecked) {
  EXPECT_EQ(RenderChart({{"Chart.yaml", "name: c\nversion: 1.0.0\nkubeVersion: '<1.20'\n"}}).error,
            "chart requires kubeVersion: <1.20 which is incompatible with Kubernetes v1.32.0");
  RenderOptions options;
  options.release_name = "A";
  EXPECT_TRUE(
      RenderChart({}, options).error.starts_with("release name \"A\": invalid release name"));
}

TEST(Chart, SchemasAreChecked) {
  Outcome out =
      RenderChart({{"values.schema.json", "{\"properties\": {\"num\": {\"type\": \"integer\"}}}"},
                   {"values.yaml", "num: x\n"}});
  EXPECT_TRUE(
      out.error.starts_with("values don't meet the specifications of the schema(s) in the "
                            "following chart(s):\nc:\n"));
  EXPECT_NE(out.error.find("/num"), std::string::npos);
  EXPECT_EQ(
      RenderChart({{"values.schema.json", "{\"properties\": {\"num\": {\"type\": \"integer\"}}}"},
                   {"values.yaml", "num: 1.0\n"}})
          .error,
      "");
}

// --- Dependencies ---

Files Umbrella(std::string dependency, std::string values) {
  return {{"Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n" + dependency},
          {"values.yaml", std::move(values)},
          {"templates/p.yaml", "p: {{ .Values | toJson }}"},
          {"charts/s/Chart.yaml", "name: s\nversion: 1.2.3\n"},
          {"charts/s/values.yaml", "k: 1\nexports: {d: {up: 1}}\n"},
          {"charts/s/templates/a.yaml", "n: {{ .Chart.Name }} {{ .Values.k }}"}};
}
bool HasChild(const Outcome& out) { return out.text.find("/charts/") != std::string::npos; }

TEST(Dependencies, ConditionsBeatTags) {
  constexpr char kEntry[] = "- {name: s, version: 1.x.x, tags: [t], condition: 's.use,s.other'}\n";
  EXPECT_TRUE(HasChild(RenderChart(Umbrella(kEntry, ""))));
  EXPECT_FALSE(HasChild(RenderChart(Umbrella(kEntry, "tags: {t: false}\n"))));
  EXPECT_FALSE(HasChild(RenderChart(Umbrella(kEntry, "s: {use: false}\ntags: {t: true}\n"))));
  EXPECT_TRUE(HasChild(RenderChart(Umbrella(kEntry, "s: {other: true}\ntags: {t: false}\n"))));
}

TEST(Dependencies, AliasesRenameAndMultiply) {
  Outcome out = RenderChart(
      Umbrella("- {name: s, version: '*', alias: one}\n- {name: s, version: '*', alias: two}\n",
               "two: {k: 2}\n"));
  EXPECT_NE(out.text.find("# c/charts/one/templates/a.yaml\nn: one 1\n"), std::string::npos);
  EXPECT_NE(out.text.find("# c/charts/two/templates/a.yaml\nn: two 2\n"), std::string::npos);
}

TEST(Dependencies, ImportValues) {
  Outcome out = RenderChart(
      Umbrella("- {name: s, version: '*', import-values: [d, {child: exports, parent: deep.er}]}\n",
               "up: 5\n"));
  EXPECT_NE(out.text.find("\"deep\":{\"er\":{\"d\":{\"up\":1}}}"), std::string::npos);
  EXPECT_NE(out.text.find("\"up\":5"), std::string::npos);
}

TEST(Dependencies, MissingOnesAreAFaultOnlyWhenStrict) {
  Files files = Umbrella("- {name: gone, version: 1.0.0}\n- {name: s, version: 1.0.0}\n", "");
  EXPECT_NE(RenderChart(files).error.find("missing in charts/ directory: gone"), std::string::npos);
  Outcome out = RenderChart(files, {}, false);
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.missing, std::vector<std::string>{"gone"});
  EXPECT_NE(out.text.find("# c/templates/p.yaml"), std::string::npos);
}

TEST(Dependencies, WrongTypesAreTold) {
  EXPECT_EQ(RenderChart(Umbrella("- {name: s, version: '*'}\n", "s: [1, null]\n")).error,
            "type mismatch on s: [%!t(float64=1) <nil>]");
  EXPECT_EQ(RenderChart(Umbrella("- {name: s, alias: a.b}\n", "")).error,
            "validation: dependency \"s\" has disallowed characters in the alias");
}

TEST(Dependencies, LibrariesLendTheirDefinitions) {
  Outcome out = RenderChart({{"charts/l/Chart.yaml", "name: l\nversion: 1.0.0\ntype: library\n"},
                             {"charts/l/templates/_x.tpl", "{{ define \"l.x\" }}lent{{ end }}"},
                             {"charts/l/templates/no.yaml", "never: printed"},
                             {"templates/a.yaml", "v: {{ include \"l.x\" . }}"}});
  EXPECT_EQ(out.text, "# c/templates/a.yaml\nv: lent\n");
}

// --- Manifests ---

constexpr char kSeveral[] =
    "kind: Service\n---\n# only a comment\n---\nkind: Zebra\n---\nkind: Namespace\n--- \n\n---\n"
    "kind: Job\nmetadata: {annotations: {helm.sh/hook: 'pre-install, TEST'}}\n---\n"
    "kind: Ape\n---\nkind: Pod\nmetadata: {annotations: {helm.sh/hook: nothing-known}}\n";

TEST(Manifests, AreOrderedByKindWithHooksLast) {
  Outcome out =
      RenderChart({{"templates/a.yaml", kSeveral}, {"templates/NOTES.txt", "kind: Note"}});
  std::string kinds;
  for (std::size_t at = out.text.find("kind: "); at != std::string::npos;
       at = out.text.find("kind: ", at + 1))
    kinds += out.text.substr(at + 6, out.text.find('\n', at) - at - 6) + " ";
  EXPECT_EQ(kinds, "Namespace Service Ape Zebra Job ");
  RenderOptions options;
  options.skip_tests = true;
  EXPECT_EQ(RenderChart({{"templates/a.yaml", kSeveral}}, options).text.find("Job"),
            std::string::npos);
  options = {};
  options.hooks = false;
  EXPECT_EQ(RenderChart({{"templates/a.yaml", kSeveral}}, options).text.find("Job"),
            std::string::npos);
}

TEST(Manifests, CrdsComeFirstWhenTheyAreWanted) {
  Files files{{"crds/x.yaml", "kind: X\n"},
              {"crds/readme.txt", "no"},
              {"templates/a.yaml", "kind: Namespace"}};
  EXPECT_EQ(RenderChart(files).text, "# c/templates/a.yaml\nkind: Namespace\n");
  RenderOptions options;
  options.include_crds = true;
  EXPECT_EQ(RenderChart(files, options).text,
            "# c/crds/x.yaml\nkind: X\n\n# c/templates/a.yaml\nkind: Namespace\n");
}

TEST(Manifests, BadOnesHaveHelmsReason) {
  auto error = [](std::string text) {
    return RenderChart({{"templates/a.yaml", std::move(text)}}).error;
  };
  constexpr std::string_view kStart = "YAML parse error on c/templates/a.yaml: ";
  EXPECT_EQ(error("a: 1\nb: c: d\n"), std::string(kStart) +
                                          "error converting YAML to JSON: yaml: line 2: mapping "
                                          "values are not allowed in this context");
  EXPECT_EQ(error("a: 1\n b: 2\n"), std::string(kStart) +
                                        "error converting YAML to JSON: yaml: line 2: mapping "
                                        "values are not allowed in this context");
  EXPECT_EQ(
      error("a: *x\n"),
      std::string(kStart) + "error converting YAML to JSON: yaml: unknown anchor 'x' referenced");
  EXPECT_EQ(error("- 1\n"), std::string(kStart) +
                                "error unmarshaling JSON: while decoding JSON: json: cannot "
                                "unmarshal array into Go value of type releaseutil.SimpleHead");
  EXPECT_EQ(error("kind: [a]\n"),
            std::string(kStart) +
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into "
                "Go struct field SimpleHead.kind of type string");
  EXPECT_EQ(error("a: .nan\n"),
            std::string(kStart) + "error converting YAML to JSON: json: unsupported value: NaN");
}

}  // namespace
}  // namespace plumbline::helm
