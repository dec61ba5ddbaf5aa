import { existsSync } from 'node:fs';

const MANAGERS: readonly [string, string][] = [
  ['/usr/bin/apt', 'sudo apt install'],
  ['/usr/bin/dnf', 'sudo dnf install'],
  ['/usr/bin/zypper', 'sudo zypper install'],
  ['/usr/bin/pacman', 'sudo pacman -S'],
];

/** What a person types to install a package that has the same name everywhere; null when we cannot tell. */
export function installCommand(packageName: string): string | null {
  const manager = MANAGERS.find(([path]) => existsSync(path));
  return manager ? `${manager[1]} ${packageName}` : null;
}
