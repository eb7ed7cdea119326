// Landlock: what of the file system the child may still name once its descriptors are open. Best
// effort: the kernel may be without it, and Debian 12's has its second revision only.
#pragma once

namespace reeld::app::worker {

/// Confines this thread and all its children to the directory behind the descriptor; nothing else
/// can be opened, and no TCP port be bound or reached where the kernel knows how. The ABI revision
/// in force, or 0 with errno if the kernel or a filter of the service refuses. no_new_privs must be
/// set before.
int confineToDirectory(int directory_fd);

}  // namespace reeld::app::worker
