import type { InvokeChannel, InvokeHandlers } from '../../src-contract/derive.ts';
import type { TemplateBackups } from '../core/lifecycle/template-backups.ts';
import type { TemplateExchange } from '../core/lifecycle/template-exchange.ts';
import type { TemplateService } from '../core/lifecycle/templates.ts';
import { nothing } from './nothing.ts';

export interface TemplateServices {
  templates: TemplateService;
  exchange: TemplateExchange;
  backups: TemplateBackups;
}

type TemplateChannel = Extract<InvokeChannel, `templates.${string}` | `applications.${string}`>;

export function templateHandlers({
  templates,
  exchange,
  backups,
}: TemplateServices): Pick<InvokeHandlers, TemplateChannel> {
  return {
    'templates.list': () => templates.library(),
    'templates.get': ({ templateId }) => templates.get(templateId),
    'templates.create': ({ draft }) => templates.create(draft),
    'templates.update': ({ templateId, change }) => templates.update(templateId, change),
    'templates.duplicate': ({ templateId, name }) => templates.duplicate(templateId, name),
    'templates.archive': ({ templateId, archived }) => templates.setArchived(templateId, archived),
    'templates.delete': nothing(({ templateId }) => templates.remove(templateId)),
    'templates.export': ({ templateIds }) => exchange.export(templateIds),
    'templates.import': ({ document, conflict }) => exchange.import(document, conflict),
    'templates.saveCategory': (category) => templates.saveCategory(category),
    'templates.deleteCategory': nothing(({ id }) => templates.removeCategory(id)),
    'templates.backups': () => backups.list(),
    'templates.backup': () => backups.write(),
    'templates.restore': ({ name }) => backups.restore(name),
    'applications.list': () => templates.applications(),
    'applications.get': ({ id }) => templates.application(id),
    'applications.save': ({ draft }) => templates.saveApplication(draft),
    'applications.delete': nothing(({ id }) => templates.removeApplication(id)),
  };
}
