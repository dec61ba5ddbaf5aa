import type { Plan } from '../../../src-contract/model/plan.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { formatBytes } from '../../ui/format.ts';

/** The plan word for word: resources in order, how each is undone, and the generated files. */
export function ReceiptDetails({ plan }: { plan: Plan }) {
  const { domainXml } = plan;
  return (
    <div className="selectable">
      <h3 className="detail-title">Made, in this order</h3>
      <ol className="detail-list">
        {plan.resources.map((resource) => (
          <li key={`${resource.kind} ${resource.name}`}>
            <span>
              <strong>{resource.kind}</strong> <code>{resource.name}</code>{' '}
              <span className="muted">
                {resource.detail}
                {resource.bytes === undefined ? '' : `, ${formatBytes(resource.bytes)}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <h3 className="detail-title">Undone on failure or cancel</h3>
      <ol className="detail-list">
        {plan.undo.map((step) => (
          <li key={step}>
            <span>{step}</span>
          </li>
        ))}
      </ol>
      <div className="stack detail-title">
        {domainXml === null ? null : (
          <Disclosure label="Domain XML">
            {() => <CodeBlock text={domainXml} label="Domain XML" />}
          </Disclosure>
        )}
        {plan.seed.map((file) => (
          <Disclosure key={file.path} label={`Seed: ${file.path}`}>
            {() => <CodeBlock text={file.content} label={`Seed file ${file.path}`} />}
          </Disclosure>
        ))}
      </div>
    </div>
  );
}
