#include "services/app/backup_files.h"

#include <fcntl.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "domain/json_writer.h"
#include "domain/keys.h"
#include "services/app/key_files.h"

namespace loyalty {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kMemberKeys = "member_keys";
constexpr int kFormat = 1;
constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kKeysOfAPage = 1'000;

Error Bad(std::string why) { return Error{Reason::kInternal, std::move(why), {}}; }
Error Io(const std::string& what, const fs::path& path) {
  return Bad("cannot " + what + " " + path.string() + ": " + std::strerror(errno));
}

class Hasher {
 public:
  Hasher() { crypto_generichash_init(&state_, nullptr, 0, kBytes); }
  void Add(std::string_view text) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  std::string Finish() {
    Bytes hash{std::string(kBytes, '\0')};
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(hash.value.data()), kBytes);
    return Hex(hash);
  }

 private:
  static constexpr std::size_t kBytes = 32;
  crypto_generichash_state state_{};
};

Result<BackedUpFile> HashFile(const fs::path& path, const std::string& name) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Io("read", path);
  std::string block(kBlock, '\0');
  Hasher hash;
  BackedUpFile found{name, 0, ""};
  ssize_t got = 0;
  while ((got = read(file, block.data(), block.size())) > 0) {
    hash.Add({block.data(), static_cast<std::size_t>(got)});
    found.bytes += got;
  }
  const bool kept = got == 0 && fsync(file) == 0;
  close(file);
  if (!kept) return Io("read", path);
  found.hash = hash.Finish();
  return found;
}

const google::protobuf::Value& At(const google::protobuf::Struct& json, const std::string& name) {
  static const google::protobuf::Value kNothing;
  const auto at = json.fields().find(name);
  return at == json.fields().end() ? kNothing : at->second;
}
std::string TextAt(const google::protobuf::Struct& json, const std::string& name) {
  return At(json, name).string_value();
}
std::int64_t NumberAt(const google::protobuf::Struct& json, const std::string& name) {
  return static_cast<std::int64_t>(At(json, name).number_value());
}

Result<google::protobuf::Struct> ParseJson(const std::string& text, const fs::path& path) {
  google::protobuf::Struct json;
  if (!google::protobuf::util::JsonStringToMessage(text, &json).ok() || text.empty())
    return Bad(path.string() + " is damaged: it is not what a backup wrote");
  if (NumberAt(json, "format") != kFormat)
    return Bad(path.string() + " has format " + std::to_string(NumberAt(json, "format")) +
               ", which this program does not know: use the loyaltyd that wrote it");
  return json;
}

