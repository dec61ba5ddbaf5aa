export function HostView() {
  return null;
}
