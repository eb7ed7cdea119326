// Paths that are in the way: each is named with what is wrong and the command that mends it.
#include "app/service/path_fault.h"

#include "app/cli/fault_lines.h"
#include "app/service/password_file.h"
#include "catch.h"
#include "fixtures.h"

#include <sys/stat.h>

using namespace reeld::app;
using service::Need;
using service::pathFault;

TEST_CASE("what is as it should be, or not there yet, is no fault") {
  const Folder folder;
  folder.write("file", "x");
  ::chmod(folder.file("file").c_str(), 0600);
  CHECK(pathFault(folder.path(), Need::Folder).empty());
  CHECK(pathFault(folder.file("file"), Need::File).empty());
  CHECK(pathFault(folder.file("file"), Need::Secret).empty());
  CHECK(pathFault(folder.file("gone"), Need::File).empty());
  CHECK(pathFault(folder.file("gone"), Need::Folder).empty());
  CHECK(pathFault("/bin/true", Need::Program).empty());
}

TEST_CASE("a file where a folder belongs is to be moved away, and the other way round") {
  const Folder folder;
  folder.write("file", "x");
  const std::string file = folder.file("file");
  const std::string remedy = ": mv " + file + " " + file + ".old";
  CHECK(pathFault(file, Need::Folder) == file + " is no folder" + remedy);
  CHECK(pathFault(file + "/below/it", Need::Folder) ==
        file + " is a file where a folder is needed" + remedy);
  CHECK(pathFault(folder.path(), Need::File) ==
        folder.path() + " is no regular file: mv " + folder.path() + " " + folder.path() + ".old");
}

TEST_CASE("what everybody may write is closed by the command at the end") {
  const Folder folder;
  folder.write("file", "x");
  const std::string file = folder.file("file");
  ::chmod(file.c_str(), 0666);
  CHECK(pathFault(file, Need::File) ==
        file + " may be written by everybody (mode 0666): chmod o-w " + file);
  ::chmod(folder.path().c_str(), 0777);
  CHECK_THAT(pathFault(folder.path(), Need::Folder), EndsWith(": chmod o-w " + folder.path()));
}

TEST_CASE("a program that is missing or may not run has its command") {
  const Folder folder;
  folder.write("worker", "#!/bin/sh\n");
  const std::string worker = folder.file("worker");
  ::chmod(worker.c_str(), 0644);
  CHECK_THAT(pathFault(worker, Need::Program),
             StartsWith(worker + " has the mode 0644, which keeps "));
  CHECK_THAT(pathFault(worker, Need::Program), EndsWith(": chmod 0755 " + worker));
  CHECK(pathFault(folder.file("gone"), Need::Program) ==
        folder.file("gone") + " is missing: apt-get install --reinstall reeld");
}

TEST_CASE("each fault of an error is a line with the program's name") {
  CHECK(cli::printedFaults("reeld", "plugin \"a\": is gone\n       -> copy it there\nthe disk\n") ==
        "reeld: plugin \"a\": is gone -> copy it there\nreeld: the disk\n");
  CHECK(cli::faultLines("").empty());
  CHECK(cli::faultLines("  one\n").size() == 1);
}

TEST_CASE("the file of PostgreSQL's passwords is looked at where one is needed") {
  const Folder folder;
  const std::string file = folder.file("pgpass");
  const Variable named("PGPASSFILE", file);
  const std::string remote = "postgresql://reeld@db.example.org/reeld";
  CHECK(service::passwordFileFault(remote).empty());  // it is not there
  folder.write("pgpass", "*:*:*:*:x");
  ::chmod(file.c_str(), 0600);
  CHECK(service::passwordFileFault(remote).empty());
  ::chmod(file.c_str(), 0644);
  for (const std::string needs : {remote.c_str(), "postgresql://db.example.org",
                                  "postgresql://reeld@/reeld?host=127.0.0.1"}) {
    CAPTURE(needs);
    CHECK(service::passwordFileFault(needs) ==
          file + " may be read by others, so PostgreSQL's client passes over it: chmod 0600 " +
              file);
  }
  for (const std::string needs_none :
       {"sqlite:reeld.db", "postgresql:///reeld", "postgresql://reeld@/reeld?host=/run/postgresql",
        "postgresql://reeld:pw@db.example.org/reeld",
        "postgresql://reeld@db.example.org/reeld?passfile=/x"}) {
    CAPTURE(needs_none);
    CHECK(service::passwordFileFault(needs_none).empty());
  }
}
