import type { InvokeHandlers } from '../../src-contract/derive.ts';
import type { History } from '../core/lifecycle/history.ts';

type HistoryChannel = 'audit.query' | 'metrics.get';

export function historyHandlers(history: History): Pick<InvokeHandlers, HistoryChannel> {
  return {
    'audit.query': (query) => history.audit(query),
    'metrics.get': (query) => history.metrics(query),
  };
}
