import type { Media } from '../../src-contract/model/media.ts';
import type { BerthState } from './state.ts';

/** Media with virtio drivers for Windows. */
export const driversMedia = ({ media }: Pick<BerthState, 'media'>): Media[] =>
  [...media.values()].filter(({ installer }) => installer?.family === 'drivers');
