import type { InvokeChannel, NotifyChannel } from '../src-contract/derive.ts';

/** The compiler holds these against channels.ts, whose schemas would be dead weight in every page. */
const INVOKE: Record<InvokeChannel, true> = {
  'app.snapshot': true,
  'host.doctor': true,
  'fixes.apply': true,
  'creations.plan': true,
  'creations.start': true,
  'creations.startMany': true,
  'creations.cancel': true,
  'creations.retry': true,
  'creations.log': true,
  'creations.get': true,
  'creations.dismiss': true,
  'machines.start': true,
  'machines.stop': true,
  'machines.kill': true,
  'machines.reboot': true,
  'machines.pause': true,
  'machines.resume': true,
  'machines.delete': true,
  'machines.details': true,
  'machines.screenshot': true,
  'media.pick': true,
  'media.add': true,
  'media.remove': true,
  'departments.list': true,
  'departments.get': true,
  'departments.create': true,
  'departments.update': true,
  'departments.quota': true,
  'departments.delete': true,
  'departments.setMember': true,
  'departments.removeMember': true,
  'policies.get': true,
  'policies.set': true,
  'audit.query': true,
  'metrics.get': true,
  'console.open': true,
  'console.ticket': true,
  'console.viewer': true,
  'console.fullscreen': true,
};

const NOTIFY: Record<NotifyChannel, true> = { events: true };

export function isInvokeChannel(channel: unknown): channel is InvokeChannel {
  return typeof channel === 'string' && Object.hasOwn(INVOKE, channel);
}

export function isNotifyChannel(channel: unknown): channel is NotifyChannel {
  return typeof channel === 'string' && Object.hasOwn(NOTIFY, channel);
}
