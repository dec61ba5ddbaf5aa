import { useEffect, useState } from 'react';
import type { ErrorData, Finding } from '../../../src-contract/model/error.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { retryCreation, startCreation, startMany } from '../../bridge/commands.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { href, navigate } from '../../ui/navigation.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { AmountSection } from './AmountSection.tsx';
import { ApplicationSection } from './ApplicationSection.tsx';
import { CreateFooter } from './CreateFooter.tsx';
import { type CreateForm, type CreateRequestInput, takesLogin, toRequest } from './form-model.ts';
import { HardwareSection } from './HardwareSection.tsx';
import { IdentitySection } from './IdentitySection.tsx';
import { ImageSection } from './ImageSection.tsx';
import { Receipt } from './Receipt.tsx';
import { useCreateForm } from './use-create-form.ts';
import { useFixes } from './use-fixes.ts';
import { usePlan } from './use-plan.ts';

/** Whether something in the guest could install them. */
const runsFirstBoot = (template: Template): boolean =>
  takesLogin(template) || template.source.kind === 'tryout';

/** A password that main still keeps from the failed attempt needs no typing again. */
function relevant(plan: Plan | null, secretKept: boolean): readonly Finding[] {
  const findings = plan?.findings ?? [];
  return secretKept ? findings.filter(({ field }) => field !== 'password') : findings;
}

function useSubmit(request: CreateRequestInput, retryOf: string | null) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorData | null>(null);
  const submit = async () => {
    setBusy(true);
    setError(null);
    const { count, ...one } = request;
    if (count !== undefined) {
      const answer = await startMany({ ...one, count });
      if (answer.ok) navigate(href.queue());
      else setError(answer.error);
    } else {
      const answer = await (retryOf ? retryCreation(retryOf, one) : startCreation(one));
      if (answer.ok) navigate(href.creation(answer.value.creationId));
      else setError(answer.error);
    }
    setBusy(false);
  };
  return { busy, error, submit };
}

function useSubmitKey(submit: (() => void) | null): void {
  useEffect(() => {
    if (!submit) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.ctrlKey) return;
      event.preventDefault();
      submit();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [submit]);
}

type Props = { template: Template; retryOf: string | null; mended: boolean };

/** Everything about one machine on one page: the form on the left, its receipt on the right. */
export function CreatePage({ template, retryOf, mended }: Props) {
  const [form, update] = useCreateForm(template, retryOf, mended);
  const secretKept = useBerth(
    (state) => retryOf !== null && state.creations.get(retryOf)?.hasSecret === true,
  );
  const [tick, setTick] = useState(0);
  const request = toRequest(form, template);
  const { plan, error, pending } = usePlan(request, tick);
  const { busy, error: startError, submit } = useSubmit(request, retryOf);
  const offerFix = useFixes(update, () => setTick((value) => value + 1));
  const findings = relevant(plan, secretKept && form.password === '');
  const blocked = plan === null || findings.some(({ severity }) => severity === 'error');
  const ready = !blocked && !pending && error === null && !busy;
  useSubmitKey(ready ? submit : null);
  const patch = (part: Partial<CreateForm>) => update((previous) => ({ ...previous, ...part }));
  const section = { form, template, findings, patch };
  return (
    <div className="page" data-testid="create-page">
      <PageHeader
        title={template.name}
        subtitle={template.description}
        back={{ to: href.gallery(), label: 'Back to the templates' }}
      />
      <div className="page-body">
        <div className="page-width create">
          <div className="create-form">
            {startError ? <ErrorPanel {...startError} fix={offerFix(startError.fix)} /> : null}
            <IdentitySection {...section} secretKept={secretKept} />
            {template.source.kind === 'image' || template.source.kind === 'installer' ? (
              <ImageSection {...section} />
            ) : null}
            <HardwareSection {...section} />
            {runsFirstBoot(template) ? <ApplicationSection {...section} /> : null}
            <AmountSection {...section} names={plan?.names ?? []} single={retryOf !== null} />
          </div>
          <Receipt
            plan={plan}
            error={error}
            pending={pending}
            findings={findings}
            offerFix={offerFix}
          />
        </div>
      </div>
      <CreateFooter
        problems={findings.filter(({ severity }) => severity === 'error').length}
        seconds={plan?.estimate.seconds ?? null}
        count={form.count}
        ready={ready}
        busy={busy}
        onCreate={submit}
      />
    </div>
  );
}
