// A site with a film of two renditions, its owner and a guest.
#pragma once
#include "catalog/video_repository.h"
#include "playback/playback.h"
#include "unit/users/site.h"
#include "users/revocation_repository.h"

namespace reeld::test {

using namespace playback;

inline const std::string Plan = R"({"target_duration":4})";

struct Cinema : Site {
  explicit Cinema(db::Dialect dialect)
      : Site(dialect),
        owner(signedIn("owner@example.org", users::Role::Creator)),
        guest(signedIn("guest@example.org")) {
    catalog::VideoDraft draft;
    draft.title = "film";
    database->transact([&](db::Session& session) {
      video = catalog::insertVideo(session, owner.user_id, draft, clock.now());
    });
    const std::string id = std::to_string(video);
    run("INSERT INTO sources (video_id, storage_key, size_bytes, sha256, created_at) VALUES (" +
        id + ", 'k', 1, 'x', 1)");
    run("INSERT INTO encodings (video_id, source_id, state, settings_hash, plan, created_at) "
        "VALUES (" +
        id + ", 1, 'ready', 'x', '" + Plan + "', 1)");
    addRendition("480p", 854, 480, 900000);
    addRendition("720p", 1280, 720, 1800000);
    run("UPDATE videos SET state = 'READY', current_encoding = 1, duration_ms = 8000, poster_key = "
        "'videos/1/posters/p.jpg'");
    revocations.start();
  }
  void addRendition(const std::string& name, int width, int height, int bandwidth) {
    run("INSERT INTO renditions (encoding_id, name, format, width, height, frame_rate_milli, "
        "codecs, bandwidth, "
        "average_bandwidth) VALUES (1, '" +
        name + "', 'hls-ts', " + std::to_string(width) + ", " + std::to_string(height) +
        ", 25000, 'avc1.4d401e', " + std::to_string(bandwidth) + ", 800000)");
    for (const int number : {0, 1}) {
      run("INSERT INTO segments (rendition_id, number, start_us, duration_us, bytes, frames, "
          "storage_key, sha256) SELECT id, " +
          std::to_string(number) + ", " + std::to_string(number * 4000000) +
          ", 4000000, 1000, 100, 'keys/" + name + "/" + std::to_string(number) +
          "', '' FROM renditions WHERE name = '" + name + "'");
    }
  }
  GrantVerdict check(const std::string& grant, std::int64_t encoding = 1) {
    return playback.checkGrant(grant, encoding);
  }

  users::Viewer owner;
  users::Viewer guest;
  catalog::VideoId video = 0;
  GrantSigner grants{SiteSecret};
  Revocations revocations{*database, clock, sandbox.log, sandbox.metrics};
  MediaIndex index{clock};
  ViewCounter views{*database, sandbox.log, sandbox.metrics};
  Playback playback{*database, clock, signer, grants, revocations, index, views, {}};
};

}  // namespace reeld::test
