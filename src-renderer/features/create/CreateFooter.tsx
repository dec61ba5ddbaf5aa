import { Button, Tooltip } from '@mantine/core';
import { formatEstimate } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';

type Props = {
  problems: number;
  seconds: number | null;
  count: number;
  ready: boolean;
  busy: boolean;
  onCreate: () => void;
};

function status({ problems, seconds, count }: Props): string {
  if (problems === 1) return 'One problem to solve first';
  if (problems > 1) return `${problems} problems to solve first`;
  if (seconds === null) return '';
  const all = count > 1 ? 'All ready in' : 'Ready in';
  return `${all} ${formatEstimate(seconds)}. Cancelling undoes it all.`;
}

export function CreateFooter(props: Props) {
  return (
    <footer className="create-footer">
      <span
        className="create-status ellipsis"
        role="status"
        data-blocked={props.problems > 0 ? '' : undefined}
      >
        {status(props)}
      </span>
      <Button component="a" href={href.library()} variant="default">
        Cancel
      </Button>
      <Tooltip label="Ctrl+Enter">
        <Button
          disabled={!props.ready && !props.busy}
          loading={props.busy}
          onClick={props.onCreate}
          data-testid="create"
        >
          {props.count > 1 ? `Create ${props.count} machines` : 'Create'}
        </Button>
      </Tooltip>
    </footer>
  );
}
