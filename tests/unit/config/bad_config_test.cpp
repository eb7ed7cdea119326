// Every message an administrator can get for a configuration, with its file, line and column.
#include "catch.h"
#include "scratch.h"

namespace {

struct Row {
  std::string yaml;
  std::string messages;
};

const std::vector<Row> Rows = {
    // unknown keys
    {"http:\n  listne: \"127.0.0.1:1\"\n",
     "reeld.yaml:2:3: /http/listne: unknown key (did you mean \"listen\"?)\n"},
    {"htp: {}\n", "reeld.yaml:1:1: /htp: unknown key (did you mean \"http\"?)\n"},
    {"listen: x\n", "reeld.yaml:1:1: /listen: unknown key (did you mean \"http.listen\"?)\n"},
    {"entirely_else: 1\n", "reeld.yaml:1:1: /entirely_else: unknown key\n"},
    {"money: {currency: euro}\n",
     "reeld.yaml:1:19: /money/currency: must be a currency of three capital letters, such as EUR "
     "(got "
     "\"euro\")\n"},
    {"auth:\n  throttle: {registration: 1}\n",
     "reeld.yaml:2:14: /auth/throttle/registration: unknown key (did you mean "
     "\"registrations\"?)\n"},
    {"processing: {turbo: auto}\n", "reeld.yaml:1:14: /processing/turbo: unknown key\n"},
    {"plugins:\n  a: {use: b, requird: true}\n",
     "reeld.yaml:2:15: /plugins/a/requird: unknown key (did you mean \"required\"?)\n"},
    // types and ranges
    {"database:\n  pool: many\n",
     "reeld.yaml:2:9: /database/pool: must be a whole number from 1 to 256 (got \"many\")\n"},
    {"database: {pool: 0}\n",
     "reeld.yaml:1:18: /database/pool: must be a whole number from 1 to 256 (got \"0\")\n"},
    {"database: {pool: 1.5}\n",
     "reeld.yaml:1:18: /database/pool: must be a whole number from 1 to 256 (got \"1.5\")\n"},
    {"database: {pool: [1]}\n",
     "reeld.yaml:1:18: /database/pool: must be a single value, not a list\n"},
    {"database: {pool: {a: 1}}\n",
     "reeld.yaml:1:18: /database/pool: must be a single value, not a map\n"},
    {"database:\n  pool:\n",
     "reeld.yaml:2:3: /database/pool: has no value (write \"\" for an empty one, or remove the "
     "key)\n"},
    {"database: sqlite\n", "reeld.yaml:1:11: /database: must be a map of keys\n"},
    {"http: {threads: some}\n",
     "reeld.yaml:1:17: /http/threads: must be a whole number from 1 to 256, or auto (got "
     "\"some\")\n"},
    {"processing: {crf: 52}\n",
     "reeld.yaml:1:19: /processing/crf: must be a number from 0 to 51 (got \"52\")\n"},
    {"processing: {crf: nan}\n",
     "reeld.yaml:1:19: /processing/crf: must be a number from 0 to 51 (got \"nan\")\n"},
    {"processing: {preset: veryfats}\n",
     "reeld.yaml:1:22: /processing/preset: must be ultrafast, superfast, veryfast, faster, fast, "
     "medium, slow, slower or veryslow (got \"veryfats\") (did you mean \"veryfast\"?)\n"},
    {"processing: {ladder: [720, 480]}\n",
     "reeld.yaml:1:22: /processing/ladder: must rise from number to number\n"},
    {"processing: {ladder: [480, tall]}\n",
     "reeld.yaml:1:28: /processing/ladder/1: must be a whole number from 144 to 4320 (got "
     "\"tall\")\n"},
    {"processing: {ladder: []}\n",
     "reeld.yaml:1:22: /processing/ladder: must have at least one number\n"},
    {"processing: {ladder: 480}\n",
     "reeld.yaml:1:22: /processing/ladder: must be a list, such as [a, b]\n"},
    {"roles: [api, wrker]\n",
     "reeld.yaml:1:14: /roles/1: must be api or worker (got \"wrker\") (did you mean "
     "\"worker\"?)\n"},
    {"roles: []\n", "reeld.yaml:1:8: /roles: must name at least one of api or worker\n"},
    {"roles: [api, api]\n", "reeld.yaml:1:8: /roles: names api twice\n"},
    {"packaging: {formats: [smooth]}\n",
     "reeld.yaml:1:23: /packaging/formats/0: must be hls-ts or cmaf (got \"smooth\")\n"},
    {"upload: {max_bytes: 20 gigs}\n",
     "reeld.yaml:1:21: /upload/max_bytes: must be an amount of bytes such as 20GiB from 1 to "
     "1024TiB (got \"20 gigs\")\n"},
    {"upload: {max_bytes: -1}\n",
     "reeld.yaml:1:21: /upload/max_bytes: must be an amount of bytes such as 20GiB from 1 to "
     "1024TiB (got \"-1\")\n"},
    {"upload: {reserve_free: 101%}\n",
     "reeld.yaml:1:24: /upload/reserve_free: must be a share of the volume such as 5%, or an "
     "amount such as 20GiB (got \"101%\")\n"},
    // forms of texts
    {"data_dir: var/lib\n",
     "reeld.yaml:1:11: /data_dir: must be an absolute path (got \"var/lib\")\n"},
    {"http: {listen: \"8470\"}\n",
     "reeld.yaml:1:16: /http/listen: must be address:port, such as 127.0.0.1:8470 or [::]:8470 "
     "(got \"8470\")\n"},
    {"http: {listen: \"1.2.3.4:70000\"}\n",
     "reeld.yaml:1:16: /http/listen: must be address:port, such as 127.0.0.1:8470 or [::]:8470 "
     "(got \"1.2.3.4:70000\")\n"},
    {"http: {cors_origins: [\"https://v.example/path\"]}\n",
     "reeld.yaml:1:23: /http/cors_origins/0: must be an origin such as https://video.example.org, "
     "without a path (got \"https://v.example/path\")\n"},
    {"http: {public_url: \"video.example.org\"}\n",
     "reeld.yaml:1:20: /http/public_url: must be an origin such as https://video.example.org, "
     "without a path (got \"video.example.org\")\n"},
    {"auth: {videoflix_activation: maybe}\n",
     "reeld.yaml:1:30: /auth/videoflix_activation: must be true or false (got \"maybe\")\n"},
    {"http: {trusted_proxies: [10.0.0.0/33]}\n",
     "reeld.yaml:1:26: /http/trusted_proxies/0: must be an address or a network, such as 10.0.0.1 "
     "or 10.0.0.0/8 (got \"10.0.0.0/33\")\n"},
    {"database: {url: \"mysql://u:hunter2@h/d\"}\n",
     "reeld.yaml:1:17: /database/url: must be sqlite:FILE or postgresql://USER@HOST/NAME (got "
     "\"mysql://u:***@h/d\")\n"},
    {"database: {url: \"sqlite:a/../../x.db\"}\n",
     "reeld.yaml:1:17: /database/url: must lie below data_dir, or be an absolute path (got "
     "\"sqlite:a/../../x.db\")\n"},
    {"admin: {email: nobody, password_file: /p}\n",
     "reeld.yaml:1:16: /admin/email: must be an e-mail address (got \"nobody\")\n"},
    {"mail: {from: nobody}\n",
     "reeld.yaml:1:14: /mail/from: must be an e-mail address such as noreply@example.org (a name "
     "for it goes into mail.from_name) (got \"nobody\")\n"},
    {"mail: {from: \"A <a@example.org>\"}\n",
     "reeld.yaml:1:14: /mail/from: must be an e-mail address such as noreply@example.org (a name "
     "for it goes into mail.from_name) (got \"A <a@example.org>\")\n"},
    {"mail: {from: \"a..b@example.org\"}\n",
     "reeld.yaml:1:14: /mail/from: must be an e-mail address such as noreply@example.org (a name "
     "for it goes into mail.from_name) (got \"a..b@example.org\")\n"},
    {"mail: {frontend_url: \"https://v.example/?a\"}\n",
     "reeld.yaml:1:22: /mail/frontend_url: must be an address such as https://video.example.org, "
     "without query or fragment (got \"https://v.example/?a\")\n"},
    // plugins
    {"plugins: [a]\n", "reeld.yaml:1:10: /plugins: must be a map: instance name to {use: FILE}\n"},
    {"plugins: {a: b}\n",
     "reeld.yaml:1:14: /plugins/a: must be a map, such as {use: auth-password}\n"},
    {"plugins: {a: {}}\n",
     "reeld.yaml:1:11: /plugins/a/use: is required: the plugin's file name without .so\n"},
    {"plugins: {a: {use: x.so}}\n",
     "reeld.yaml:1:20: /plugins/a/use: must be a name of a-z, 0-9 and -, beginning with a letter, "
     "at most 40 long (leave out .so)\n"},
    {"plugins: {A_b: {use: x}}\n",
     "reeld.yaml:1:11: /plugins/A_b: must be a name of a-z, 0-9 and -, beginning with a letter, at "
     "most 40 long\n"},
    {"plugins: {a: {use: x, required: yes}}\n",
     "reeld.yaml:1:33: /plugins/a/required: must be true or false (got \"yes\")\n"},
    {"plugins: {a: {use: x, mount: nope}}\n",
     "reeld.yaml:1:30: /plugins/a/mount: must be a path such as /api/v1/audit, of a-z, 0-9, - and "
     "_ "
     "(got \"nope\")\n"},
    {"plugins: {a: {use: x, access: root}}\n",
     "reeld.yaml:1:31: /plugins/a/access: must be admin, user or public (got \"root\")\n"},
    // what only fits together badly
    {"storage: dsk\n",
     "reeld.yaml:1:10: /storage: names the plugin instance \"dsk\", which is not in plugins (did "
     "you mean \"disk\"?)\n"},
    {"auth_providers: [password, ldap]\n",
     "reeld.yaml:1:17: /auth_providers/1: names the plugin instance \"ldap\", which is not in "
     "plugins\n"},
    {"auth_providers: []\n", "reeld.yaml:1:17: /auth_providers: must name at least one instance\n"},
    {"plugins:\n  libav: null\n",
     "default: /encoder: names the plugin instance \"libav\", which is not in plugins\n"},
    {"interceptors: [nobody]\n",
     "reeld.yaml:1:15: /interceptors/0: names the plugin instance \"nobody\", which is not in "
     "plugins\n"},
    {"interceptors: disk\n", "reeld.yaml:1:15: /interceptors: must be a list, such as [a, b]\n"},
    {"interceptors: [disk, [disk]]\n",
     "reeld.yaml:1:22: /interceptors/1: must be an instance, or a map such as {name: NAME, "
     "exclude: "
     "[media]}\n"},
    {"interceptors: [disk, {name: disk}]\n",
     "reeld.yaml:1:22: /interceptors/1: names disk twice\n"},
    {"interceptors: [{name: disk, exclude: []}]\n",
     "reeld.yaml:1:38: /interceptors/0: must be a list of groups of routes: api, auth, stream, "
     "upload, media, health, docs, plugin, unmatched\n"},
    {"interceptors: [{name: disk, include: [medai]}]\n",
     "reeld.yaml:1:39: /interceptors/0: is no group of routes (got \"medai\") (did you mean "
     "\"media\"?); there are api, auth, stream, upload, media, health, docs, plugin, unmatched\n"},
    {"notifier: smtp\n",
     "reeld.yaml:1:11: /notifier: names the plugin instance \"smtp\", which is not in plugins\n"},
    {"admin: {email: a@b}\n",
     "reeld.yaml:1:16: /admin/email: needs admin.password_file beside it\n"},
    {"admin: {password_file: /p}\n",
     "reeld.yaml:1:24: /admin/password_file: needs admin.email beside it\n"},
    {"database: {url: \"postgresql://reeld@/reeld\"}\n",
     "reeld.yaml:1:17: /auth/secret_file: is required with PostgreSQL: all daemons on one database "
     "sign with the same secret (make one: head -c 32 /dev/urandom | base64 > FILE; chmod 600 "
     "FILE)\n"},
    // YAML itself
    {"log: {level: info\n", "reeld.yaml:2:1: not valid YAML: end of map flow not found\n"},
    {"a: b: c\n", "reeld.yaml:1:5: not valid YAML: illegal map value\n"},
    {"log:\n\tlevel: info\n",
     "reeld.yaml:2:7: not valid YAML: illegal map value (indent with spaces, not tabs)\n"},
    {"log:\n  level: info\n  level: debug\n",
     "reeld.yaml:3:3: /log/level: is there twice (first in line 2)\n"},
    {"- a\n- b\n", "reeld.yaml:1:1: /: must be a map of keys\n"},
    {"log: {}\n---\nhttp: {}\n", "reeld.yaml:3:1: a second document begins here; one is allowed\n"},
    {"? [a, b]\n: c\n", "reeld.yaml:1:3: a key must be a word\n"},
    {",x", "reeld.yaml:1:1: not valid YAML: unexpected character\n"},
    {"log: {}\n---\n,x", "reeld.yaml:3:1: not valid YAML: unexpected character\n"},
    {std::string("log: {}\0", 8), "reeld.yaml:1:1: not valid YAML: NUL byte\n"},
};

}  // namespace

