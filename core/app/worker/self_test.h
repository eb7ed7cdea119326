// reeld-worker --self-test: enters the sandbox, then tries what is forbidden. One JSON object on stdout:
// {"ok":bool,"layers":{...},"attempts":[{"name":s,"ok":bool,"result":s}]}; exit 0 if all is as it must be.
#pragma once

namespace reeld::app::worker {

int runSelfTest();

}  // namespace reeld::app::worker
