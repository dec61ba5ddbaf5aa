import {
  IconBox,
  IconBrandDebian,
  IconBrandUbuntu,
  IconBrandWindows,
  IconDisc,
  IconServer2,
  IconTerminal2,
} from '@tabler/icons-react';

function pick(label: string) {
  const text = label.toLowerCase();
  if (text.includes('debian')) return IconBrandDebian;
  if (text.includes('ubuntu')) return IconBrandUbuntu;
  if (text.includes('windows')) return IconBrandWindows;
  if (text.includes('try-out') || text.includes('tryout')) return IconTerminal2;
  if (text.includes('blank') || text.includes('empty')) return IconBox;
  if (text.includes('image')) return IconDisc;
  return IconServer2;
}

/** A sign for the operating system, recognised by its label. */
export function OsIcon({ label, size = 20 }: { label: string; size?: number }) {
  const Icon = pick(label);
  return (
    <span className="os-icon" aria-hidden="true">
      <Icon size={size} stroke={1.6} />
    </span>
  );
}