using reeld::config::Scratch;

TEST_CASE("every bad configuration is refused with file, line, pointer and what to do") {
  const Scratch scratch;
  for (const auto& row : Rows) {
    CAPTURE(row.yaml);
    CHECK(scratch.faults(scratch.loadYaml(row.yaml)) == row.messages);
  }
}

TEST_CASE("all faults of all files, variables and assignments are told at once") {
  const Scratch scratch;
  scratch.write("reeld.yaml", "http:\n  idle: 1\nlog: {level: loud}\n");
  scratch.write("conf.d/50-more.yaml", "upload: {max: 1}\n");
  const auto loaded = scratch.load({{"REELD__LOG__FROMAT", "text"}}, {"storage.a=1", "nothing"});
  CHECK(scratch.faults(loaded) ==
        "reeld.yaml:2:3: /http/idle: unknown key\n"
        "reeld.yaml:3:14: /log/level: must be error, warning, info or debug (got \"loud\")\n"
        "conf.d/50-more.yaml:1:10: /upload/max: unknown key\n"
        "--set nothing: must be NAME=VALUE, such as log.level=debug\n"
        "REELD__LOG__FROMAT: /log/fromat: unknown key (did you mean \"format\"?)\n"
        "--set storage.a: /storage: must be a single value, not a map\n");
}

