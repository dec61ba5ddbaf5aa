import {
  IconArrowsDiagonal,
  IconCopyPlus,
  IconDeviceDesktop,
  IconDownload,
  IconExternalLink,
  IconInfoCircle,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlug,
  IconPower,
  IconRefresh,
  IconTrash,
  IconUnlink,
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
  capture: IconCopyPlus,
  details: IconInfoCircle,
  rename: IconPencil,
  resize: IconArrowsDiagonal,
  forget: IconUnlink,
  adopt: IconDownload,
} as const;

export function ActionIconFor({ action }: { action: keyof typeof ICONS }) {
  const Icon = ICONS[action];
  return <Icon size={16} stroke={1.7} />;
}
