/** `node test/support/daemon/cli.ts [root|session]`: starts a private libvirtd, prints its URI and waits for Ctrl-C. */
import { startRootDaemon } from './root-daemon.ts';
import { startSessionDaemon } from './session-daemon.ts';

const kind = process.argv[2] ?? 'root';
if (kind !== 'root' && kind !== 'session') {
  console.error('usage: node test/support/daemon/cli.ts [root|session]');
  process.exit(2);
}
const daemon = await (kind === 'root' ? startRootDaemon() : startSessionDaemon());
console.log(`BERTH_LIBVIRT_URI='${daemon.uri}'`);
console.error(`Files are in ${daemon.dir}. Press Ctrl-C to end the daemon and its guests.`);
await new Promise<void>((resolve) => {
  const keepAlive = setInterval(() => {}, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      clearInterval(keepAlive);
      resolve();
    });
  }
});
await daemon.stop();