TEST_CASE("a file that was named must be there, the default one may be absent") {
  const Scratch scratch;
  CHECK(scratch.load().ok());
  reeld::config::Sources sources;
  sources.file_was_named = true;
  sources.file = scratch.path("gone.yaml");
  CHECK(scratch.faults(load(sources)) == "gone.yaml: cannot be read: No such file or directory\n");
  sources.file = scratch.path("conf.d");
  CHECK(scratch.faults(load(sources)) == "conf.d: cannot be read: Is a directory\n");
}

TEST_CASE("a file that everybody may write is refused with the command that mends it") {
  const Scratch scratch;
  scratch.write("reeld.yaml", "log: {level: info}\n");
  std::filesystem::permissions(scratch.path("reeld.yaml"), std::filesystem::perms(0666));
  CHECK_THAT(scratch.faults(scratch.load()),
             StartsWith("reeld.yaml: may be written by everybody: chmod o-w "));
}

TEST_CASE("an alias that contains itself or multiplies without end is refused, not followed") {
  const Scratch scratch;
  CHECK_FALSE(scratch.loadYaml("plugins: &a {b: *a}\n").ok());
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) {
      bomb += (j > 0 ? ", " : "") + below;
    }
    bomb += "]\n";
  }
  CHECK_FALSE(scratch.loadYaml(bomb).ok());
}

TEST_CASE("a file nested a thousand levels deep is a fault, not a crash") {
  const Scratch scratch;
  CHECK_FALSE(scratch.loadYaml("plugins: " + std::string(1000, '[') + std::string(1000, ']')).ok());
  CHECK_FALSE(scratch.loadYaml("plugins: " + std::string(100000, '[')).ok());
}
