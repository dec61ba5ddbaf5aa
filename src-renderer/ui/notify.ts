import { notifications } from '@mantine/notifications';

type Failure = { message: string; hint?: string | undefined; cause?: string | undefined };
type Outcome = { ok: true } | { ok: false; error: Failure };

/** Failures stay until they are closed: whoever looks away must not miss the reason. */
function notifyFailure(title: string, failure: Failure): void {
  notifications.show({
    title,
    message: [failure.message, failure.hint].filter(Boolean).join(' '),
    color: 'red',
    autoClose: false,
    role: 'alert',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}

/** For what has a result that is worth a sentence. */
export function notifyDone(title: string, message: string): void {
  notifications.show({ title, message, closeButtonProps: { 'aria-label': 'Dismiss' } });
}

/** Shows a failed outcome; true when there was none. */
export function report(outcome: Outcome, title: string): boolean {
  if (!outcome.ok) notifyFailure(title, outcome.error);
  return outcome.ok;
}
