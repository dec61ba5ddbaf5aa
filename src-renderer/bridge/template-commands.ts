import type { ImportConflict } from '../../src-contract/model/template-bundle.ts';
import { invoke } from './invoke.ts';

type Fields = Record<string, unknown>;

export const createTemplate = (draft: Fields) => invoke('templates.create', { draft });
export const updateTemplate = (templateId: string, change: Fields) =>
  invoke('templates.update', { templateId, change });
export const duplicateTemplate = (templateId: string) =>
  invoke('templates.duplicate', { templateId });
export const archiveTemplate = (templateId: string, archived: boolean) =>
  invoke('templates.archive', { templateId, archived });
export const deleteTemplate = (templateId: string) => invoke('templates.delete', { templateId });
/** Without ids all of a person's own. */
export const exportTemplates = (templateIds?: string[]) =>
  invoke('templates.export', templateIds === undefined ? {} : { templateIds });
export const importTemplates = (document: unknown, conflict: ImportConflict) =>
  invoke('templates.import', { document, conflict });
export const backUpTemplates = () => invoke('templates.backup', undefined);
/** The newest backup. */
export const restoreTemplates = () => invoke('templates.restore', { name: null });
export const saveApplication = (draft: Fields) => invoke('applications.save', { draft });
export const deleteApplication = (id: string) => invoke('applications.delete', { id });
export const saveCategory = (category: { id: string; name: string }) =>
  invoke('templates.saveCategory', category);
export const deleteCategory = (id: string) => invoke('templates.deleteCategory', { id });
