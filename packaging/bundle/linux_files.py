"""What a Linux desktop wants beside the program: a menu entry, an icon, and the script that puts them in place."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

NAME = "latent-studio"
MIME_TYPES = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/heic", "image/avif", "video/mp4")

DESKTOP = """[Desktop Entry]
Type=Application
Version=1.5
Name=Latent Studio
Name[zh_CN]=Latent Studio
GenericName=Generative art studio
GenericName[zh_CN]=生成艺术工作室
Comment=Explore generative networks, restyle photos, train on your own pictures
Comment[zh_CN]=探索生成网络，为照片换风格，用自己的图片训练
Exec=@PROGRAM@ %F
Icon=latent-studio
Terminal=false
Categories=Graphics;2DGraphics;RasterGraphics;
MimeType=@MIME@;
StartupWMClass=latent-studio
"""

# The path of a program in "Exec" stands in quotes, in which these characters need a backslash (Desktop Entry
# Specification, "The Exec key"); the value itself is a string, in which a backslash is written twice.
INSTALL = r"""#!/bin/sh
# Puts Latent Studio into the menu of this user (no rights of an administrator are needed).
#     ./add-to-menu.sh            adds it; run it again after moving this folder
#     ./add-to-menu.sh --remove   takes it out again
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/latent-studio.desktop
icon=$data/icons/hicolor/512x512/apps/latent-studio.png
if [ "${1:-}" = --remove ]; then
    rm -f "$entry" "$icon"
    echo "Latent Studio is no longer in the menu."
    exit 0
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")"
cp "$here/latent-studio.png" "$icon"
program=$(printf '%s' "$here/latent-studio" | sed -e 's/["`$\\]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
{
    while IFS= read -r line; do
        case $line in
            Exec=*) printf 'Exec="%s" %%F\n' "$program" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done
} < "$here/latent-studio.desktop" > "$entry"
if command -v update-desktop-database > /dev/null; then update-desktop-database -q "$data/applications" || true; fi
echo "Latent Studio is in the menu now."
"""

ABOUT = """Latent Studio {version} for Linux

Start it: ./latent-studio
Into the menu: ./add-to-menu.sh     (and out of it: ./add-to-menu.sh --remove)
Without a window: ./latent-studio --help
Whether it is whole: ./latent-studio --smoke

It computes on the processor. For a graphics card, install from the source, which fetches the card's libraries.
Needs glibc {glibc} or newer (`ldd --version` tells it) and X11 or Wayland with OpenGL.
"""


def write_linux_files(folder: Path, icon: Path, version: str) -> None:
    """Write the menu entry, the icon, the script and a short text into the bundle ``folder``.

    The glibc of the system that runs this is what the bundle needs at least.
    """
    entry = DESKTOP.replace("@PROGRAM@", NAME).replace("@MIME@", ";".join(MIME_TYPES))
    (folder / f"{NAME}.desktop").write_text(entry, encoding="utf-8")
    shutil.copyfile(icon, folder / f"{NAME}.png")
    script = folder / "add-to-menu.sh"
    script.write_text(INSTALL, encoding="utf-8")
    script.chmod(0o755)
    (folder / "README.txt").write_text(ABOUT.format(version=version, glibc=platform.libc_ver()[1]), encoding="utf-8")
