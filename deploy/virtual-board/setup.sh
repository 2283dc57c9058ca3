#!/usr/bin/env bash
# Gets what the virtual board is made of into a folder: Debian's arm64 kernel, its modules, and the kernel's GPIO
# simulator, which Debian does not build. The second time there is nothing to do. The host's own apt is left alone but
# for the host's tools; the kernel's packages are downloaded through an apt root of their own, from the mirrors and by
# the proxies that this machine's apt uses, checked by apt's signatures, and unpacked, never installed.
#
# Usage: setup.sh FOLDER. Exit 3: this machine cannot do it, and the last line says why.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1" && out=$PWD
lock="-o DPkg::Lock::Timeout=600"
patience="-o Acquire::Retries=5 -o Acquire::http::Timeout=60 -o Acquire::https::Timeout=60"
most="timeout 1200" # for any one step, however slowly bytes trickle in

say() { echo "virtual board: $*"; }
cannot() { say "$*" >&2; exit 3; }

# The folder is good as long as this script is the one that made it.
stamp=$(sha256sum "$here/setup.sh" | cut -d' ' -f1)
made() { [ "$(cat kit/stamp 2>/dev/null)" = "$stamp" ]; }

case $(dpkg --print-architecture 2>/dev/null || uname -m) in
  amd64) packages="gcc-12-aarch64-linux-gnu"; cross=aarch64-linux-gnu- ;;
  arm64) packages="gcc-12"; cross= ;;
  *) cannot "it needs a Debian 12 on amd64 or arm64" ;;
esac
tools="qemu-system-aarch64 mkfs.ext4"
packages="$packages qemu-system-arm e2fsprogs"
if ! made; then
  (. /etc/os-release && [ "$ID $VERSION_ID" = "debian 12" ]) || cannot "it needs Debian 12, whose kernel and compiler fit together"
  tools="$tools ${cross}gcc-12 make xz"
  packages="$packages linux-kbuild-6.1 make binutils xz-utils"
fi

missing=""
for t in $tools; do [ -n "$(PATH=$PATH:/usr/sbin:/sbin command -v "$t")" ] || missing="$missing $t"; done
made || [ -d /usr/lib/linux-kbuild-6.1 ] || missing="$missing linux-kbuild-6.1"
if [ -n "$missing" ]; then
  [ "$(id -u)" = 0 ] || cannot "missing:$missing; as root: apt-get install $packages"
  say "installing $packages"
  $most apt-get $lock $patience -qq update || say "some package lists could not be renewed"
  DEBIAN_FRONTEND=noninteractive $most apt-get $lock $patience -qq install -y --no-install-recommends $packages >install.log 2>&1 ||
    { tail -5 install.log; cannot "apt-get install $packages failed: is the network there?"; }
fi
if made; then exit 0; fi

rm -rf kit apt tree && mkdir -p kit apt/{conf,sources,lists/partial,cache/archives/partial} tree
: >apt/status
debian_sources() { # the files that name a mirror of Debian
  apt-get indextargets --format '$(SOURCESENTRY)' 'Created-By: Packages' 'Origin: Debian' | sed 's/:[0-9]*$//' | sort -u
}
[ -n "$(debian_sources)" ] || [ "$(id -u)" != 0 ] || $most apt-get $lock $patience -qq update || true
[ -n "$(debian_sources)" ] || cannot "this machine's apt knows no mirror of Debian; run apt-get update"
for f in $(debian_sources); do cp "$f" apt/sources/; done
# A mirror that is listed for the host's architecture alone serves the board's as well.
sed -i -E '/^Architectures:/d; s/\[ *arch=[^] ]* *\]//; s/(\[[^]]*) *arch=[^] ]*/\1/' apt/sources/*
{
  apt-config dump | grep -E '^Acquire::[A-Za-z-]+(::|  *")' | grep -vE '^Acquire::(IndexTargets|Changelogs|CompressionTypes)'
  cat <<CONF
Dir::State "$out/apt";
Dir::State::status "$out/apt/status";
Dir::Cache "$out/apt/cache";
Dir::Etc::parts "$out/apt/conf";
Dir::Etc::main "/dev/null";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$out/apt/sources";
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "";
CONF
} >apt/apt.conf
export APT_CONFIG=$out/apt/apt.conf
say "downloading the kernel, about 210 MB"
$most apt-get $patience -qq update || say "some package lists could not be renewed"
image=$(apt-cache depends linux-image-arm64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[^ ]*\)$/\1/p' | head -1) || true
[ -n "$image" ] || cannot "no mirror of this machine has Debian's arm64 kernel, or none can be reached"
kernel=${image#linux-image-}; abi=${kernel%-*}
# apt takes up what an earlier try has left; the folder is emptied only at the end.
mkdir -p debs
(cd debs && $most apt-get $patience -qq download "$image" "linux-headers-$kernel" "linux-headers-$abi-common" linux-source-6.1) ||
  cannot "the kernel's packages could not be downloaded; the next run goes on where this one stopped"
unset APT_CONFIG

say "unpacking $kernel"
for d in debs/linux-image-*.deb debs/linux-headers-*.deb; do dpkg-deb -x "$d" tree; done
mkdir tree/source
dpkg-deb --fsys-tarfile debs/linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz | xz -dc |
  tar -x -C tree/source --strip-components=1 linux-source-6.1/drivers/gpio/gpio-sim.c linux-source-6.1/drivers/gpio/gpiolib.h linux-source-6.1/kernel/irq/irq_sim.c

say "building gpio-sim.ko"
mkdir tree/gpio-sim
cp tree/source/drivers/gpio/gpio-sim.c tree/gpio-sim/chip.c
cp tree/source/drivers/gpio/gpiolib.h tree/gpio-sim/
# The simulated interrupts go into the same module. irq_to_desc is not exported; generic_handle_irq does the same.
sed -e 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' -e '/^EXPORT_SYMBOL/d' tree/source/kernel/irq/irq_sim.c >tree/gpio-sim/irq.c
printf 'obj-m := gpio-sim.o\ngpio-sim-y := chip.o irq.o\n' >tree/gpio-sim/Makefile
# The headers look for their tools beside themselves, and for the common part where it would be installed.
headers=tree/usr/src/linux-headers-$kernel
mkdir -p tree/usr/lib && ln -sfn /usr/lib/linux-kbuild-6.1 tree/usr/lib/linux-kbuild-6.1
sed -i "s#/usr/src/linux-headers-$abi-common#$out/tree/usr/src/linux-headers-$abi-common#" "$headers/Makefile" "$headers/.kernelvariables" 2>/dev/null || true
make -s -C "$headers" M="$out/tree/gpio-sim" ARCH=arm64 CROSS_COMPILE="$cross" CC="${cross}gcc-12" modules >build.log 2>&1 ||
  { tail -20 build.log; say "gpio-sim.ko does not build; the whole of it is in $out/build.log"; exit 1; }
"${cross}strip" -g tree/gpio-sim/gpio-sim.ko

cp "tree/boot/vmlinuz-$kernel" kit/kernel # an uncompressed image
mv "tree/lib/modules/$kernel" kit/modules
cp tree/gpio-sim/gpio-sim.ko kit/modules/kernel/
echo "$kernel" >kit/version
echo "$stamp" >kit/stamp
rm -rf apt tree debs
say "ready: Linux $kernel, $(du -sh kit | cut -f1)"
