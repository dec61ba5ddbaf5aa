export type RowProps = {
  id: string;
  index: number;
  /** Distance from the top of the list in pixels. */
  top: number;
  /** Whether the row is the list's tab stop. */
  active: boolean;
  onActivate: (index: number) => void;
};
