import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Fix } from '../../../src-contract/model/error.ts';
import type { DoctorCheck } from '../../../src-contract/model/host.ts';
import { applyFix } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { FixButton, type FixOffer } from '../../ui/FindingRow.tsx';
import { report } from '../../ui/notify.ts';

const ICON = { ok: IconCircleCheck, warning: IconAlertTriangle, error: IconCircleX };
const WORD = { ok: 'Fine', warning: 'Warning', error: 'Problem' };

function offer(fix: Fix, onFixed: () => Promise<void>): FixOffer {
  if (fix.action === 'run-command') return { label: 'Copy', command: fix.command };
  return {
    label: fix.label,
    run: async () => {
      if (report(await applyFix(fix), `${fix.label} did not work`)) await onFixed();
    },
  };
}

type Props = { checks: readonly DoctorCheck[]; onFixed: () => Promise<void> };

export function CheckList({ checks, onFixed }: Props) {
  const mayFix = useBerth((state) => may(state, 'fixes.apply'));
  return (
    <ul className="checks">
      {checks.map(({ code, title, status, detail, hint, fix }) => {
        const Icon = ICON[status];
        return (
          <li key={code} className="check" data-status={status} data-testid="check">
            <Icon size={19} role="img" aria-label={WORD[status]} />
            <div className="selectable">
              <div className="check-title">{title}</div>
              <div className="check-detail">{detail}</div>
              {hint ? <div>{hint}</div> : null}
              {fix && (mayFix || fix.action === 'run-command') ? (
                <div className="finding-actions">
                  <FixButton fix={offer(fix, onFixed)} />
                </div>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
