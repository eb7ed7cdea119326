#include "users/guessed_passwords.h"

#include <algorithm>
#include <array>

namespace reeld::users {

namespace {

// Sorted, because it is searched by halves.
constexpr auto Guesses = std::to_array<std::string_view>(
    {"!qaz2wsx",     "00000000",           "0000000000",  "00000001",     "01234567",
     "012345678",    "0123456789",         "0987654321",  "10203040",     "1020304050",
     "102030405060", "11111111",           "111111111",   "1111111111",   "11223344",
     "1122334455",   "12121212",           "123123123",   "12341234",     "123454321",
     "12345678",     "123456789",          "1234567890",  "12345678910",  "123456789a",
     "12345678a",    "123456abc",          "12345qwert",  "1234qwer",     "13131313",
     "147258369",    "147852369",          "159357456",   "1password",    "1q2w3e4r",
     "1q2w3e4r5t",   "1q2w3e4r5t6y",       "1qaz2wsx",    "1qaz2wsx3edc", "22222222",
     "31415926",     "314159265",          "33333333",    "55555555",     "66666666",
     "69696969",     "741852963",          "77777777",    "789456123",    "87654321",
     "88888888",     "987654321",          "9876543210",  "99999999",     "a12345678",
     "a123456789",   "aaaaaaaa",           "abc12345",    "abc123456",    "abcd1234",
     "abcdefg1",     "abcdefg123",         "abcdefgh",    "abcdefgh1",    "abcdefghi",
     "access14",     "admin123",           "admin1234",   "admin12345",   "admin@123",
     "adminadmin",   "administrator",      "alexander",   "alexander1",   "andrew123",
     "anthony1",     "arsenal1",           "asdf1234",    "asdfasdf",     "asdfghjk",
     "asdfghjkl",    "ashley123",          "asshole1",    "autumn2025",   "autumn2026",
     "azertyui",     "azertyuiop",         "barcelona",   "baseball",     "baseball1",
     "basketball",   "batman123",          "bayern123",   "benjamin",     "blink182",
     "blueberry",    "bonjour1",           "bullshit",    "butterfly",    "changeit",
     "changeme",     "changeme1",          "changeme123", "charlie1",     "cheesecake",
     "chelsea1",     "chocolate",          "christian",   "computer",     "computer1",
     "contrasena",   "corvette",           "daniel123",   "december",     "default1",
     "demo1234",     "demodemo",           "dolphins",    "dortmund",     "dragon123",
     "elizabeth",    "facebook",           "facebook1",   "february",     "ferrari1",
     "football",     "football1",          "fortnite",    "fuckyou1",     "fuckyou123",
     "fussball",     "gamecube",           "geheim123",   "goodluck",     "google123",
     "greenday",     "guest123",           "guestguest",  "hallo123",     "hallohallo",
     "hello123",     "hello1234",          "hellohello",  "helloworld",   "ichliebedich",
     "iloveu123",    "iloveyou",           "iloveyou1",   "iloveyou2",    "internet",
     "internet1",    "iphone123",          "january1",    "jennifer",     "jessica1",
     "jetaime1",     "jonathan",           "jordan23",    "juventus",     "kennwort",
     "killer123",    "letmein!",           "letmein1",    "letmein123",   "linkedin",
     "liverpool",    "liverpool1",         "lovelove",    "lovely123",    "loveyou1",
     "master123",    "matthew1",           "maverick",    "mercedes",     "metallica",
     "michael1",     "michelle",           "midnight",    "minecraft",    "monkey123",
     "motdepasse",   "mountain",           "mustang1",    "mypassword",   "myspace1",
     "naruto123",    "netflix1",           "newpassword", "nicholas",     "nintendo",
     "nirvana1",     "november",           "oracle123",   "p4ssw0rd",     "p@ssw0rd",
     "p@ssword",     "pa$$word",           "pa55word",    "pass1234",     "pass12345",
     "passpass",     "passw0rd",           "password",    "password!",    "password01",
     "password1",    "password1!",         "password11",  "password12",   "password123",
     "password1234", "password1234567890", "password2",   "password99",   "passwort",
     "passwort1",    "passwort123",        "pineapple",   "playstation",  "pokemon1",
     "pokemon123",   "porsche911",         "princess",    "princess1",    "q1w2e3r4",
     "q1w2e3r4t5",   "qazwsxedc",          "qweasdzxc",   "qwer1234",     "qwerty12",
     "qwerty123",    "qwerty1234",         "qwerty12345", "qwerty123456", "qwertyui",
     "qwertyuiop",   "qwertz123",          "qwertzui",    "qwertzuiop",   "rammstein",
     "roblox123",    "root1234",           "rootroot",    "samantha",     "samsung1",
     "samsung123",   "schalke04",          "secret12",    "secret123",    "september",
     "server123",    "shadow123",          "slipknot",    "snowball",     "sommer2025",
     "sommer2026",   "spiderman",          "spring2025",  "spring2026",   "starwars",
     "starwars1",    "stephanie",          "strawberry",  "streaming",    "summer2023",
     "summer2024",   "summer2025",         "summer2026",  "sunshine",     "sunshine1",
     "superman",     "superman1",          "sweetheart",  "teamo123",     "test1234",
     "test12345",    "testing1",           "testing123",  "testtest",     "thomas123",
     "thunder1",     "topsecret",          "trustno1",    "user1234",     "useruser",
     "veronica",     "victoria",           "videoflix",   "volleyball",   "wachtwoord",
     "welcome!",     "welcome1",           "welcome12",   "welcome123",   "whatever",
     "whatever1",    "willkommen",         "winter2023",  "winter2024",   "winter2025",
     "winter2026",   "youtube1",           "zaq12wsx",    "zeppelin",     "zxcvbnm1",
     "zxcvbnm123"});
static_assert(std::is_sorted(Guesses.begin(), Guesses.end()));

}  // namespace

bool isGuessedFirst(std::string_view folded) noexcept {
  return std::binary_search(Guesses.begin(), Guesses.end(), folded);
}

}  // namespace reeld::users
