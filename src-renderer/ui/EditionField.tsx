import { Autocomplete } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = {
  value: string;
  /** Names to choose from; another one can be typed. */
  known: readonly string[];
  placeholder: string;
  error?: ReactNode;
  onChange: (value: string) => void;
};

/** Which of a medium's Windows, by the name that the medium has for it. */
export function EditionField({ value, known, placeholder, error, onChange }: Props) {
  return (
    <Autocomplete
      label="Edition"
      placeholder={placeholder}
      data={[...known]}
      spellCheck={false}
      maxLength={100}
      value={value}
      error={error}
      onChange={onChange}
      data-testid="edition"
    />
  );
}
