import { access, readdir } from 'node:fs/promises';

/** The device of the kernel's virtio-net back end; the daemon opens it, so being there is enough. */
export function hasVhostNet(path = '/dev/vhost-net'): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether there is a GPU that draws without a display: /dev/dri/renderD128 and the like. */
export async function hasRenderNode(folder = '/dev/dri'): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => name.startsWith('renderD'));
}
