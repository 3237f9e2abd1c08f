# The private environment: found, built, brought up to date. Sourced by the scripts beside it, after `root` is set.
#
# .venv/.ready says what the environment was built from; .venv/.building stands there while it is being built, so that a
# half-built one is told from a whole one. Everything is said in one line; the long story goes to .venv/install.log.

venv="$root/.venv"

# The environment is made of what it was tested with, whatever the user's shell says: another place to install to or to
# import from would be taken for ours. Where packages come from (index, proxy, certificates) is the user's to say.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONUSERBASE PYTHONEXECUTABLE PYTHONPLATLIBDIR PYTHONINSPECT PYTHONOPTIMIZE
unset PIP_USER PIP_PREFIX PIP_TARGET PIP_ROOT PIP_REQUIRE_HASHES PIP_REQUIREMENT PIP_CONSTRAINT PIP_EDITABLE PIP_NO_DEPS
unset PIP_NO_DEPENDENCIES PIP_DRY_RUN PIP_PYTHON PIP_NO_BINARY PIP_PLATFORM PIP_IGNORE_INSTALLED PIP_NO_BUILD_ISOLATION

complain() {
    printf 'livespot: %s\n' "$1" >&2
}

can_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

# apt_install PACKAGE...: quietly; the lists are fetched when a package is not known yet.
apt_install() {
    mkdir -p "$venv"
    {
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -y --no-install-recommends "$@" ||
            { apt-get update && apt-get install -y --no-install-recommends "$@"; }
    } </dev/null >>"$venv/install.log" 2>&1
}

# What the environment is made from: when this changes, it is brought up to date.
recipe() {
    printf '%s\n' "$root" "$(readlink -f "$venv/bin/python" 2>/dev/null)"
    cksum <"$root/pyproject.toml"
    cksum <"$root/scripts/constraints.txt"
}

# is_ready EXTRAS: whether nothing has to be done. What was built with extras is ready without them too.
is_ready() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/.ready$1" ] && [ ! -e "$venv/.building" ] &&
        [ "$(recipe)" = "$(cat "$venv/.ready$1")" ]
}

# A Python that is new enough, in $python.
find_python() {
    for python in python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    if command -v python3 >/dev/null 2>&1; then
        complain "needs Python 3.11 or newer, and this is $(python3 -V 2>&1): install a newer python3"
    else
        complain "needs Python 3.11 or newer, and there is none: sudo apt-get install python3 python3-venv"
    fi
    return 1
}

# Debian keeps the part of Python that makes environments in a package of its own.
check_venv() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
    package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if can_install; then
        apt_install "$package" && "$python" -c 'import ensurepip, venv' 2>/dev/null && return 0
        complain "cannot install $package (see $venv/install.log): is this machine connected?"
    else
        complain "Python's venv is missing: sudo apt-get install $package"
    fi
    return 1
}

# prepare EXTRAS: make the environment ready; EXTRAS is "" or "test".
prepare() {
    if is_ready "$1"; then
        [ ! -e "$venv/.libraries" ] || check_libraries
        return
    fi
    find_python || return 1
    if ! mkdir -p "$venv" 2>/dev/null; then
        complain "cannot build its environment: $root is not writable"
        return 1
    fi
    if ! [ -w "$venv" ] || { [ -e "$venv/.lock" ] && ! [ -w "$venv/.lock" ]; }; then
        complain "cannot build its environment: $venv belongs to another user: remove it, or give it to you (chown -R)"
        return 1
    fi
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$venv/.lock" && flock 9   # two first starts at once: the second waits for the first
        is_ready "$1" && { exec 9>&-; return 0; }
    fi
    if [ -e "$venv/.building" ]; then
        complain "the last set-up did not finish: building the private environment again"
    elif [ -x "$venv/bin/python" ]; then
        complain "bringing the private environment up to date"
    else
        complain "first start: building a private environment in $venv (some 200 MB, a minute or two)"
    fi
    build "$1"
    status=$?
    exec 9>&-
    return $status
}

build() {
    extras="$1"
    if [ -e "$venv/.building" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        : >"$venv/.building"
        check_venv || return 1
        # The lock and the log stay; everything else of an earlier try goes.
        rm -rf "$venv/bin" "$venv/lib" "$venv/lib64" "$venv/include" "$venv/pyvenv.cfg" "$venv"/.ready*
        "$python" -m venv "$venv" >>"$venv/install.log" 2>&1 || {
            complain "cannot build the environment (see $venv/install.log)"
            return 1
        }
    fi
    : >"$venv/.building"
    if ! "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --retries 2 \
        -c "$root/scripts/constraints.txt" -e "$root[all${extras:+,$extras}]" </dev/null >>"$venv/install.log" 2>&1; then
        if tail -n 40 "$venv/install.log" | grep -qiE 'connection|resolution|unreachable|timed? ?out|no matching distribution'; then
            complain "cannot download the packages: connect this machine to the network and start again (see $venv/install.log)"
        elif tail -n 40 "$venv/install.log" | grep -qi 'no space left'; then
            complain "the disk is full: the environment needs about 1 GB in $venv"
        else
            complain "cannot install the packages (see $venv/install.log)"
        fi
        return 1
    fi
    if ! "$venv/bin/python" -P "$root/livespot/libraries.py" --packages >>"$venv/install.log" 2>&1; then
        complain "the packages were installed, but not into $venv: is there a pip.conf that says where? (pip config list)"
        return 1
    fi
    recipe >"$venv/.ready"
    cp "$venv/.ready" "$venv/.ready$extras" 2>/dev/null
    rm -f "$venv/.building"
    check_libraries || return 1
    # The first start would else take that much longer; it does so, with a bar, where this fails.
    "$venv/bin/python" -P -m livespot.cli.prepare </dev/null || true
}

# What the packages expect of the system. Asked again at every start until nothing is missing.
check_libraries() {
    packages="$("$venv/bin/python" "$root/livespot/libraries.py")"
    if [ -n "$packages" ] && can_install; then
        # shellcheck disable=SC2086  # one word a package
        apt_install $packages
        packages="$("$venv/bin/python" "$root/livespot/libraries.py")"
    fi
    if [ -z "$packages" ]; then
        rm -f "$venv/.libraries"
        return 0
    fi
    : >"$venv/.libraries"
    complain "system libraries are missing: sudo apt-get install $packages"
    case " $packages " in
    *" libgl1 "* | *" libglib2.0-0 "*) return 1 ;; # OpenCV does not start without
    esac
}
