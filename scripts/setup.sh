# Sourced by run, test and bench: installs what is missing on Debian and Ubuntu, and the packages of the interface.
set -eu
cd "$(dirname "$0")/.."

BUILD_PACKAGES="build-essential perl pkg-config libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev fonts-noto-cjk fonts-lxgw-wenkai"
TEST_PACKAGES="webkit2gtk-driver xvfb xauth xdotool dbus poppler-utils python3 python3-gi gir1.2-gtk-3.0 libreoffice-writer-nogui libreoffice-calc-nogui"

need_tool() {
    command -v "$1" >/dev/null 2>&1 || {
        echo "缺少 $1：$2" >&2
        echo "Missing $1: $2" >&2
        exit 1
    }
}

# Installs the Debian packages that are not there yet.
need_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    missing=""
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    echo "安装系统软件包 / installing:$missing"
    if [ "$(id -u)" = 0 ]; then as_root=""; elif command -v sudo >/dev/null 2>&1; then as_root="sudo"; else
        echo "请让管理员安装 / ask your administrator for: apt-get install$missing" >&2
        exit 1
    fi
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Installs the interface's packages when the lock file has changed.
need_interface() {
    stamp=ui/node_modules/.installed
    if [ ! -f "$stamp" ] || ! cmp -s ui/package-lock.json "$stamp"; then
        (cd ui && npm ci --no-fund --no-audit --loglevel=error)
        cp ui/package-lock.json "$stamp"
    fi
}

need_tool cargo "请先安装 Rust（1.95 以上）/ install Rust 1.95 or later"
need_tool node "请先安装 Node.js（20 以上）/ install Node.js 20 or later"
need_tool npm "请先安装 npm / install npm"
