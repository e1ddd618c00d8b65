# What scripts share that start a throw-away server around a command; sourced, with `folder` set before the janitor is hired.

readonly STARTS_MAX=10

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# In memory a sync costs nothing, and what is measured there means nothing.
refuse_memory() {
    local kind
    kind=$(stat --file-system --format=%T "$1" 2>/dev/null) || return 0
    case $kind in
        tmpfs | ramfs) fail "$1 lies in memory ($kind), where a sync costs nothing: set TMPDIR to a folder on a disk" ;;
    esac
}

as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "a server is missing and installing it needs root or sudo: install its binaries, or set the variable of its URL"
    fi
}

# Packages are installed without a word, and without starting what they bring.
as_apt() { as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -y -o DPkg::Lock::Timeout=600 "$@"; }

# The janitor runs the command given once nobody holds the other end of its pipe: also when the script was killed.
hire_janitor() {
    mkfifo "$folder/janitor"
    set -m # a process group of its own: what is sent to ours does not reach it
    {
        exec 9>&-
        cat >/dev/null
        "$@"
    } <"$folder/janitor" >/dev/null 2>&1 &
    janitor=$!
    set +m
    exec 9>"$folder/janitor"
    trap dismiss_janitor EXIT
}

# shellcheck disable=SC2317 # the trap calls it
dismiss_janitor() {
    exec 9>&-
    wait "$janitor" || true
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports that systems give to outgoing connections.
choose_port() {
    port=$((15000 + RANDOM % 16000))
    until is_free "$port"; do port=$((15000 + RANDOM % 16000)); done
}
