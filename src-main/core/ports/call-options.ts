/** All calls of the hypervisor reject with a BerthError: `libvirt_unreachable`, `libvirt_denied`, `domain_missing`, `volume_missing`, … */
export interface CallOptions {
  signal?: AbortSignal;
}
