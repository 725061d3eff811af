#!/bin/sh
# Adds Stigmer Inspector, where it lies, to the menu of the person who runs this; with --remove it
# is taken out again. Needs no root.
set -eu

id=ai.stigmer.Inspector
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}

files() {
    (cd "$here/share" && find icons -type f)
    echo "applications/$id.desktop"
    echo "mime/packages/$id.xml"
}

refresh() {
    if [ -d "$data/mime/packages" ] && command -v update-mime-database >/dev/null; then
        update-mime-database "$data/mime"
    fi
    if [ -d "$data/applications" ] && command -v update-desktop-database >/dev/null; then
        update-desktop-database "$data/applications"
    fi
}

# What refreshing has written where nobody else has anything, and folders that are empty now.
sweep() {
    if [ -d "$data/mime/packages" ] && rmdir "$data/mime/packages" 2>/dev/null; then
        for name in aliases generic-icons globs globs2 icons magic mime.cache subclasses treemagic \
            types version XMLnamespaces; do
            rm -f "$data/mime/$name"
        done
    fi
    if [ "$(ls "$data/applications" 2>/dev/null)" = mimeinfo.cache ]; then
        rm -f "$data/applications/mimeinfo.cache"
    fi
    for name in applications icons mime; do
        if [ -d "$data/$name" ]; then
            find "$data/$name" -depth -type d -empty -delete
        fi
    done
}

add() {
    case $here in
    *[\"\`\$\\%\|\&]*)
        echo "A menu entry cannot name this folder: $here. Move it to another and try again." >&2
        exit 1
        ;;
    esac
    files | while read -r file; do
        mkdir -p "$data/$(dirname "$file")"
        cp "$here/share/$file" "$data/$file"
    done
    entry=$data/applications/$id.desktop
    sed "s|^Exec=stigmer-inspector|Exec=\"$here/stigmer-inspector\"|" \
        "$here/share/applications/$id.desktop" >"$entry"
    refresh
    echo "Stigmer Inspector is in the menu now. Moved the folder? Run this again."
}

remove() {
    files | while read -r file; do
        rm -f "$data/$file"
    done
    refresh
    sweep
    echo "Stigmer Inspector is no longer in the menu; this folder can be deleted."
}

case ${1-} in
'') add ;;
--remove) remove ;;
*)
    echo "usage: $0 [--remove]" >&2
    exit 2
    ;;
esac
