# Fills the template of a man page. A line of its own is replaced:
#   @OPTIONS PROGRAM@   the options that PROGRAM --help lists
#   @COMMANDS PROGRAM@  the commands that PROGRAM --help lists, with the options of each
#   @ABOUT@, @KEYS@     the opening comment of the configuration, and every key with its default and comment
# and @VERSION@ within a line. Variables: version, programs (folder), keys (file), out (file).

# As text that roff prints as it stands: `code` becomes bold.
function roff(text,    parts, n, i, made) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  n = split(text, parts, "`")
  made = parts[1]
  for (i = 2; i <= n; i++) made = made (i % 2 == 0 && i < n ? "\\fB" : i % 2 == 1 ? "\\fR" : "`") parts[i]
  if (made ~ /^[.']/) made = "\\&" made
  return made
}

function put(line) { print line > out }

function fail(why) {
  print "page.awk: " why > "/dev/stderr"
  failed = 1
  exit 1
}

# The lines of `program arguments --help` into help[1..].
function ask(command, help,    line, n) {
  n = 0
  command = programs "/" command " --help"
  while ((command | getline line) > 0) help[++n] = line
  if (close(command) != 0 || n == 0) fail(command " failed")
  return n
}

# "  name    what it is" into left and right.
function halve(line) {
  sub(/^ +/, "", line)
  if (!match(line, /  +/)) fail("no explanation in: " line)
  left = substr(line, 1, RSTART - 1)
  right = substr(line, RSTART + RLENGTH)
}

function option(line) {
  halve(line)
  put(".TP")
  put(".B " roff(left))
  put(roff(right))
}

function options(program,    help, n, i) {
  n = ask(program, help)
  for (i = 1; i <= n; i++) if (help[i] ~ /^  --/) option(help[i])
}

function commands(program,    help, own, shared, n, m, i, j, name, opened) {
  n = ask(program, help)
  for (i = 1; i <= n; i++) if (help[i] ~ /^  --/) shared[help[i]] = 1
  # Widths differ from list to list, so an option is known by its name.
  for (i in shared) { split(i, own, " "); common[own[1]] = 1 }
  for (i = 1; i <= n; i++) {
    if (help[i] !~ /^  [a-z]/) continue
    halve(help[i])
    put(".TP")
    put(".B " program " " roff(left))
    put(roff(right) ".")
    name = left
    sub(/ +[^a-z].*$/, "", name)
    delete own
    m = ask(program " " name, own)
    opened = 0
    for (j = 1; j <= m; j++) {
      if (own[j] !~ /^  --/) continue
      split(own[j], word, " ")
      if (word[1] in common) continue
      if (!opened++) put(".RS")
      option(own[j])
    }
    if (opened) put(".RE")
  }
}

# The comment lines before the first empty line; what is indented there is printed as it stands.
function about(    line, inside) {
  while ((getline line < keys) > 0 && line ~ /^#/) {
    sub(/^# ?/, "", line)
    if (line ~ /^  / && !inside) { put(".PP"); put(".nf"); inside = 1 }
    if (line !~ /^  / && inside) { put(".fi"); put(".PP"); inside = 0 }
    put(roff(line))
  }
  if (inside) put(".fi")
  close(keys)
}

# Prints the key that was read last: name, value ("" = a section), comment, depth and step[0..depth-1].
function flush(    path, i) {
  if (name == "") return
  path = ""
  for (i = 0; i < depth; i++) path = path step[i] "."
  if (value == "" && depth == 0) put(".SS " roff(name))
  else {
    # A key of the top level behind a section would else seem to be part of it.
    if (depth == 0 && in_section) put(".SS other keys")
    put(".TP")
    put(".B " roff(path name))
  }
  if (comment != "") put(roff(comment))
  if (value != "") put((comment == "" ? "" : ".br\n") "Default: \\fB" roff(value) "\\fR")
  in_section = depth > 0 || value == ""
}

function everyKey(    line, gathered, seen) {
  while ((getline line < keys) > 0 && line ~ /^#/) {}
  while ((getline line < keys) > 0) {
    if (line ~ /^ *$/) gathered = ""
    else if (line ~ /^ *#/) {
      sub(/^ *# ?/, "", line)
      gathered = gathered (gathered == "" ? "" : " ") line
    } else if (line ~ /^ *[A-Za-z0-9_-]+:( |$)/) {
      flush()
      seen++
      match(line, /^ */)
      depth = RLENGTH / 2
      name = value = substr(line, RLENGTH + 1)
      sub(/:.*/, "", name)
      sub(/^[^:]*: */, "", value)
      comment = gathered
      gathered = ""
      step[depth] = name
    } else {
      sub(/^ */, " ", line)
      value = value line
    }
  }
  flush()
  close(keys)
  if (!seen) fail("no key in " keys)
}

BEGIN { if (version == "" || programs == "" || keys == "" || out == "") fail("a variable is missing") }
{ gsub(/@VERSION@/, version) }
/^@OPTIONS .*@$/ { sub(/@$/, "", $2); options($2); next }
/^@COMMANDS .*@$/ { sub(/@$/, "", $2); commands($2); next }
/^@ABOUT@$/ { about(); next }
/^@KEYS@$/ { everyKey(); next }
{ put($0) }
END { if (!failed && close(out) != 0) exit 1; exit failed }
