export function MachineView(_props: { machineId: string }) {
  return null;
}
