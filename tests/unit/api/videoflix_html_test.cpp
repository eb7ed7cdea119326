// Texts that pages put into innerHTML.
#include "api/videoflix/html.h"
#include "catch.h"

using reeld::api::videoflix::escapedHtml;

TEST_CASE("text is shown as it stands, between tags and in attributes") {
  CHECK(escapedHtml("") == "");
  CHECK(escapedHtml("plain, äöü 日本") == "plain, äöü 日本");
  CHECK(escapedHtml("<b a=\"x\" c='y'>&amp;") ==
        "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;");
}
