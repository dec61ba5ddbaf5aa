const METADATA = /<metadata>[\s\S]*<\/metadata>/;
const DIRECT_BOOT = /^[ \t]*<(kernel|initrd|cmdline)>[^<]*<\/\1>[ \t]*\n?/gm;
const ON_REBOOT = /<on_reboot>[^<]*<\/on_reboot>/;

/** Whether a definition starts a kernel of its own instead of what is on the disk. */
export function bootsKernel(xml: string): boolean {
  return /<kernel>/.test(xml.replace(METADATA, ''));
}

/** The definition of a machine whose system is installed: it starts from its disk and restarts when the guest does. */
export function installedXml(xml: string): string {
  const metadata = METADATA.exec(xml)?.[0] ?? null;
  const body = metadata === null ? xml : xml.replace(metadata, () => '<metadata/>');
  const edited = body.replace(DIRECT_BOOT, '').replace(ON_REBOOT, '<on_reboot>restart</on_reboot>');
  return metadata === null ? edited : edited.replace('<metadata/>', () => metadata);
}
