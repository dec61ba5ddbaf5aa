import {
  IconDeviceDesktop,
  IconExternalLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlug,
  IconPower,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';

const ICONS = {
  start: IconPlayerPlay,
  stop: IconPower,
  kill: IconPlug,
  reboot: IconRefresh,
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  console: IconDeviceDesktop,
  viewer: IconExternalLink,
  delete: IconTrash,
} as const;

export function ActionIconFor({ action }: { action: keyof typeof ICONS }) {
  const Icon = ICONS[action];
  return <Icon size={16} stroke={1.7} />;
}
