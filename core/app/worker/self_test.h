// reeld-worker --self-test: enters the sandbox, then tries what is forbidden. One JSON object on
// stdout:
// {"ok":bool,"layers":{...},"attempts":[{"name":s,"ok":bool,"result":s}]}; exit 0 if all is as it
// must be. What only a best-effort layer would refuse is excused, and said so, where the host
// offers none.
#pragma once

namespace reeld::app::worker {

int runSelfTest();

}  // namespace reeld::app::worker