std::string ReadAll(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

std::string ProgramName(const Secrets& secrets) { return KeyCheck(secrets.all.front().key); }

Result<std::vector<BackedUpFile>> HashFiles(const fs::path& directory) {
  std::vector<BackedUpFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = entry.path().lexically_relative(directory).string();
    if (!entry.is_regular_file() || name == kManifest) continue;
    auto file = HashFile(entry.path(), name);
    if (!file) return file.error();
    files.push_back(*std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

Status WriteManifest(const fs::path& directory, const Manifest& manifest) {
  JsonWriter json;
  json.BeginObject();
  json.Add("format", kFormat).Add("program", manifest.program).Add("version", manifest.version);
  json.Add("schema", manifest.schema);
  json.Add("engine", manifest.engine == storage::Engine::kSqlite ? "sqlite" : "mariadb");
  json.Add("database", manifest.database).Add("time", manifest.time).Add("seal", manifest.seal);
  json.Name("counts").BeginObject(JsonLayout::kInline);
  json.Add("members", manifest.counts.members).Add("entries", manifest.counts.entries);
  json.Add("receipts", manifest.counts.receipts).Add("commands", manifest.counts.commands);
  json.End();
  json.Name("files").BeginList();
  for (const BackedUpFile& file : manifest.files) {
    json.BeginObject(JsonLayout::kInline);
    json.Add("name", file.name).Add("bytes", file.bytes).Add("hash", file.hash);
    json.End();
  }
  json.End();
  json.End();
  return WriteSecret((directory / kManifest).string(), json.TakeLine());
}

Result<Manifest> ReadManifest(const fs::path& directory) {
  const fs::path path = directory / kManifest;
  if (!fs::exists(path)) return Bad("there is no backup in " + directory.string() + ": no manifest.json");
  const auto json = ParseJson(ReadAll(path), path);
  if (!json) return json.error();
  Manifest manifest;
  manifest.program = TextAt(*json, "program");
  manifest.engine = TextAt(*json, "engine") == "sqlite" ? storage::Engine::kSqlite : storage::Engine::kMysql;
  manifest.database = TextAt(*json, "database");
  manifest.time = TextAt(*json, "time");
  manifest.version = TextAt(*json, "version");
  manifest.schema = static_cast<int>(NumberAt(*json, "schema"));
  manifest.seal = TextAt(*json, "seal");
  const auto& counts = At(*json, "counts").struct_value();
  manifest.counts = {NumberAt(counts, "members"), NumberAt(counts, "entries"), NumberAt(counts, "receipts"),
                     NumberAt(counts, "commands")};
  for (const auto& value : At(*json, "files").list_value().values()) {
    const auto& file = value.struct_value();
    manifest.files.push_back({TextAt(file, "name"), NumberAt(file, "bytes"), TextAt(file, "hash")});
  }
  if (manifest.files.empty() || manifest.seal.empty())
    return Bad(path.string() + " is damaged: it names no files, or no SEAL");
  return manifest;
}

Status CheckFiles(const fs::path& directory, const std::vector<BackedUpFile>& files) {
  for (const BackedUpFile& file : files) {
    const fs::path path = directory / file.name;
    if (!fs::exists(path)) return Bad(path.string() + " is missing");
    const auto found = HashFile(path, file.name);
    if (!found) return found.error();
    if (found->bytes != file.bytes)
      return Bad(path.string() + " has " + std::to_string(found->bytes) + " bytes and not " +
                 std::to_string(file.bytes) + ": it was cut off, or changed");
    if (found->hash != file.hash) return Bad(path.string() + " is damaged: it is not what the backup wrote");
  }
  return Ok{};
}

// A line of JSON, a line "ID KEY TIME" for each key, and "end COUNT HASH" over all before.
Result<std::int64_t> WriteMemberKeys(const fs::path& directory, const MemberKeysHeader& header, const NextKeys& next) {
  const fs::path path = directory / kMemberKeys;
  const fs::path temporary = path.string() + ".new";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  fs::permissions(temporary, fs::perms::owner_read | fs::perms::owner_write);
  Hasher hash;
  const auto write = [&](const std::string& text) {
    hash.Add(text);
    file << text;
  };
  JsonWriter json;
  json.BeginObject(JsonLayout::kDense);
  json.Add("format", kFormat).Add("program", header.program).Add("time", header.time).Add("sql", header.sql);
  json.End();
  write(json.TakeLine());
  std::int64_t count = 0;
  for (auto keys = next(0); !keys.empty(); keys = next(keys.back().member_id))
    for (const auto& key : keys) {
      ++count;
      write(std::to_string(key.member_id) + " " + Hex(key.secret) + " " + std::to_string(key.create_time) + "\n");
    }
  file << "end " << count << " " << hash.Finish() << "\n";
  file.close();
  if (!file) return Io("write", temporary);
  if (const auto kept = HashFile(temporary, ""); !kept) return kept.error();
  fs::rename(temporary, path);
  return count;
}

Result<MemberKeysHeader> ReadMemberKeys(
    const fs::path& directory, const std::string& program,
    const std::function<void(const MemberKeysHeader&, const std::vector<storage::MemberKeyRow>&)>& take) {
  const fs::path path = directory / kMemberKeys;
  if (!fs::exists(path))
    return Bad(path.string() +
               " is missing: points and receipts are in the backup, but nobody could read names, addresses and phone "
               "numbers any more");
  // Twice: nothing is taken before the end was seen.
  MemberKeysHeader header;
  bool whole = false;
  {
    std::ifstream file(path, std::ios::binary);
    Hasher hash;
    std::string line;
    std::getline(file, line);
    const auto json = ParseJson(line, path);
    if (!json) return json.error();
    header = {TextAt(*json, "program"), TextAt(*json, "time"), TextAt(*json, "sql")};
    hash.Add(line + "\n");
    std::int64_t count = 0;
    while (!whole && std::getline(file, line)) {
      if (line.rfind("end ", 0) == 0) {
        whole = line == "end " + std::to_string(count) + " " + hash.Finish();
        break;
      }
      hash.Add(line + "\n");
      ++count;
    }
  }
  if (header.program != program) return Bad(path.string() + " has the keys of members of another program");
  if (!whole) return Bad(path.string() + " was cut off, or changed");
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  std::vector<storage::MemberKeyRow> keys;
  while (std::getline(file, line) && line.rfind("end ", 0) != 0) {
    std::istringstream fields(line);
    storage::MemberKeyRow key;
    std::string hex;
    fields >> key.member_id >> hex >> key.create_time;
    key.secret.value.resize(hex.size() / 2);
    sodium_hex2bin(reinterpret_cast<unsigned char*>(key.secret.value.data()), key.secret.value.size(), hex.data(),
                   hex.size(), nullptr, nullptr, nullptr);
    keys.push_back(std::move(key));
    if (keys.size() < kKeysOfAPage) continue;
    take(header, keys);
    keys.clear();
  }
  take(header, keys);
  return header;
}

}  // namespace loyalty
