import type { Hub } from '../core/lifecycle/hub.ts';
import type { PolicyService } from '../core/lifecycle/policies.ts';
import { TemplateBackups } from '../core/lifecycle/template-backups.ts';
import { TemplateExchange } from '../core/lifecycle/template-exchange.ts';
import { type BuiltIns, TemplateService } from '../core/lifecycle/templates.ts';
import type { TemplateServices } from '../ipc/template-handlers.ts';
import type { Ports } from './ports.ts';

export function buildTemplates(
  ports: Ports,
  builtIns: BuiltIns,
  { hub, policies }: { hub: Hub; policies: PolicyService },
): TemplateServices {
  const templates = new TemplateService({ ...ports, builtIns, hub });
  const exchange = new TemplateExchange({ ...ports, templates });
  const folder = ports.templateBackups;
  const backups = new TemplateBackups({ ...ports, folder, exchange, templates, policies });
  return { templates, exchange, backups };
}
