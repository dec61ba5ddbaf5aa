import { createStore } from 'zustand/vanilla';

/** Dialogs that more than one view can ask for. */
export const dialogs = createStore<{ deleteMachineId: string | null }>(() => ({
  deleteMachineId: null,
}));

export const askToDelete = (machineId: string): void =>
  dialogs.setState({ deleteMachineId: machineId });
