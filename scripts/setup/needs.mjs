// What Berth and its tests need from the system, how to see that it is there, and what the package is called where.

/**
 * @typedef {object} Need
 * @property {string} purpose
 * @property {readonly Group[]} groups who needs it
 * @property {readonly (readonly string[])[]} [programs] of each list, one program must be there
 * @property {readonly string[]} [files] one must be there; `*` stands for a part of one name
 * @property {readonly string[]} [staticProgram] one must be there and be statically linked
 * @property {Partial<Record<import('./os.mjs').Family, readonly string[]>>} packages a `?` at the end: only where the package is known
 */

/** @typedef {'app' | 'desktop' | 'browser' | 'test'} Group */

/** @type {readonly Need[]} */
export const NEEDS = [
  {
    purpose: 'libvirt with its QEMU driver',
    groups: ['app', 'test'],
    programs: [['libvirtd', 'virtqemud']],
    files: [
      '/usr/lib/*/libvirt/connection-driver/libvirt_driver_qemu.so',
      '/usr/lib64/libvirt/connection-driver/libvirt_driver_qemu.so',
      '/usr/lib/libvirt/connection-driver/libvirt_driver_qemu.so',
    ],
    packages: {
      debian: ['libvirt-daemon-system', 'libvirt-daemon-driver-qemu'],
      fedora: [
        'libvirt-daemon-kvm',
        'libvirt-daemon-config-network',
        'libvirt-daemon-config-nwfilter',
      ],
      arch: ['libvirt'],
      suse: [
        'libvirt-daemon-qemu',
        'libvirt-daemon-config-network',
        'libvirt-daemon-config-nwfilter',
      ],
    },
  },
  {
    purpose: "libvirt's stock network filters",
    groups: ['app', 'test'],
    files: [
      '/etc/libvirt/nwfilter/clean-traffic.xml',
      '/usr/share/libvirt/nwfilter/clean-traffic.xml',
    ],
    packages: {
      debian: ['libvirt-daemon-config-nwfilter'],
      fedora: ['libvirt-daemon-config-nwfilter'],
      arch: ['libvirt'],
      suse: ['libvirt-daemon-config-nwfilter'],
    },
  },
  {
    purpose: 'virsh, to look at machines by hand',
    groups: ['app', 'test'],
    programs: [['virsh'], ['virt-xml-validate']],
    packages: {
      debian: ['libvirt-clients', 'libxml2-utils'],
      fedora: ['libvirt-client'],
      arch: ['libvirt'],
      suse: ['libvirt-client'],
    },
  },
  {
    purpose: 'the emulator',
    groups: ['app', 'test'],
    programs: [['qemu-system-x86_64', 'qemu-kvm']],
    packages: {
      debian: ['qemu-system-x86', 'qemu-system-modules-spice?'],
      fedora: ['qemu-kvm'],
      arch: ['qemu-desktop'],
      suse: ['qemu-x86', 'qemu-spice'],
    },
  },
  {
    purpose: 'disk image tools',
    groups: ['app', 'test'],
    programs: [['qemu-img']],
    packages: {
      debian: ['qemu-utils'],
      fedora: ['qemu-img'],
      arch: ['qemu-img'],
      suse: ['qemu-img?', 'qemu-tools'],
    },
  },
  {
    purpose: 'UEFI firmware for guests',
    groups: ['app', 'test'],
    files: [
      '/usr/share/OVMF/OVMF_CODE*',
      '/usr/share/edk2/*/OVMF_CODE*',
      '/usr/share/qemu/ovmf-x86_64*',
    ],
    packages: {
      debian: ['ovmf'],
      fedora: ['edk2-ovmf'],
      arch: ['edk2-ovmf'],
      suse: ['qemu-ovmf-x86_64'],
    },
  },
  {
    purpose: 'a software TPM for guests',
    groups: ['app', 'test'],
    programs: [['swtpm'], ['swtpm_setup']],
    packages: {
      debian: ['swtpm', 'swtpm-tools'],
      fedora: ['swtpm', 'swtpm-tools'],
      arch: ['swtpm'],
      suse: ['swtpm'],
    },
  },
  {
    purpose: 'DHCP and address translation for the default network',
    groups: ['app', 'test'],
    programs: [['dnsmasq'], ['iptables'], ['ebtables', 'ebtables-nft']],
    packages: {
      debian: ['dnsmasq-base', 'iptables', 'ebtables?'],
      fedora: ['dnsmasq', 'iptables-nft', 'ebtables?'],
      arch: ['dnsmasq', 'iptables'],
      suse: ['dnsmasq', 'iptables', 'ebtables'],
    },
  },
  {
    purpose: 'reading installer media',
    groups: ['app', 'test'],
    programs: [['xorriso']],
    packages: { debian: ['xorriso'], fedora: ['xorriso'], arch: ['libisoburn'], suse: ['xorriso'] },
  },
  {
    purpose: 'the catalogue of operating systems',
    groups: ['app', 'test'],
    programs: [['osinfo-query']],
    files: ['/usr/share/osinfo/os', '/usr/share/libosinfo/db'],
    packages: {
      debian: ['osinfo-db', 'libosinfo-bin'],
      fedora: ['osinfo-db', 'libosinfo'],
      arch: ['osinfo-db', 'libosinfo'],
      suse: ['osinfo-db', 'libosinfo'],
    },
  },
  {
    purpose: 'a static busybox for the try-out machine',
    groups: ['app', 'test'],
    staticProgram: [
      '/usr/bin/busybox',
      '/bin/busybox',
      '/usr/sbin/busybox',
      '/usr/bin/busybox-static',
      '/bin/busybox.static',
    ],
    packages: {
      debian: ['busybox-static'],
      fedora: ['busybox'],
      arch: ['busybox'],
      suse: ['busybox-static'],
    },
  },
  {
    purpose: 'a SPICE viewer',
    groups: ['desktop'],
    programs: [['remote-viewer']],
    packages: {
      debian: ['virt-viewer'],
      fedora: ['virt-viewer'],
      arch: ['virt-viewer'],
      suse: ['virt-viewer'],
    },
  },
  {
    purpose: 'Chromium, as Electron cannot be had here',
    groups: ['browser'],
    files: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/snap/bin/chromium',
    ],
    packages: {
      debian: ['chromium'],
      ubuntu: ['chromium-browser'],
      fedora: ['chromium'],
      arch: ['chromium'],
      suse: ['chromium'],
    },
  },
  {
    purpose: 'private test daemons and their tools',
    groups: ['test'],
    programs: [['unshare'], ['setpriv'], ['ip'], ['openssl'], ['cpio'], ['xz'], ['blkid']],
    packages: {
      debian: ['util-linux', 'iproute2', 'openssl', 'cpio', 'xz-utils'],
      fedora: ['util-linux', 'iproute', 'openssl', 'cpio', 'xz'],
      arch: ['util-linux', 'iproute2', 'openssl', 'cpio', 'xz'],
      suse: ['util-linux', 'iproute2', 'openssl', 'cpio', 'xz'],
    },
  },
  {
    purpose: 'bootable test disks',
    groups: ['test'],
    programs: [['grub-mkimage'], ['mcopy'], ['mkfs.vfat'], ['sfdisk'], ['mke2fs']],
    files: ['/usr/lib/grub/i386-pc/boot.img'],
    packages: {
      debian: [
        'grub-common',
        'grub-pc-bin',
        'grub-efi-amd64-bin',
        'mtools',
        'dosfstools',
        'fdisk',
        'e2fsprogs',
      ],
    },
  },
  {
    purpose: 'a real cloud image for tests',
    groups: ['test'],
    programs: [['mmdebstrap']],
    packages: { debian: ['mmdebstrap'] },
  },
];
