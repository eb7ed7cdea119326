#include "base/language.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>
#include <vector>

namespace reeld {

namespace {

/// ISO 639-1, 639-2 for terminology and, where it is another, for bibliography; its own name.
struct Language {
  std::string_view two;
  std::string_view three;
  std::string_view other_three;
  std::string_view name;
};

// clang-format off
constexpr auto Languages = std::to_array<Language>({
    {"aa", "aar", "", ""},
    {"ab", "abk", "", ""},
    {"ae", "ave", "", ""},
    {"af", "afr", "", "Afrikaans"},
    {"ak", "aka", "", ""},
    {"am", "amh", "", "አማርኛ"},
    {"an", "arg", "", ""},
    {"ar", "ara", "", "العربية"},
    {"as", "asm", "", ""},
    {"av", "ava", "", ""},
    {"ay", "aym", "", ""},
    {"az", "aze", "", "Azərbaycanca"},
    {"ba", "bak", "", ""},
    {"be", "bel", "", "Беларуская"},
    {"bg", "bul", "", "Български"},
    {"bi", "bis", "", ""},
    {"bm", "bam", "", ""},
    {"bn", "ben", "", "বাংলা"},
    {"bo", "bod", "tib", ""},
    {"br", "bre", "", "Brezhoneg"},
    {"bs", "bos", "", "Bosanski"},
    {"ca", "cat", "", "Català"},
    {"ce", "che", "", ""},
    {"ch", "cha", "", ""},
    {"co", "cos", "", "Corsu"},
    {"cr", "cre", "", ""},
    {"cs", "ces", "cze", "Čeština"},
    {"cu", "chu", "", ""},
    {"cv", "chv", "", ""},
    {"cy", "cym", "wel", "Cymraeg"},
    {"da", "dan", "", "Dansk"},
    {"de", "deu", "ger", "Deutsch"},
    {"dv", "div", "", ""},
    {"dz", "dzo", "", ""},
    {"ee", "ewe", "", ""},
    {"el", "ell", "gre", "Ελληνικά"},
    {"en", "eng", "", "English"},
    {"eo", "epo", "", "Esperanto"},
    {"es", "spa", "", "Español"},
    {"et", "est", "", "Eesti"},
    {"eu", "eus", "baq", "Euskara"},
    {"fa", "fas", "per", "فارسی"},
    {"ff", "ful", "", ""},
    {"fi", "fin", "", "Suomi"},
    {"fj", "fij", "", ""},
    {"fo", "fao", "", "Føroyskt"},
    {"fr", "fra", "fre", "Français"},
    {"fy", "fry", "", "Frysk"},
    {"ga", "gle", "", "Gaeilge"},
    {"gd", "gla", "", "Gàidhlig"},
    {"gl", "glg", "", "Galego"},
    {"gn", "grn", "", ""},
    {"gu", "guj", "", "ગુજરાતી"},
    {"gv", "glv", "", ""},
    {"ha", "hau", "", "Hausa"},
    {"he", "heb", "", "עברית"},
    {"hi", "hin", "", "हिन्दी"},
    {"ho", "hmo", "", ""},
    {"hr", "hrv", "", "Hrvatski"},
    {"ht", "hat", "", ""},
    {"hu", "hun", "", "Magyar"},
    {"hy", "hye", "arm", "Հայերեն"},
    {"hz", "her", "", ""},
    {"ia", "ina", "", ""},
    {"id", "ind", "", "Bahasa Indonesia"},
    {"ie", "ile", "", ""},
    {"ig", "ibo", "", "Igbo"},
    {"ii", "iii", "", ""},
    {"ik", "ipk", "", ""},
    {"io", "ido", "", ""},
    {"is", "isl", "ice", "Íslenska"},
    {"it", "ita", "", "Italiano"},
    {"iu", "iku", "", ""},
    {"ja", "jpn", "", "日本語"},
    {"jv", "jav", "", "Basa Jawa"},
    {"ka", "kat", "geo", "ქართული"},
    {"kg", "kon", "", ""},
    {"ki", "kik", "", ""},
    {"kj", "kua", "", ""},
    {"kk", "kaz", "", "Қазақша"},
    {"kl", "kal", "", ""},
    {"km", "khm", "", "ខ្មែរ"},
    {"kn", "kan", "", "ಕನ್ನಡ"},
    {"ko", "kor", "", "한국어"},
    {"kr", "kau", "", ""},
    {"ks", "kas", "", ""},
    {"ku", "kur", "", "Kurdî"},
    {"kv", "kom", "", ""},
    {"kw", "cor", "", ""},
    {"ky", "kir", "", "Кыргызча"},
    {"la", "lat", "", "Latina"},
    {"lb", "ltz", "", "Lëtzebuergesch"},
    {"lg", "lug", "", ""},
    {"li", "lim", "", ""},
    {"ln", "lin", "", ""},
    {"lo", "lao", "", "ລາວ"},
    {"lt", "lit", "", "Lietuvių"},
    {"lu", "lub", "", ""},
    {"lv", "lav", "", "Latviešu"},
    {"mg", "mlg", "", ""},
    {"mh", "mah", "", ""},
    {"mi", "mri", "mao", "Māori"},
    {"mk", "mkd", "mac", "Македонски"},
    {"ml", "mal", "", "മലയാളം"},
    {"mn", "mon", "", "Монгол"},
    {"mr", "mar", "", "मराठी"},
    {"ms", "msa", "may", "Bahasa Melayu"},
    {"mt", "mlt", "", "Malti"},
    {"my", "mya", "bur", "မြန်မာ"},
    {"na", "nau", "", ""},
    {"nb", "nob", "", "Norsk bokmål"},
    {"nd", "nde", "", ""},
    {"ne", "nep", "", "नेपाली"},
    {"ng", "ndo", "", ""},
    {"nl", "nld", "dut", "Nederlands"},
    {"nn", "nno", "", "Norsk nynorsk"},
    {"no", "nor", "", "Norsk"},
    {"nr", "nbl", "", ""},
    {"nv", "nav", "", ""},
    {"ny", "nya", "", ""},
    {"oc", "oci", "", "Occitan"},
    {"oj", "oji", "", ""},
    {"om", "orm", "", ""},
    {"or", "ori", "", ""},
    {"os", "oss", "", ""},
    {"pa", "pan", "", "ਪੰਜਾਬੀ"},
    {"pi", "pli", "", ""},
    {"pl", "pol", "", "Polski"},
    {"ps", "pus", "", "پښتو"},
    {"pt", "por", "", "Português"},
    {"qu", "que", "", ""},
    {"rm", "roh", "", "Rumantsch"},
    {"rn", "run", "", ""},
    {"ro", "ron", "rum", "Română"},
    {"ru", "rus", "", "Русский"},
    {"rw", "kin", "", ""},
    {"sa", "san", "", ""},
    {"sc", "srd", "", ""},
    {"sd", "snd", "", ""},
    {"se", "sme", "", ""},
    {"sg", "sag", "", ""},
    {"si", "sin", "", "සිංහල"},
    {"sk", "slk", "slo", "Slovenčina"},
    {"sl", "slv", "", "Slovenščina"},
    {"sm", "smo", "", ""},
    {"sn", "sna", "", ""},
    {"so", "som", "", "Soomaali"},
    {"sq", "sqi", "alb", "Shqip"},
    {"sr", "srp", "", "Српски"},
    {"ss", "ssw", "", ""},
    {"st", "sot", "", ""},
    {"su", "sun", "", ""},
    {"sv", "swe", "", "Svenska"},
    {"sw", "swa", "", "Kiswahili"},
    {"ta", "tam", "", "தமிழ்"},
    {"te", "tel", "", "తెలుగు"},
    {"tg", "tgk", "", "Тоҷикӣ"},
    {"th", "tha", "", "ไทย"},
    {"ti", "tir", "", ""},
    {"tk", "tuk", "", ""},
    {"tl", "tgl", "", "Tagalog"},
    {"tn", "tsn", "", ""},
    {"to", "ton", "", ""},
    {"tr", "tur", "", "Türkçe"},
    {"ts", "tso", "", ""},
    {"tt", "tat", "", ""},
    {"tw", "twi", "", ""},
    {"ty", "tah", "", ""},
    {"ug", "uig", "", ""},
    {"uk", "ukr", "", "Українська"},
    {"ur", "urd", "", "اردو"},
    {"uz", "uzb", "", "Oʻzbekcha"},
    {"ve", "ven", "", ""},
    {"vi", "vie", "", "Tiếng Việt"},
    {"vo", "vol", "", ""},
    {"wa", "wln", "", ""},
    {"wo", "wol", "", ""},
    {"xh", "xho", "", "isiXhosa"},
    {"yi", "yid", "", "ייִדיש"},
    {"yo", "yor", "", "Yorùbá"},
    {"za", "zha", "", ""},
    {"zh", "zho", "chi", "中文"},
    {"zu", "zul", "", "isiZulu"}
});
// clang-format on

constexpr std::size_t LongestTag = 35;

const Language* find(std::string_view code) {
  const auto found =
      std::find_if(Languages.begin(), Languages.end(), [&](const Language& language) {
        return code == language.two || code == language.three ||
               (!language.other_three.empty() && code == language.other_three);
      });
  return found != Languages.end() ? &*found : nullptr;
}

bool isAllOf(std::string_view text, bool (*test)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool isLetterOrDigit(char c) { return isLetter(c) || (c >= '0' && c <= '9'); }

std::vector<std::string> subtagsOf(std::string_view said) {
  std::vector<std::string> parts(1);
  for (const char c : said) {
    if (c == '-' || c == '_') {
      parts.emplace_back();
    } else {
      parts.back() += lowered(c);
    }
  }
  return parts;
}

/// "cyrl" -> "Cyrl", "at" -> "AT"; others are written small.
void dress(std::string& subtag) {
  const bool is_region = subtag.size() == 2 && isAllOf(subtag, isLetter);
  const bool is_script = subtag.size() == 4 && isAllOf(subtag, isLetter);
  for (std::size_t i = 0; i < (is_region ? 2U : is_script ? 1U : 0U); ++i) {
    subtag[i] = static_cast<char>(subtag[i] - 'a' + 'A');
  }
}

bool saysNothing(std::string_view code) { return code == "und" || code == "mis"; }

}  // namespace

std::string languageTag(std::string_view said) {
  std::vector<std::string> parts = subtagsOf(said);
  std::string& language = parts.front();
  const bool is_code =
      (language.size() == 2 || language.size() == 3) && isAllOf(language, isLetter);
  if (said.size() > LongestTag || !is_code || saysNothing(language)) {
    return "";
  }
  if (const Language* known = find(language)) {
    language = known->two;
  } else if (language.size() == 2) {
    return "";  // all there are of two letters are known
  }
  std::string tag = language;
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    if (part->size() < 2 || part->size() > 8 || !isAllOf(*part, isLetterOrDigit)) {
      break;  // what comes before it still says something
    }
    dress(*part);
    tag += "-" + *part;
  }
  return tag;
}

std::string languageName(std::string_view tag) {
  const Language* known = find(tag.substr(0, tag.find('-')));
  return std::string(known != nullptr && !known->name.empty() ? known->name : tag);
}

}  // namespace reeld
